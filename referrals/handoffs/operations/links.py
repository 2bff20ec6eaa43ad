"""Links for people without an account: issued, opened, proved by a code, ended."""

import secrets
from datetime import date, datetime, timedelta
from hmac import compare_digest

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.operations import audited
from core.crypto import hmac_ref
from core.errors import NotPermitted
from core.jobs import now
from referrals.casefiles.models import Client
from referrals.casefiles.operations import consent as consents
from referrals.handoffs import guards, notifications, queries
from referrals.handoffs.errors import GuardFailed, LinkRefused
from referrals.handoffs.guards import Facts, Finding
from referrals.handoffs.models import AccessLink, Referral
from referrals.handoffs.operations import log
from referrals.handoffs.signals import referral_moved
from referrals.handoffs.states import Actor, Channel, Entry, LinkKind

LIVES = timedelta(days=14)
AFTER_END = timedelta(days=30)
# A client's link lives as long as the referral; its end shortens it.
LONGEST = timedelta(days=730)
CODE_LIVES = timedelta(minutes=10)
TRIES, OPENS = 5, 50
CLIENT_SAYS = frozenset({"contacted", "helped", "not_helped"})
# Code of the set `contact_method` for what somebody declares on a page.
IN_WRITING = "letter"
ISSUERS = frozenset({Actor.SND, Actor.CRD})
PAGES = {
    LinkKind.RECIPIENT: ("handoffs:answer_enter", "link", LIVES),
    LinkKind.CLIENT: ("handoffs:status_enter", "status", LONGEST),
}


def issue(
    referral: Referral, *, by: User, kind: str, address: str = "", code_address: str = ""
) -> str:
    """Give out a fresh secret address and return it; the one before it stops to work.

    Only its hash is kept: nobody, not even we, can read it back later.
    """
    with audited(
        by=by, action="link.issue", on=referral, client=referral.client, kind=kind
    ) as record:
        if not guards.hats(referral, by=by) & ISSUERS:
            raise NotPermitted
        if kind == LinkKind.CLIENT:
            _must_be_safe(referral.client)
            log.write(referral, event=Entry.NUDGE_CLIENT, by=by, role=Actor.SND)
        link, path = _give(referral, LinkKind(kind), address, code_address)
        record.meta["link"] = link
    return path


def send_first(referral: Referral, *, by: User) -> None:
    """Send the recipient its link with the referral, where that is the channel."""
    address = referral.delivery.get("link", "")
    if referral.channel == Channel.SECURE_LINK and address:
        with audited(by=by, action="link.issue", on=referral, client=referral.client):
            _give(referral, LinkKind.RECIPIENT, address, referral.delivery.get("code", ""))


def ask(link: AccessLink, *, by: User) -> None:
    """Ask the sender for a new link; the answer never says whether there was an old one."""
    with audited(by=by, action="link.ask", on=link, client=link.referral.client):
        asked = AccessLink.objects.filter(pk=link.pk, asked_at=None).update(asked_at=now())
        if asked:
            notifications.of_link(link, "link_asked", key=f"link:{link.uid}:asked")


def revoke(link: AccessLink, *, by: User) -> None:
    """Close a link at once."""
    with audited(by=by, action="link.revoke", on=link, client=link.referral.client):
        if not guards.hats(link.referral, by=by) & ISSUERS:
            raise NotPermitted
        AccessLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=now())


def count_opening(link: AccessLink, *, by: User) -> None:
    """Count one opening; after the fiftieth the link is used up."""
    with audited(by=by, action="link.open", on=link, client=link.referral.client):
        live = AccessLink.objects.filter(
            pk=link.pk, revoked_at=None, expires_at__gt=now(), opens__lt=OPENS
        )
        if not live.update(opens=F("opens") + 1):
            raise LinkRefused


def send_code(link: AccessLink, *, by: User) -> None:
    """Send six digits by the second channel; a locked link gets none."""
    with audited(by=by, action="link.code", on=link, client=link.referral.client):
        if not link.code_address:
            raise GuardFailed(_("No number is known; call the sender, who can read you a code."))
        code, at = _new_code(link)
        notifications.send_code(link, code=code, key=f"link:{link.uid}:code:{at.isoformat()}")


def read_out(link: AccessLink, *, by: User) -> str:
    """Return six digits for the sender to read out on the phone."""
    with audited(by=by, action="link.read_out", on=link, client=link.referral.client):
        if not guards.hats(link.referral, by=by) & ISSUERS:
            raise NotPermitted
        code, _at = _new_code(link)
    return code


