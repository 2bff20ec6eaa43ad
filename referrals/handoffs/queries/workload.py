"""What waits for whom: a worker's referrals, a partner's, and people who are to be reminded."""

from collections import Counter
from datetime import date

from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.permissions import Permission
from core.jobs import now
from referrals.casefiles.models import Client, DisclosureGrant
from referrals.casefiles.states import ContextKind
from referrals.handoffs import clocks
from referrals.handoffs.models import Referral, ReferralClock, ReferralQuerySet
from referrals.handoffs.queries.people import approvers, people_in_charge
from referrals.handoffs.queries.referrals import shown
from referrals.handoffs.states import (
    UNDER_WAY,
    Bucket,
    Channel,
    Clock,
    Status,
    Turn,
    statuses,
)

MINE = (Status.DRAFT, Status.INFO_REQUESTED, Status.OUTCOME_REPORTED)


def my_work(user: User) -> ReferralQuerySet:
    """Return the referrals on which it is this user's turn, soonest due first."""
    own = Q(sender=user, status__in=MINE)
    approving = user.organization_ids(Permission.REFERRAL_APPROVE) or set()
    waiting = Q(sender_org__in=approving, status=Status.PENDING_APPROVAL) & ~Q(submitted_by=user)
    answering = user.organization_ids(Permission.REFERRAL_ANSWER) or set()
    theirs = Q(recipient_org__in=answering, next_actor=Turn.RECIPIENT, sent_at__isnull=False) & (
        Q(assigned_to=None) | Q(assigned_to=user)
    )
    mine = Referral.objects.visible_to(user).filter(own | waiting | theirs)
    return shown(mine).order_by("due_at", "priority", "pk")


def waiting_for_others(user: User) -> ReferralQuerySet:
    """Return what the user sent and others have to move, soonest due first."""
    waiting = Referral.objects.sent_by(user).filter(
        sender=user, status__in=UNDER_WAY, next_actor=Turn.RECIPIENT
    )
    return shown(waiting).order_by("due_at", "priority", "pk")


def breached(user: User) -> ReferralQuerySet:
    """Return open referrals whose time limit has passed, longest overdue first."""
    late = Referral.objects.visible_to(user).overdue(at=now())
    return shown(late).order_by("due_at", "pk")


def unanswered(user: User) -> ReferralQuerySet:
    """Return what has reached the coordinator's rung of the ladder without a decision."""
    silent = Referral.objects.visible_to(user).filter(
        status__in=statuses(Bucket.WAITING),
        clocks__stopped_at=None,
        clocks__level__gte=clocks.COORDINATOR,
    )
    return shown(silent).distinct().order_by("due_at", "pk")


def to_remind(by: User) -> Counter[int]:
    """Count for each person the referrals that wait for them beyond the reminder's instant."""
    late = ReferralClock.objects.visible_to(by).filter(
        stopped_at=None, paused_since=None, remind_at__lte=now()
    )
    counts: Counter[int] = Counter()
    for clock in late.select_related("referral"):
        counts.update(_addressees(clock))
    return counts


def digest_key(on: date) -> str:
    """Return the key under which a person's digest of a day is sent once."""
    return f"handoffs.digest:{on.isoformat()}"


def with_lapsed_basis(by: User) -> "QuerySet[Client]":
    """Return clients with a referral under way that rests on a ground whose time is over."""
    at = now()
    grants = DisclosureGrant.objects.visible_to(by).filter(
        Q(scope__consent__expires_at__lte=at) | Q(legal_basis__until__lte=at),
        context_kind=ContextKind.REFERRAL,
        revoked_at=None,
    )
    rows = Referral.objects.visible_to(by).filter(
        status__in=UNDER_WAY, uid__in=grants.values("context_uid")
    )
    return Client.objects.visible_to(by).filter(pk__in=rows.values("client"))


def _addressees(clock: ReferralClock) -> set[int]:
    referral = clock.referral
    if clock.kind == Clock.APPROVAL:
        return set(approvers(referral).values_list("pk", flat=True))
    if clock.kind in clocks.SENDERS:
        return {referral.sender_id}
    if referral.channel != Channel.PLATFORM:
        # Nobody there has an account: the sender has to call.
        return {referral.sender_id}
    return set(people_in_charge(referral).values_list("pk", flat=True))
