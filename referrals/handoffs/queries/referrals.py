"""Lists of referrals, one referral with its chain and its thread."""

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Count, F, Prefetch, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from core.jobs import now
from directory.catalogue.models import Code, Organization
from referrals.casefiles.models import Client, Consent
from referrals.casefiles.states import ContextKind, Tier
from referrals.handoffs.models import (
    PacketSnapshot,
    Referral,
    ReferralClock,
    ReferralEvent,
    ReferralNeed,
    ReferralQuerySet,
)
from referrals.handoffs.states import COLOR, UNANSWERED, Bucket, Entry, Status, statuses

SHOWN = (
    "client",
    "sender",
    "sender_org",
    "recipient_org",
    "service__organization",
    "place__location",
    "off_platform_contact__organization",
    "assigned_to",
)
# What people wrote to each other, in the entries and events that carry words.
SPOKEN = {
    Entry.NOTE: "text",
    Entry.PROGRESS: "text",
    Entry.PROXY_CORRECTED: "text",
    "request_info": "question",
    "provide_info": "answer",
}
NOTED = "note"
WORDS = (Bucket.YOURS, Bucket.MOVING, Bucket.WAITING, Bucket.DRAFT, Bucket.ENDED)


def referrals(user: User, *, box: str = "") -> ReferralQuerySet:
    """Return what the user may see: what runs before what has ended, the most urgent first."""
    if box == "in":
        seen = Referral.objects.received_by(user)
    elif box == "out":
        seen = Referral.objects.sent_by(user)
    else:
        seen = Referral.objects.visible_to(user)
    running_first = F("ended_at").desc(nulls_first=True)
    return shown(seen).order_by(running_first, "priority", "sent_at", "pk")


def inbox(user: User, word: str = Bucket.YOURS) -> ReferralQuerySet:
    """Return what has come in and is in one bucket, by the time limit of the answer."""
    received = Referral.objects.received_by(user).filter(status__in=statuses(word, recipient=True))
    if word == Bucket.ENDED:
        return received.filter(ended_at__isnull=False).order_by("-ended_at", "pk")
    return received.order_by("due_at", "priority", "pk")


def inbox_page(user: User, pks: Sequence[int]) -> list[Referral]:
    """Return some rows of the inbox, in this order, with all that a page prints of them.

    Apart from the choice of the rows: what joins ten tables sorts as slowly as it is wide.
    """
    previews = PacketSnapshot.objects.filter(tier=Tier.PREVIEW)
    received = shown(Referral.objects.received_by(user).filter(pk__in=pks))
    rows = received.prefetch_related(Prefetch("packets", previews, to_attr="previews"))
    by_key = {row.pk: row for row in rows}
    return [by_key[pk] for pk in pks if pk in by_key]


def inbox_counts(user: User) -> dict[str, int]:
    """Count what has come in by the four words, in one statement."""
    counts = _by_word(Referral.objects.received_by(user), recipient=True)
    return {word: n for word, n in counts.items() if word != Bucket.DRAFT}


def outgoing_counts(user: User) -> dict[str, int]:
    """Count what the user's case teams sent or prepare, in one statement."""
    return _by_word(Referral.objects.sent_by(user), recipient=False)


def _by_word(rows: ReferralQuerySet, *, recipient: bool) -> dict[str, int]:
    counts = dict(rows.values_list("status").annotate(n=Count("*")).order_by())
    return {
        str(word): sum(counts.get(status, 0) for status in statuses(word, recipient=recipient))
        for word in WORDS
    }


def withdrawn(user: User, limit: int = 20) -> ReferralQuerySet:
    """Return what was taken back from the user's organizations lately: number and day, no more."""
    since = now() - timedelta(days=14)
    rows = Referral.objects.received_by(user).filter(status=Status.CANCELLED, ended_at__gte=since)
    return rows.select_related("sender_org").order_by("-ended_at")[:limit]


def own_organizations(user: User) -> str:
    """Name the organizations for which the user answers."""
    pks = user.organization_ids(Permission.REFERRAL_ANSWER) or set()
    names = [one.text("name")[0] for one in Organization.objects.filter(pk__in=pks).order_by("pk")]
    return ", ".join(names)


