"""Doubt a listing: whatever goes wrong with it in real life makes somebody look again."""

from collections.abc import Collection
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from accounts.models import User
from accounts.operations import audited
from core import jobs
from directory.catalogue import queries as catalogue
from directory.catalogue.models import Service, ServiceAtLocation
from directory.upkeep import queries
from directory.upkeep.models import Doubt, ListingReport
from directory.upkeep.operations import checks, freshness
from directory.upkeep.states import REPORT_MOVES, DoubtState, Kind, Origin, move

ONCE = timedelta(days=30)
# Working days until a heavy doubt is looked at, calendar days for a light one.
HEAVY_DUE, LIGHT_DUE = 2, 7
# Causes after which writing again is pointless.
UNWRITABLE = frozenset({"CONTACT_WRONG", "bounced", "not_us"})


def doubt(
    service: Service,
    place: ServiceAtLocation | None,
    *,
    by: User,
    groups: Collection[str],
    reason: str,
    origin: str,
    weight: int,
    key: str,
) -> Doubt | None:
    """Note that a listing may be wrong and open a check; one cause counts once."""
    if weight <= 0 or service.state not in ("active", "suspended"):
        return None
    reporter = next((held.organization_id for held in by.held if held.organization_id), None)
    named = sorted(set(groups) or queries.applicable_groups(service, place))
    with audited(by=by, action="listing.doubt", on=service, reason=reason):
        made = _once(service, place, groups=named, reason=reason, origin=origin,
                     weight=_counted(service, place, named, weight, reporter), key=key,
                     reporter=reporter)  # fmt: skip
        if made is None:
            return None
        _check(made, by=by)
        freshness.refresh(service, place, by=by, today=jobs.today())
    return made


def _counted(
    service: Service,
    place: ServiceAtLocation | None,
    groups: list[str],
    weight: int,
    reporter: int | None,
) -> int:
    """Count an organization that says the same thing twice in a month once."""
    if reporter is None:
        return weight
    recent = Doubt.objects.filter(
        service=service,
        place=place,
        reporter_organization_id=reporter,
        state=DoubtState.OPEN,
        created_at__gte=jobs.now() - ONCE,
    )
    return 0 if any(set(one.groups) & set(groups) for one in recent) else weight


def _once(
    service: Service,
    place: ServiceAtLocation | None,
    *,
    groups: list[str],
    reason: str,
    origin: str,
    weight: int,
    key: str,
    reporter: int | None,
) -> Doubt | None:
    try:
        # A savepoint: the unique key refuses the second telling without ending the transaction.
        with transaction.atomic():
            return Doubt.objects.create(
                service=service,
                place=place,
                groups=groups,
                reason=reason,
                origin=origin,
                weight=weight,
                key=key,
                reporter_organization_id=reporter,
                created_at=jobs.now(),
            )
    except IntegrityError:
        return None


def _check(made: Doubt, *, by: User) -> None:
    """Open or widen the check that will settle the doubt."""
    heavy = queries.doubt_level(made.service, made.place) == 2
    now = jobs.now()
    due = (
        jobs.local_date(catalogue.due(now, HEAVY_DUE, "wd", made.service.organization))
        if heavy
        else jobs.today() + timedelta(days=LIGHT_DUE)
    )
    task = checks.start(
        made.service,
        made.place,
        by=by,
        kind=Kind.INTERIM,
        due_on=due,
        groups=made.groups,
        priority=1 if heavy else 2,
    )
    Doubt.objects.filter(pk=made.pk).update(task=task)
    if made.reason in UNWRITABLE:
        checks.skip_messages(task, by=by)


def report(
    service: Service | None,
    place: ServiceAtLocation | None,
    *,
    by: User,
    kind: str,
    groups: Collection[str],
    text: str,
    contact: str,
    key: str,
) -> ListingReport:
    """Take a report that a listing is wrong; a worker's word weighs more than a visitor's."""
    worker = by.is_active
    with audited(by=by, action="listing.report", on=service, kind=kind):
        made = ListingReport.objects.create(
            service=service,
            place=place,
            kind=kind,
            groups=sorted(groups),
            text=text,
            contact=contact,
            author=by if worker else None,
        )
        if service is not None:
            doubt(
                service,
                place,
                by=by,
                groups=groups,
                reason=f"report_{kind}",
                origin=Origin.WORKER if worker else Origin.PUBLIC,
                weight=3 if worker else _public_weight(service, place),
                key=key,
            )
    return made


def _public_weight(service: Service, place: ServiceAtLocation | None) -> int:
    """Two independent visitors within a month weigh as much as a worker."""
    earlier: QuerySet[Doubt] = Doubt.objects.filter(
        service=service,
        place=place,
        origin=Origin.PUBLIC,
        state=DoubtState.OPEN,
        created_at__gte=jobs.now() - ONCE,
    )
    return 2 if earlier.exists() else 1


def settle_report(made: ListingReport, *, by: User, event: str) -> None:
    """Say whether a report was right; `event` is uphold or dismiss."""
    row = move(REPORT_MOVES, event, made.state)
    with audited(by=by, action=f"report.{event}", on=made):
        ListingReport.objects.filter(pk=made.pk, state=made.state).update(
            state=row.target, settled_by=by
        )
