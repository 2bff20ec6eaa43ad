"""Needs: recording, grading, the client's own order, and what becomes of them."""

from collections.abc import Sequence
from datetime import date
from typing import Any, TypedDict, Unpack

from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.operations import audited
from accounts.permissions import Permission
from core.errors import Conflict
from core.jobs import now, today
from core.text import clean
from directory.catalogue.models import Code, Organization, TaxonomyTerm
from directory.geography.models import Area
from referrals.casefiles.errors import FactsMissing, IllegalTransition, InvalidFacts
from referrals.casefiles.models import CaseFile, Client, Need, PriorityScheme
from referrals.casefiles.operations import client as clients
from referrals.casefiles.operations import timeline
from referrals.casefiles.operations.access import must_edit
from referrals.casefiles.priority import Scheme, assess
from referrals.casefiles.queries.casefile import scheme_of
from referrals.casefiles.states import (
    ACTIVE,
    ENDED,
    Impact,
    NeedStatus,
    Urgency,
    need_move,
)
from referrals.casefiles.states.timeline import NEED_RECORDED, NEED_SETTLED

SUCCESS = frozenset({NeedStatus.RESOLVED, NeedStatus.PARTLY_RESOLVED})


class NeedFacts(TypedDict, total=False):
    """What an assessment says; what is left out stays as it is."""

    category: TaxonomyTerm
    area: Area | None
    summary: str
    urgency: str
    impact: str
    has_dependents: bool
    no_informal_support: bool
    deadline: date | None
    hidden: bool
    case: CaseFile | None


def record(
    client: Client, *, by: User, client_rank: int | None = None, **facts: Unpack[NeedFacts]
) -> Need:
    """Record a need and grade it by the scheme in force; its rank is the client's own."""
    with audited(by=by, action="need.record", client=client) as entry:
        must_edit(client, by)
        missing = [name for name in ("category", "urgency", "impact") if not facts.get(name)]
        if missing:
            raise FactsMissing.of(*missing)
        need = Need(client=client, identified_at=now(), area=client.area)
        need.scheme = scheme_of(client.organization, now())
        need.case = client.cases.open().first()
        _apply(need, facts)
        _grade(need)
        need.save(force_insert=True)
        entry.on = need
        if client_rank is not None:
            _insert_in_order(need, client_rank)
        clients.close_by_law(client, by=by)
        timeline.add(client, by=by, at=need.identified_at, kind=NEED_RECORDED, thing=need)
    return need


def reassess(need: Need, *, by: User, expected_version: int, **facts: Unpack[NeedFacts]) -> Need:
    """Change an assessment; the level follows, by the scheme the need was recorded under."""
    with audited(by=by, action="need.reassess", on=need, client=need.client, fields=sorted(facts)):
        must_edit(need.client, by)
        _win(need, expected_version)
        _apply(need, facts)
        _grade(need)
        need.save(update_fields=[*facts, *GRADES, "updated_at"])
        clients.close_by_law(need.client, by=by)
    return need


def override(need: Need, *, by: User, expected_version: int, level: str, reason: str = "") -> Need:
    """Set another level with a reason, or none to return to ours; both stay on file."""
    with audited(by=by, action="need.override", on=need, client=need.client, level=level):
        if not by.may(Permission.NEED_OVERRIDE_PRIORITY, need.client.organization_id):
            must_edit(need.client, by)
        levels = {row["code"] for row in need.scheme.data["levels"]}
        if level and level not in levels:
            raise InvalidFacts.of("level", _("The scheme has no such level."))
        if level and not reason.strip():
            raise FactsMissing.of("reason")
        _win(need, expected_version)
        need.priority_override = level
        need.override_reason = clean(reason) if level else ""
        need.override_by = by if level else None
        need.priority = level or need.computed_priority
        need.save(
            update_fields=[
                *("priority_override", "override_reason", "override_by", "priority"),
                "updated_at",
            ]
        )
    return need


def rank(client: Client, *, by: User, order: Sequence[Need]) -> None:
    """Put the active needs in the client's own order; being first adds to our score."""
    with audited(by=by, action="need.rank", on=client, client=client, needs=list(order)):
        must_edit(client, by)
        active = {need.pk: need for need in client.needs.active()}
        if any(need.pk not in active for need in order) or len(set(order)) != len(order):
            raise InvalidFacts.of("order", _("Only needs that are still open can be ordered."))
        _write_order(client, [active[need.pk] for need in order])


def place(need: Need, *, by: User, rank: int | None) -> None:
    """Give one need its place in the client's own order, or none; the others move up or down."""
    with audited(by=by, action="need.rank", on=need, client=need.client, rank=rank):
        must_edit(need.client, by)
        if rank is None:
            others = need.client.needs.active().exclude(pk=need.pk)
            order = others.filter(client_rank__isnull=False).order_by("client_rank")
            _write_order(need.client, list(order))
        else:
            _insert_in_order(need, rank)


def settle(
    need: Need,
    *,
    by: User,
    status: str,
    reason: str = "",
    review_on: date | None = None,
    note: str = "",
) -> Need:
    """Say what became of a need; unmet never without a reason and a day to look again.

    Called by the team, by the scheduler, and by coordinators who verify in the sender's place.
    """
    if status == need.status and status != NeedStatus.UNMET:
        return need
    move = need_move(need.status, status) if status in NeedStatus.values else None
    if move is None and status != need.status:
        raise IllegalTransition(_("A need cannot go from this status to that one."))
    with audited(
        by=by, action="need.settle", on=need, client=need.client, status=status, reason=reason
    ):
        if not by.may(Permission.REFERRAL_COORDINATE):
            must_edit(need.client, by)
        reasons = _checked_reason(status, reason, review_on)
        _change_status(need, status, **reasons)
        need.status_note = clean(note or ("" if status == NeedStatus.UNMET else reason))
        need.save(update_fields=["status_note"])
        timeline.add(need.client, by=by, at=now(), kind=NEED_SETTLED, thing=need)
    return need


