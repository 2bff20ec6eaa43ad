"""What lies on a worker's desk, gathered from every room in two statements."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    DateField,
    DateTimeField,
    Exists,
    Expression,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast

from accounts.models import User
from accounts.permissions import Permission
from core.jobs import now, today
from core.models import ScopedQuerySet
from directory.upkeep import queries as upkeep
from referrals.casefiles.models import BreakGlass, CaseFile, CaseTransfer, Client, Consent, Need
from referrals.casefiles.states import NeedStatus
from referrals.handoffs import queries as handoffs
from referrals.handoffs.models import Referral
from referrals.handoffs.queries.workload import MINE
from referrals.handoffs.states import UNANSWERED, UNDER_WAY, Status, Turn
from referrals.reports import states
from referrals.reports.models import FollowUp, UnmetAlert
from referrals.reports.states import Kind, Work

# What is due later than this does not lie on the desk yet.
AHEAD = timedelta(days=14)
# Needs and referrals that fill a list of their own and are no task by themselves.
UNMET, STALLED = "unmet", "stalled"
# So many files are written down; the caseload of a person is far below.
FEW = 500
Keys = list[int] | QuerySet[Any]
SIZE = "desk_size"
OWN_STEPS = (*MINE, Status.PENDING_APPROVAL)


@dataclass(frozen=True)
class Entry:
    """One thing on the desk, without its words: those are read for what is shown."""

    kind: str
    pk: int
    due: date | datetime | None
    since: datetime | None
    priority: str
    detail: str
    mine: bool
    when: states.When

    @property
    def waits(self) -> bool:
        """Say whether somebody else has to act."""
        return self.when == states.When.WAITING


@dataclass(frozen=True)
class Desk:
    """Everything that waits, and the three lists that never get lost."""

    entries: list[Entry]
    awaiting: list[Entry]
    stalled: list[Entry]
    unmet: list[Entry]


class Source(NamedTuple):
    """Rows of one sort, the columns that say by when and since when, and which are one's own."""

    kind: str | Expression | F
    rows: QuerySet[Any]
    mine: Q | bool = True
    due_at: str = ""
    due_on: str = ""
    since: str = ""
    priority: str = ""
    detail: str | Expression | F = ""


class Reach(NamedTuple):
    """Whose desk it is, which files the user may see, and which of them are the user's own work."""

    user: User
    files: Keys
    mine: Keys
    own: bool

    def is_mine(self, path: str) -> Q | bool:
        """Return the condition that a row is about a file of one's own."""
        return self.own or Q((f"{path}__in", self.mine))

    def of(self, rows: ScopedQuerySet, path: str) -> Any:
        """Keep rows of the files in reach; the keys came from `visible_to`."""
        return rows.filter(**{f"{path}__in": self.files}).scoped()


def desk(user: User, *, own: bool = False) -> Desk:
    """Return what the user may see of it, the most pressing first; `own` leaves out the team's."""
    found = sorted(_entries(user, own=own), key=_order)
    waiting = [entry for entry in found if entry.kind == Work.WAITING]
    tasks = [entry for entry in found if entry.kind not in {UNMET, STALLED}]
    # Kept with the loaded user, like the memberships: the navigation of this page asks again.
    user.__dict__[SIZE] = sum(entry.mine for entry in tasks)
    return Desk(
        entries=tasks,
        awaiting=sorted((e for e in waiting if e.detail in UNANSWERED), key=_oldest),
        stalled=sorted((e for e in found if e.kind == STALLED), key=_oldest),
        unmet=[entry for entry in found if entry.kind == UNMET],
    )


def count(user: User) -> int:
    """Count what lies on the user's own desk, as the page lists it."""
    if SIZE not in user.__dict__:
        desk(user, own=True)
    size: int = user.__dict__[SIZE]
    return size


# ---- Where it comes from ---------------------------------------------------------------------
def _reach(user: User, *, own: bool) -> Reach:
    mine = _keys(Client.objects.caseload_of(user))
    files = mine if own else _keys(Client.objects.visible_to(user))
    return Reach(user, files, mine, own)


def _keys(clients: ScopedQuerySet) -> Keys:
    """Return the keys of files, or the question for them where they are too many to write down.

    A list that fits is far cheaper than the same nested question in a dozen parts.
    """
    keys = clients.values_list("pk", flat=True)
    first = list(keys[: FEW + 1])
    return first if len(first) <= FEW else keys


def _referrals(reach: Reach) -> Iterator[Source]:
    user = reach.user
    kind = Case(
        When(Q(status__in=OWN_STEPS), F("status")),
        default=Value(Work.INCOMING.value),
        output_field=CharField(),
    )
    common: dict[str, Any] = {"due_at": "due_at", "since": "sent_at", "priority": "priority"}
    waiting = {"detail": F("status"), **common}
    yield Source(kind, handoffs.my_work(user), **common)
    yield Source(Work.WAITING, handoffs.waiting_for_others(user), **waiting)
    if reach.own:
        return
    teams = reach.of(Referral.objects.exclude(sender=user), "client")
    yield Source(kind, teams.filter(status__in=MINE), mine=False, **common)
    yield Source(
        Work.WAITING,
        teams.filter(status__in=UNDER_WAY, next_actor=Turn.RECIPIENT),
        mine=False,
        **waiting,
    )
    yield Source(STALLED, handoffs.not_handed_over(user), mine=Q(sender=user), **waiting)


