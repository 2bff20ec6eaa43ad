"""Opening a file that is not one's own: noted, approved, or broken open in an emergency."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypedDict, Unpack

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.operations import audited
from accounts.permissions import Permission
from core.crypto import hmac_ref
from core.errors import NotPermitted
from core.jobs import now
from core.text import clean, fold
from directory.catalogue import queries as catalogue
from directory.catalogue.models import Code
from referrals.casefiles import notifications
from referrals.casefiles.disclosure.decide import NAMED
from referrals.casefiles.errors import AlreadyDecided, FactsMissing, InvalidFacts
from referrals.casefiles.models import (
    AccessApproval,
    BreakGlass,
    Client,
    LegalBasis,
)
from referrals.casefiles.operations import consent as consents
from referrals.casefiles.operations import timeline
from referrals.casefiles.operations.access import must_edit, must_see
from referrals.casefiles.operations.consent import Withdrawal
from referrals.casefiles.states import (
    AccessPurpose,
    DataClass,
    LegalBasisKind,
    Verdict,
)
from referrals.casefiles.states.timeline import BREAK_GLASS


class BasisFacts(TypedDict, total=False):
    """What is said about a duty or power; recipients are "organization:<uid>" and the like."""

    kind: str
    citation: str
    document_no: str
    narrative: str
    recipients: Sequence[str]
    data_classes: Sequence[str]
    until: datetime
    untold_reason: str


LONGEST_EMERGENCY = timedelta(hours=4)
LONGEST_APPROVAL = timedelta(days=365)


def note_reading(
    client: Client, *, by: User, purpose: str, fields: Sequence[str] = (), channel: str = "page"
) -> None:
    """Enter who opened a file and which fields were shown in full, in the access log."""
    # Masked rows may be read without a purpose; names and numbers never.
    if purpose not in AccessPurpose.values and (purpose or fields):
        raise InvalidFacts.of("purpose", _("Choose why you open this file."))
    with audited(
        by=by,
        action="client.unmask" if fields else "client.read",
        on=client,
        client=client,
        basis=purpose,
        fields=sorted(fields),
        channel=channel,
    ):
        if not Client.objects.visible_to(by).filter(pk=client.pk).exists():
            raise NotPermitted


def note_search(*, by: User, text: str) -> None:
    """Enter that somebody searched for a person; the words are kept as a keyed hash only."""
    with audited(by=by, action="client.search", terms=hmac_ref("search", fold(text).strip())):
        pass


def approve_access(
    client: Client, *, by: User, user: User, purpose: str, until: datetime
) -> AccessApproval:
    """Let a colleague read one file for one purpose until a date; nobody approves for himself."""
    with audited(by=by, action="access.approve", client=client, user=user.uid) as entry:
        by.must(Permission.ACCESS_APPROVE, client.organization_id)
        if not Client.objects.approvable_by(by).filter(pk=client.pk).exists() or by == user:
            raise NotPermitted
        if purpose not in AccessPurpose.values or purpose == AccessPurpose.EMERGENCY:
            raise InvalidFacts.of("purpose", _("Choose what the access is for."))
        if not now() < until <= now() + LONGEST_APPROVAL:
            raise InvalidFacts.of("until", _("An approval lasts for a year at most."))
        if not any(
            user.may(permission, client.organization_id)
            for permission in (Permission.CLIENT_READ_OWN, Permission.CLIENT_READ_ORG)
        ):
            raise InvalidFacts.of("user", _("This person does not work with files here."))
        approval = AccessApproval.objects.create(
            client=client, user=user, purpose=purpose, approved_by=by, until=until
        )
        entry.on = approval
    return approval


def end_approval(approval: AccessApproval, *, by: User) -> None:
    """Take an approval back before its time."""
    with audited(by=by, action="access.end", on=approval, client=approval.client):
        by.must(Permission.ACCESS_APPROVE, approval.client.organization_id)
        AccessApproval.objects.filter(pk=approval.pk, revoked_at__isnull=True).update(
            revoked_at=now()
        )


def break_glass(
    client: Client, *, by: User, reason: str, narrative: str, hours: int = 4
) -> BreakGlass:
    """Open a file at once for four hours at most; supervisor and privacy lead are told (C9)."""
    with audited(
        by=by, action="access.break_glass", client=client, basis=AccessPurpose.EMERGENCY
    ) as entry:
        if not Client.objects.in_reach_of(by).filter(pk=client.pk).exists():
            raise NotPermitted
        if not Code.objects.filter(set="risk", code=reason).exists():
            raise InvalidFacts.of("reason", _("Choose the danger from the list."))
        if not clean(narrative).strip():
            raise FactsMissing.of("narrative")
        at = now()
        opening = BreakGlass.objects.create(
            client=client,
            user=by,
            reason=reason,
            narrative=clean(narrative),
            until=at + min(timedelta(hours=max(1, hours)), LONGEST_EMERGENCY),
            review_due_at=catalogue.due(at, 2, "wd", client.organization),
        )
        entry.on = opening
        notifications.tell_of_emergency(opening)
        timeline.add(client, by=by, at=at, kind=BREAK_GLASS, thing=opening)
    return opening


def end_emergency(opening: BreakGlass, *, by: User) -> None:
    """Close a file that was broken open, by its user or when the time is over."""
    with audited(by=by, action="access.end_emergency", on=opening, client=opening.client):
        if by != opening.user and not by.is_system:
            raise NotPermitted
        BreakGlass.objects.filter(pk=opening.pk, ended_at__isnull=True).update(ended_at=now())


def remind_of_review(opening: BreakGlass, *, by: User) -> None:
    """Tell the reviewers once that an emergency access was not judged in time."""
    with audited(by=by, action="access.remind", on=opening, client=opening.client):
        BreakGlass.objects.filter(pk=opening.pk).update(reminded_at=now())
        notifications.remind_of_review(opening)


def review(opening: BreakGlass, *, by: User, verdict: str, note: str = "") -> BreakGlass:
    """Judge an emergency access; nobody judges his own."""
    with audited(by=by, action="access.review", on=opening, client=opening.client, verdict=verdict):
        organization = opening.client.organization_id
        if not (
            by.may(Permission.PRIVACY_HANDLE, organization)
            or by.may(Permission.ACCESS_APPROVE, organization)
        ):
            raise NotPermitted
        if by == opening.user:
            raise NotPermitted(_("Nobody judges an emergency access of their own."))
        if verdict not in Verdict.values:
            raise InvalidFacts.of("verdict", _("Say whether the access was justified."))
        won = BreakGlass.objects.filter(pk=opening.pk, reviewed_at__isnull=True).update(
            reviewed_at=now(), reviewed_by=by, verdict=verdict
        )
        if not won:
            raise AlreadyDecided(_("Somebody has judged this already."))
        opening.refresh_from_db(fields=["reviewed_at", "reviewed_by", "verdict"])
        opening.review_note = clean(note)
        opening.save(update_fields=["review_note"])
    return opening


def propose_basis(client: Client, *, by: User, **facts: Unpack[BasisFacts]) -> LegalBasis:
    """Write down a duty or power to provide data; it counts once a second person approves."""
    with audited(by=by, action="basis.propose", client=client, kind=facts.get("kind")) as entry:
        must_edit(client, by)
        _check_basis(facts)
        given = {
            name: clean(value) if isinstance(value, str) else value for name, value in facts.items()
        }
        entry.on = basis = LegalBasis.objects.create(client=client, author=by, **given)
    return basis


def approve_basis(basis: LegalBasis, *, by: User) -> LegalBasis:
    """Put a legal basis in force as the second person."""
    with audited(by=by, action="basis.approve", on=basis, client=basis.client):
        must_see(basis.client, by, Permission.ACCESS_APPROVE)
        if by == basis.author:
            raise NotPermitted(_("A second person approves a legal basis."))
        won = LegalBasis.objects.filter(pk=basis.pk, approver__isnull=True).update(
            approver=by, approved_at=now()
        )
        if not won:
            raise AlreadyDecided(_("Somebody has approved this already."))
        basis.refresh_from_db(fields=["approver", "approved_at"])
    return basis


def end_basis(basis: LegalBasis, *, by: User) -> Withdrawal:
    """End a legal basis before its time; what rests on it closes like after a withdrawal."""
    with audited(by=by, action="basis.end", on=basis, client=basis.client):
        must_see(basis.client, by, Permission.ACCESS_APPROVE)
        LegalBasis.objects.filter(pk=basis.pk, until__gt=now()).update(until=now())
        basis.refresh_from_db(fields=["until"])
        return consents.lose(basis.client, by=by, legal_basis=basis)


def _check_basis(facts: BasisFacts) -> None:
    needed = ("kind", "citation", "narrative", "recipients", "data_classes", "until")
    if missing := [name for name in needed if not facts.get(name)]:
        raise FactsMissing.of(*missing)
    if facts["kind"] not in LegalBasisKind.values:
        raise InvalidFacts.of("kind", _("Choose what the basis is."))
    if not set(facts["data_classes"]) <= set(DataClass.values):
        raise InvalidFacts.of("data_classes", _("Choose kinds of data from the list."))
    if any(recipient.partition(":")[0] not in NAMED for recipient in facts["recipients"]):
        raise InvalidFacts.of("recipients", _("A legal basis names its recipients."))
    if facts["until"] <= now():
        raise InvalidFacts.of("until", _("The basis would be over already."))