def take_up(need: Need, *, by: User) -> Need:
    """Begin work: a referral was sent, a contact recorded; an ended need is opened first."""
    if need.status in ENDED:
        settle(need, by=by, status=NeedStatus.OPEN, reason=_("Work on this need goes on."))
    return settle(need, by=by, status=NeedStatus.IN_PROGRESS)


def count_deadline(need: Need, *, by: User) -> None:
    """Grade again because the deadline has come within seven days."""
    with audited(by=by, action="need.deadline_near", on=need, client=need.client):
        _grade(need)
        need.version += 1
        need.save(update_fields=[*GRADES, "version", "updated_at"])


def publish_scheme(
    data: dict[str, Any], *, by: User, organization: Organization | None = None
) -> PriorityScheme:
    """Put a new version of weights and levels in force; stored grades stay as they are."""
    with audited(by=by, action="need.scheme", on=organization):
        by.must(Permission.SETTINGS_EDIT, organization)
        try:
            Scheme.from_data(data)
        except (ValueError, KeyError, TypeError) as error:
            raise InvalidFacts.of(
                "data", _("This scheme leaves a need without a level.")
            ) from error
        last = PriorityScheme.objects.filter(organization=organization).last()
        return PriorityScheme.objects.create(
            organization=organization,
            number=last.number + 1 if last else 1,
            data=data,
            effective_from=now(),
        )


GRADES = ("score", "computed_priority", "priority", "deadline_near")


def _apply(need: Need, facts: NeedFacts) -> None:
    given: dict[str, Any] = dict(facts)
    for field, value in given.items():
        setattr(need, field, clean(value) if isinstance(value, str) else value)
    if need.urgency not in Urgency.values:
        raise InvalidFacts.of("urgency", _("Choose how urgent it is."))
    if need.impact not in Impact.values:
        raise InvalidFacts.of("impact", _("Choose how many people are affected."))
    if need.category.children.exists():
        raise InvalidFacts.of("category", _("Choose a narrower kind of need."))


def _grade(need: Need) -> None:
    scheme, facts = Scheme.from_data(need.scheme.data), need.graded_by
    result = assess(facts, scheme, on=today())
    need.score, need.computed_priority = result.score, result.level
    need.deadline_near = facts.deadline_near(today())
    need.priority = need.priority_override or result.level


def _insert_in_order(need: Need, position: int) -> None:
    others = need.client.needs.active().exclude(pk=need.pk).filter(client_rank__isnull=False)
    order = list(others.order_by("client_rank"))
    order.insert(max(0, position - 1), need)
    _write_order(need.client, order)
    need.refresh_from_db(fields=["client_rank", "version", *GRADES])


def _write_order(client: Client, order: Sequence[Need]) -> None:
    """Clear first: two needs that swap places would meet on one rank."""
    active = client.needs.active()
    before = dict(active.values_list("pk", "client_rank"))
    active.update(client_rank=None)
    for place, need in enumerate(order, start=1):
        need.client_rank = place
        Need.objects.filter(pk=need.pk).update(client_rank=place)
    ranked = {need.pk: need for need in order}
    for pk, old in before.items():
        new = ranked[pk].client_rank if pk in ranked else None
        if (old == 1) != (new == 1):
            need = ranked.get(pk) or client.needs.get(pk=pk)
            need.client_rank = new
            _grade(need)
            need.save(update_fields=[*GRADES])


def _checked_reason(status: str, reason: str, review_on: date | None) -> dict[str, Any]:
    if status == NeedStatus.UNMET:
        missing = [
            name for name, said in (("reason", reason), ("review_on", review_on)) if not said
        ]
        if missing:
            raise FactsMissing.of(*missing)
        if not Code.objects.filter(set="unmet_reason", code=reason).exists():
            raise InvalidFacts.of("reason", _("Choose a reason from the list."))
        if review_on and review_on < today():
            raise InvalidFacts.of("review_on", _("Choose a day from today on."))
        return {"unmet_reason": reason, "review_on": review_on}
    if status == NeedStatus.OPEN and not reason.strip():
        raise FactsMissing.of("reason")
    return {"unmet_reason": "", "review_on": review_on}


def _change_status(need: Need, status: str, **columns: Any) -> None:
    """Change in one statement what still is as it was read."""
    if status in ACTIVE and need.status in ENDED and need.client_rank is not None:
        # The rank may have been given to another need meanwhile.
        taken = need.client.needs.active().filter(client_rank=need.client_rank)
        if taken.exists():
            columns["client_rank"] = None
    won = Need.objects.filter(pk=need.pk, status=need.status, version=need.version).update(
        status=status,
        resolved_at=now() if status in SUCCESS else None,
        version=F("version") + 1,
        **columns,
    )
    if not won:
        raise Conflict(_("Somebody has changed this need meanwhile. Reload it."))
    need.refresh_from_db(fields=["status", "resolved_at", "version", *columns])


def _win(need: Need, expected_version: int) -> None:
    won = Need.objects.filter(pk=need.pk, version=expected_version).update(version=F("version") + 1)
    if not won:
        raise Conflict(_("Somebody has changed this need meanwhile. Reload it."))
    need.version = expected_version + 1