def _needs(reach: Reach) -> Iterator[Source]:
    rows = reach.of(Need.objects.all(), "client")
    looks = FollowUp.objects.open().filter(need=OuterRef("pk"), kind=Kind.UNRESOLVED)
    common: dict[str, Any] = {
        "mine": reach.is_mine("client"),
        "since": "identified_at",
        "priority": "priority",
    }
    unmet = rows.filter(status=NeedStatus.UNMET)
    yield Source(Work.NEED_OPEN, rows.filter(status=NeedStatus.OPEN), due_on="deadline", **common)
    # As soon as its day has come it is a follow-up.
    yield Source(
        Work.NEED_REVIEW,
        unmet.filter(~Exists(looks), review_on__lte=today() + AHEAD),
        due_on="review_on",
        **common,
    )
    if not reach.own:
        yield Source(UNMET, unmet, due_on="review_on", **common)


def _follow_ups(reach: Reach) -> Iterator[Source]:
    mine = reach.is_mine("need__client")
    yield Source(
        Work.FOLLOW_UP,
        reach.of(FollowUp.objects.open(), "need__client"),
        mine=mine,
        due_at="due_at",
        since="created_at",
        priority="need__priority",
        detail=F("kind"),
    )
    yield Source(
        Work.CHANCE,
        reach.of(UnmetAlert.objects.unseen(), "need__client"),
        mine=mine,
        since="at",
        priority="need__priority",
    )


def _files(reach: Reach) -> Iterator[Source]:
    user, until = reach.user, now() + AHEAD
    ending = reach.of(Consent.objects.in_force(now()), "client").filter(expires_at__lte=until)
    yield Source(Work.CONSENT, ending, mine=reach.is_mine("client"), due_at="expires_at")
    cases = reach.of(CaseFile.objects.open(), "client").filter(next_review_on__lte=today() + AHEAD)
    yield Source(Work.CASE_REVIEW, cases, mine=Q(responsible=user), due_on="next_review_on")
    yield Source(Work.TRANSFER, CaseTransfer.objects.offered_to(user))
    if user.may(Permission.ACCESS_APPROVE) or user.may(Permission.PRIVACY_HANDLE):
        openings = BreakGlass.objects.visible_to(user).unreviewed().exclude(user=user)
        yield Source(Work.GLASS, openings, due_at="review_due_at")


def _checks(user: User) -> Source:
    return Source(Work.CHECK, upkeep.my_work(user), due_on="due_on")


# ---- One statement ---------------------------------------------------------------------------
def _entries(user: User, *, own: bool) -> Iterator[Entry]:
    """Yield the desk: what names clients in one statement, listings in another.

    Client rows stay scoped only among themselves.
    """
    reach = _reach(user, own=own)
    sources = (*_referrals(reach), *_needs(reach), *_follow_ups(reach), *_files(reach))
    first, *others = [_selected(source, own=own) for source in sources]
    assert isinstance(first, ScopedQuerySet)  # noqa: S101  # so that the union asks for whom
    at = now()
    for row in first.union(*others, all=True):
        yield _entry(*row, at=at)
    for row in _selected(_checks(user), own=own):
        yield _entry(*row, at=at)


def _selected(source: Source, *, own: bool) -> QuerySet[Any]:
    rows = source.rows.prefetch_related(None).order_by()
    mine: Expression = Value(bool(source.mine), output_field=BooleanField())
    if isinstance(source.mine, Q):
        rows = rows.filter(source.mine) if own else rows
        mine = Case(
            When(source.mine, Value(value=True)), default=False, output_field=BooleanField()
        )
    return rows.values_list(
        _text(source.kind),
        F("pk"),
        _column(source.due_at, DateTimeField()),
        _column(source.due_on, DateField()),
        _column(source.since, DateTimeField()),
        _column(source.priority, CharField()) if source.priority else _text(""),
        _text(source.detail),
        mine,
    )


def _text(value: str | Expression | F) -> Any:
    return Value(str(value), output_field=CharField()) if isinstance(value, str) else value


def _column(name: str, kind: Any) -> Any:
    # A bare NULL has no type, and every part of a union must agree on one.
    return F(name) if name else Cast(Value(None), kind)


def _entry(  # noqa: PLR0913  # the columns of a row
    kind: str,
    pk: int,
    due_at: datetime | None,
    due_on: date | None,
    since: datetime | None,
    priority: str,
    detail: str,
    mine: bool,  # noqa: FBT001  # a column
    *,
    at: datetime,
) -> Entry:
    due: date | datetime | None = due_at or due_on
    if kind == Work.NEED_OPEN and due is None and since is not None:
        due = since + states.patience(priority)
    when = states.When.WAITING if kind == Work.WAITING else states.when(due, at=at)
    return Entry(kind, pk, due, since, priority, detail, bool(mine), when)


def _order(entry: Entry) -> tuple[int, float, str, int]:
    day = entry.due
    if isinstance(day, datetime):
        moment = day.timestamp()
    elif day is not None:
        moment = datetime.combine(day, datetime.max.time()).timestamp()
    else:
        moment = float("inf") if entry.waits else 0.0
    return (list(states.When).index(entry.when), moment, entry.priority or "p9", entry.pk)


def _oldest(entry: Entry) -> tuple[float, int]:
    return (entry.since.timestamp() if entry.since else 0.0, entry.pk)
