"""Looking after needs: opened when help ended, ended only by one of a few answers."""

from datetime import date, datetime
from typing import TypedDict, Unpack

from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.operations import audited
from core.jobs import now, today
from core.text import clean
from directory.catalogue.models import Service
from referrals.casefiles.models import Need
from referrals.casefiles.operations import need as needs
from referrals.casefiles.operations import timeline
from referrals.casefiles.operations.access import must_edit
from referrals.casefiles.states import NeedStatus, need_move
from referrals.handoffs import clocks
from referrals.handoffs.models import Referral
from referrals.handoffs.operations import drafts
from referrals.handoffs.states import Clock
from referrals.reports import notifications
from referrals.reports.errors import AlreadyDone, FactsMissing, InvalidFacts
from referrals.reports.models import FollowUp
from referrals.reports.states import FOLLOWED_UP, SETTLINGS, Kind, Result
from referrals.reports.states.follow_up import AFTER


class Told(TypedDict, total=False):
    """What is told with a result; `states.SETTLINGS` says what each of them needs."""

    service: Service | None
    wait_until: date | None
    reason: str
    review_on: date | None
    note: str


MET = "RECEIVED_FULL"
# Nothing is left to look after: the client was helped, or wants no help any more.
AT_REST = frozenset({NeedStatus.RESOLVED, NeedStatus.NO_LONGER_NEEDED})


def begin(
    need: Need,
    *,
    by: User,
    due_at: datetime,
    kind: str = Kind.UNRESOLVED,
    referral: Referral | None = None,
) -> FollowUp:
    """Look at a need again by an instant; while one such look is open there is no second."""
    with audited(by=by, action="follow_up.begin", client=need.client, kind=kind) as entry:
        FollowUp.objects.bulk_create(
            [FollowUp(need=need, kind=kind, due_at=due_at, referral=referral)],
            ignore_conflicts=True,
        )
        found: FollowUp = need.follow_ups.open().get(kind=kind)
        entry.on = found
    return found


def plan(need: Need, *, by: User, kind: str, due_on: date | None = None) -> FollowUp:
    """Plan a look after the help has ended: aftercare, does it last, was the answer right."""
    with audited(by=by, action="follow_up.plan", client=need.client, kind=kind):
        must_edit(need.client, by)
        if kind not in AFTER:
            raise InvalidFacts.of("kind", _("Choose one of the list."))
        day = due_on or today() + AFTER[Kind(kind)]
        if day < today():
            raise InvalidFacts.of("due_on", _("Choose a day from today on."))
        return begin(need, by=by, due_at=_end_of(day), kind=kind)


def follow_end(referral: Referral, *, by: User, at: datetime) -> None:
    """Open a look at every need that an ended attempt has not met, by clock H.

    A need that another attempt still serves waits for the end of that one.
    """
    with audited(by=by, action="follow_up.after_referral", on=referral, client=referral.client):
        for row in referral.needs.select_related("need__client", "need__category"):
            if row.result != MET and row.need.status not in AT_REST and not goes_on(row.need):
                due = _by_clock(row.need, referral.clock_class, at)
                begin(row.need, by=by, due_at=due, referral=referral)


def note_attempt(referral: Referral, *, by: User) -> None:
    """End the open looks at the needs of a new attempt: they were referred again."""
    with audited(by=by, action="follow_up.re_referred", on=referral, client=referral.client):
        for row in referral.needs.select_related("need__client"):
            for look in row.need.follow_ups.open().filter(kind=Kind.UNRESOLVED):
                _end(look, by=by, result=Result.RE_REFER)


def after_handout(need: Need, *, by: User) -> FollowUp:
    """Ask by clock H whether a handout helped; nobody else will tell."""
    return begin(need, by=by, due_at=_by_clock(need, need.clock_class, now()))


def look_again(need: Need, *, by: User) -> FollowUp:
    """Put an unmet need back on the desk because its review date has come."""
    return begin(need, by=by, due_at=_end_of(need.review_on or today()))