def prove(link: AccessLink, *, by: User, code: str) -> bool:
    """Check the second factor; the fifth wrong try locks the link until the sender acts.

    Answers instead of raising, because a wrong try must stay counted.
    """
    with audited(by=by, action="link.prove", on=link, client=link.referral.client) as record:
        tried = AccessLink.objects.filter(pk=link.pk, locked_at=None, code_tries__lt=TRIES).update(
            code_tries=F("code_tries") + 1
        )
        link.refresh_from_db()
        right = bool(tried) and _is_right(link, code)
        record.meta["right"] = right
        if right:
            AccessLink.objects.filter(pk=link.pk).update(code_tries=0, code_hash="")
        elif link.code_tries >= TRIES:
            _lock(link)
    return right


def prove_birth_date(link: AccessLink, *, by: User, born: date) -> bool:
    """Check a client by the date of birth, under the same count of tries."""
    with audited(by=by, action="link.prove", on=link, client=link.referral.client) as record:
        tried = AccessLink.objects.filter(pk=link.pk, locked_at=None, code_tries__lt=TRIES).update(
            code_tries=F("code_tries") + 1
        )
        link.refresh_from_db()
        known = link.referral.client.born
        right = bool(tried) and known is not None and known == born
        record.meta["right"] = right
        if right:
            AccessLink.objects.filter(pk=link.pk).update(code_tries=0)
        elif link.code_tries >= TRIES:
            _lock(link)
    return right


def say(link: AccessLink, *, by: User, says: str) -> None:
    """Keep what the client says by link; the worker sees it and verifies with the client."""
    if says not in CLIENT_SAYS:
        raise GuardFailed(_("Please choose one of the list."))
    with audited(by=by, action="link.say", on=link, client=link.referral.client):
        entry = log.write(
            link.referral,
            event=Entry.NOTE,
            by=by,
            role=Actor.CLI,
            facts=Facts(data={"says": says}),
            link=link,
        )
        notifications.tell(entry)
        referral_moved.send(Referral, event=entry)


def withdraw_consent(link: AccessLink, *, by: User) -> int:
    """Let the client take back, by the own link, every consent this referral rests on."""
    with audited(by=by, action="link.withdraw", on=link, client=link.referral.client):
        found = queries.consents_of(link.referral)
        for consent in found:
            consents.withdraw(consent, by=by, via=IN_WRITING)
    return len(found)


def end(referral: Referral, *, at: datetime) -> None:
    """Close the recipient's link with the referral; the client may look for thirty days more."""
    live = AccessLink.objects.filter(referral=referral, revoked_at=None)
    live.filter(kind=LinkKind.RECIPIENT).update(revoked_at=at)
    live.filter(kind=LinkKind.CLIENT).update(expires_at=at + AFTER_END)


def sweep(link: AccessLink, *, by: User) -> None:
    """Forget the addresses of a link that is over."""
    with audited(by=by, action="link.sweep", on=link, client=link.referral.client):
        AccessLink.objects.filter(pk=link.pk).update(
            revoked_at=link.revoked_at or now(), address="", code_address="", code_hash=""
        )


def _give(
    referral: Referral, kind: LinkKind, address: str, code_address: str
) -> tuple[AccessLink, str]:
    page, wording, lives = PAGES[kind]
    at, token = now(), secrets.token_urlsafe(32)
    AccessLink.objects.filter(referral=referral, kind=kind, revoked_at=None).update(revoked_at=at)
    link = AccessLink.objects.create(
        referral=referral,
        kind=kind,
        token_hash=queries.token_hash(token),
        address=address,
        code_address=code_address,
        expires_at=at + lives,
    )
    path = reverse(page, args=[token])
    if address:
        notifications.send_link(link, path=path, wording=wording)
    return link, path


def _must_be_safe(client: Client) -> None:
    """Refuse a link to somebody whom a message could endanger."""
    safety = getattr(client, "contact_safety", None)
    if safety is None or safety.answered_at is None or not safety.may_contact:
        finding = Finding("G1", "contact_unsafe", _("It is not safe to send the client a link."))
        raise GuardFailed(finding.detail, errors=[finding.to_json()])


def _new_code(link: AccessLink) -> tuple[str, datetime]:
    code, at = f"{secrets.randbelow(10**6):06}", now()
    fresh = AccessLink.objects.filter(
        pk=link.pk, locked_at=None, revoked_at=None, expires_at__gt=at
    ).update(code_hash=_code_hash(link, code), code_expires_at=at + CODE_LIVES)
    if not fresh:
        raise LinkRefused
    return code, at


def _code_hash(link: AccessLink, code: str) -> str:
    return hmac_ref("link_code", f"{link.uid}:{code}")


def _is_right(link: AccessLink, code: str) -> bool:
    if not link.code_hash or link.code_expires_at is None or link.code_expires_at <= now():
        return False
    return compare_digest(link.code_hash, _code_hash(link, code.strip()))


def _lock(link: AccessLink) -> None:
    AccessLink.objects.filter(pk=link.pk, locked_at=None).update(locked_at=now())
    notifications.of_link(link, "link_locked", key=f"link:{link.uid}:locked")