def shown(rows: ReferralQuerySet) -> ReferralQuerySet:
    """Join what every list and page of referrals prints."""
    ticking = ReferralClock.objects.filter(stopped_at=None)
    needs = ReferralNeed.objects.select_related("need__category").order_by("pk")
    return rows.select_related(*SHOWN).prefetch_related(
        Prefetch("clocks", ticking, to_attr="running_clocks"),
        Prefetch("needs", needs),
        "recipient_org__phones",
    )


def running(referral: Referral) -> list[ReferralClock]:
    """Return the clocks that are not stopped; lists bring them along."""
    rows = getattr(referral, "running_clocks", None)
    return list(referral.clocks.filter(stopped_at=None) if rows is None else rows)


def clock(referral: Referral) -> ReferralClock | None:
    """Return the clock that colors the row: the most telling one that runs."""
    running_now = {row.kind: row for row in running(referral) if row.paused_since is None}
    return next((running_now[kind] for kind in COLOR if kind in running_now), None)


def chain(referral: Referral) -> list[Referral]:
    """Return every attempt for the same need, in order, as one story."""
    same = Q(pk=referral.chain_id) | Q(root=referral.chain_id)
    rows = referral.client.referrals.filter(same).select_related(
        "service__organization", "off_platform_contact__organization"
    )
    return list(rows.order_by("attempt_no", "pk"))


def history(referral: Referral) -> list[ReferralEvent]:
    """Return the whole log, oldest first."""
    return list(referral.events.select_related("actor", "link").order_by("seq"))


def thread(log: Sequence[ReferralEvent], *, sending: bool) -> list[ReferralEvent]:
    """Keep what was said to both sides, and the own side's internal notes, newest first."""
    spoken = [entry for entry in log if words(entry)]
    return [
        entry
        for entry in reversed(spoken)
        if not entry.data.get("internal") or is_sending(entry) == sending
    ]


SAYS = {
    "contacted": _("The client says: they have contacted me."),
    "helped": _("The client says: I have got help."),
    "not_helped": _("The client says: I have not got help."),
}


def words(entry: ReferralEvent) -> str:
    """Return what somebody wrote in an entry, or what the client chose."""
    if entry.data.get("says") in SAYS:
        return str(SAYS[entry.data["says"]])
    texts = entry.texts or {}
    return str(texts.get(SPOKEN.get(entry.event, NOTED)) or texts.get(NOTED) or "")


def is_sending(entry: ReferralEvent) -> bool:
    """Say whether an entry comes from the sender's side."""
    return entry.actor_role in {"SND", "SUP", "CRD"}


REASON_SETS = {
    Status.DECLINED: "decline_reason",
    Status.FAILED: "fail_reason",
    Status.CANCELLED: "cancel_reason",
    Status.ENTERED_IN_ERROR: "void_reason",
}


def reason_label(referral: Referral) -> str:
    """Return the words of the reason for which a referral ended."""
    name = REASON_SETS.get(Status(referral.status), "")
    code = Code.objects.filter(set=name, code=referral.end_reason).first()
    return code.label if code is not None else referral.end_reason


def of_client(client: Client) -> list[Referral]:
    """Return the referrals of a client, newest first."""
    rows = client.referrals.select_related(
        "service__organization", "recipient_org", "off_platform_contact__organization"
    ).prefetch_related("needs")
    return list(rows.order_by("-created_at", "-pk"))


def awaiting_receipt(user: User) -> ReferralQuerySet:
    """待回执: sent, and nobody has decided yet."""
    return referrals(user, box="out").filter(status__in=UNANSWERED)


def not_handed_over(user: User) -> ReferralQuerySet:
    """未衔接: no first contact in time, or ended without it while the need is open."""
    return referrals(user, box="out").not_handed_over(at=now())


def consents_of(referral: Referral) -> list[Consent]:
    """Return the consents in force on which what was given with this referral rests."""
    grants = referral.client.grants.of(ContextKind.REFERRAL, referral.uid).open(now())
    scopes = grants.filter(scope__isnull=False).values("scope__consent")
    return list(referral.client.consents.filter(pk__in=scopes).select_related("client"))