def settle(
    follow_up: FollowUp,
    *,
    by: User,
    result: str,
    expected_version: int,
    **told: Unpack[Told],
) -> FollowUp:
    """End a look by saying what becomes of the need; nothing else ends it."""
    need = follow_up.need
    with audited(by=by, action="follow_up.settle", on=follow_up, client=need.client, result=result):
        must_edit(need.client, by)
        _check(result, told)
        if follow_up.version != expected_version:
            raise AlreadyDone
        wait_until = told.get("wait_until")
        _end(follow_up, by=by, result=Result(result), wait_until=wait_until,
             note=told.get("note", ""))  # fmt: skip
        if result == Result.WAIT:
            begin(need, by=by, due_at=_end_of(wait_until), kind=follow_up.kind)
        elif result == Result.RE_REFER:
            _draft(follow_up, by=by, service=told.get("service"))
        else:
            _settle_need(need, Result(result), told, by=by)
    return follow_up


def remind(follow_up: FollowUp, *, by: User) -> None:
    """Tell those who work on the file that its day has come."""
    with audited(by=by, action="follow_up.remind", on=follow_up, client=follow_up.need.client):
        FollowUp.objects.filter(pk=follow_up.pk).update(reminded_at=now())
        notifications.due(follow_up)


def goes_on(need: Need) -> bool:
    """Say whether some attempt for this need is still open."""
    return bool(need.referrals.filter(open_key__isnull=False).exists())


# ---- Parts -----------------------------------------------------------------------------------
def _by_clock(need: Need, clock_class: str, start: datetime) -> datetime:
    return clocks.due(
        Clock.FOLLOW_UP,
        clock_class,
        category=need.category.code,
        organization=need.client.organization,
        start=start,
    )


def _end_of(day: date | None) -> datetime:
    end = clocks.end_of(day)
    assert end is not None  # noqa: S101  # every caller has asked for the day
    return end


def _check(result: str, told: Told) -> None:
    if result not in SETTLINGS:
        raise InvalidFacts.of("result", _("Choose one of the list."))
    missing = [name for name in SETTLINGS[Result(result)].needs if not told.get(name)]
    if missing:
        raise FactsMissing.of(*missing)
    until = told.get("wait_until")
    if result == Result.WAIT and until is not None and until <= today():
        raise InvalidFacts.of("wait_until", _("Choose a day after today."))


def _end(
    follow_up: FollowUp,
    *,
    by: User,
    result: Result,
    wait_until: date | None = None,
    note: str = "",
) -> None:
    """Settle the row if it still is as it was read, and say so in the client's timeline."""
    at = now()
    won = FollowUp.objects.filter(
        pk=follow_up.pk, version=follow_up.version, done_at__isnull=True
    ).update(
        result=result,
        wait_until=wait_until if result == Result.WAIT else None,
        done_at=at,
        author=by,
        version=F("version") + 1,
        updated_at=at,
    )
    if not won:
        raise AlreadyDone
    follow_up.refresh_from_db(fields=["result", "wait_until", "done_at", "author", "version"])
    if note.strip():
        follow_up.note = clean(note).strip()
        follow_up.save(update_fields=["note"])
    timeline.add(follow_up.need.client, by=by, at=at, kind=FOLLOWED_UP, thing=follow_up)


def _draft(follow_up: FollowUp, *, by: User, service: Service | None) -> None:
    """Open the next attempt, in the chain of the last one where there is one."""
    if follow_up.referral is not None:
        drafts.onward(follow_up.referral, by=by, service=service)
    else:
        drafts.create(follow_up.need, by=by, service=service)


def _settle_need(need: Need, result: Result, told: Told, *, by: User) -> None:
    status, note = SETTLINGS[result].status, told.get("note", "")
    if status in AT_REST and need.status in AT_REST:
        # Looking after help that lasts changes nothing about the need.
        return
    if need.status != status and need_move(need.status, status) is None:
        needs.settle(need, by=by, status=NeedStatus.OPEN, reason=_("Looked at again."))
    if status == NeedStatus.UNMET:
        reason, review_on = told.get("reason", ""), told.get("review_on")
        needs.settle(need, by=by, status=status, reason=reason, review_on=review_on, note=note)
    else:
        needs.settle(need, by=by, status=status, note=note)
