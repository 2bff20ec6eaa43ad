"""What the coordinator watches over: each figure is the length of the list it leads to."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from accounts.queries import system
from core.jobs import local_date, today
from directory.catalogue.models import Service, TaxonomyTerm
from directory.catalogue.states import Freshness
from directory.geography.models import Area
from directory.geography.states import Level
from directory.upkeep.models import VerificationTask
from directory.upkeep.states import Stage
from referrals.casefiles.models import Need
from referrals.casefiles.states import ACTIVE, NeedStatus
from referrals.handoffs import queries as handoffs
from referrals.handoffs.models import Referral, ReferralQuerySet
from referrals.handoffs.queries.referrals import shown
from referrals.handoffs.states import SERVED, TAKEN, Status
from referrals.reports.suppression import Cell, Table, suppress

BOUNCES = 2
HELPING = TAKEN | SERVED | {Status.OUTCOME_REPORTED, Status.CLOSED}
LACKING = frozenset({*ACTIVE, NeedStatus.UNMET, NeedStatus.UNKNOWN})


def late(user: User) -> ReferralQuerySet:
    """Return referrals under way whose time limit has passed, the longest overdue first."""
    return handoffs.breached(user).under_way()


def unanswered(user: User) -> ReferralQuerySet:
    """Return referrals that twice the time limit brought no decision on."""
    return handoffs.unanswered(user)


def bounced(user: User) -> ReferralQuerySet:
    """Return the last attempt of each chain that two or more declined and nobody has taken."""
    seen = Referral.objects.visible_to(user).annotate(chain_key=Coalesce("root_id", "pk"))
    same = (
        Referral.objects.visible_to(user)
        .annotate(chain_key=Coalesce("root_id", "pk"))
        .filter(chain_key=OuterRef("chain_key"))
        .order_by()
    )
    declines = same.filter(status=Status.DECLINED).values("chain_key").annotate(n=Count("pk"))
    rows = seen.annotate(
        declines=Subquery(declines.values("n"), output_field=IntegerField())
    ).filter(
        ~Exists(same.filter(status__in=HELPING)),
        ~Exists(same.filter(pk__gt=OuterRef("pk"))),
        declines__gte=BOUNCES,
        needs__need__status__in=LACKING,
    )
    return shown(rows).order_by("-declines", "priority", "pk").distinct()


def decline_reasons(user: User, referrals: Iterable[Referral]) -> dict[int, list[str]]:
    """Return for each chain why its attempts were declined, in their order."""
    chains = [referral.chain_id for referral in referrals]
    declined = (
        Referral.objects.visible_to(user)
        .annotate(chain_key=Coalesce("root_id", "pk"))
        .filter(chain_key__in=chains, status=Status.DECLINED)
        .order_by("attempt_no", "pk")
        .values_list("chain_key", "end_reason")
    )
    found: dict[int, list[str]] = {}
    for chain, reason in declined if chains else ():
        if reason and reason not in found.setdefault(chain, []):
            found[chain].append(reason)
    return found


def stale(user: User) -> "QuerySet[Service]":
    """Return listings that are shown although nobody has confirmed them for far too long."""
    rows = Service.objects.visible_to(user).listed().filter(freshness=Freshness.STALE)
    return rows.select_related("organization").order_by("verify_by", "pk")


def visits(user: User) -> "QuerySet[VerificationTask]":
    """Return the listings to be visited by the end of this week, the longest overdue first."""
    by = today() + timedelta(days=6 - today().weekday())
    rows = VerificationTask.objects.visible_to(user).open().filter(stage=Stage.VISIT)
    planned = Q(visit_on__lte=by) | Q(visit_on__isnull=True, due_on__lte=by)
    return (
        rows.filter(planned)
        .select_related("service__organization", "place__location__area", "area", "assignee")
        .order_by("due_on", "pk")
    )


LISTS: Mapping[str, Callable[[User], QuerySet[Any]]] = {
    "late": late,
    "unanswered": unanswered,
    "bounced": bounced,
    "stale": stale,
    "visits": visits,
}


# ---- Unmet needs, as a table -----------------------------------------------------------------
@dataclass(frozen=True)
class UnmetTable:
    """Unmet needs by kind and district; what is hidden here is hidden in every list of rows."""

    kinds: list[TaxonomyTerm]
    # The last one may be None: needs whose district is not known.
    districts: list[Area | None]
    shown: Table

    def cell(self, kind: str = "", district: str | None = None) -> Cell:
        """Return the figure of a kind, a district, both or all; an unknown one counts nobody."""
        row = next((n for n, one in enumerate(self.kinds) if one.code == kind), None)
        column = next((n for n, one in enumerate(self.districts) if _code(one) == district), None)
        if (kind and row is None) or (district is not None and column is None):
            return Cell(0)
        if row is not None and column is not None:
            return self.shown.cells[row][column]
        if row is not None:
            return self.shown.row_totals[row]
        return self.shown.total if column is None else self.shown.column_totals[column]


class UnmetRow(NamedTuple):
    """An unmet need as the network may see it: no file, no station, no words."""

    kind: TaxonomyTerm
    district: Area | None
    priority: str
    reason: str
    since: date
    review_on: date


class UnmetRows(NamedTuple):
    """The rows behind a figure, and how many of them are not shown one by one."""

    figure: Cell
    rows: list[UnmetRow]
    hidden: int


def unmet_table() -> UnmetTable:
    """Count the unmet needs of the network by kind and district, small numbers hidden."""
    return _table(_unmet())


def unmet_rows(kind: str = "", district: str | None = None) -> UnmetRows:
    """Return the rows behind one figure of the table, those of hidden cells only counted."""
    needs = _unmet()
    table = _table(needs)
    figure = table.cell(kind, district)
    if not figure.is_shown:
        return UnmetRows(figure, [], 0)
    rows = [
        row
        for row in needs
        if table.cell(row.kind.code, _code(row.district)).is_shown
        and kind in {"", row.kind.code}
        and district in {None, _code(row.district)}
    ]
    return UnmetRows(figure, rows, figure.value - len(rows))


def _unmet() -> list[UnmetRow]:
    """Read what the figures count: the network sees these columns of a need and no others."""
    needs = (
        Need.objects.visible_to(system())
        .filter(status=NeedStatus.UNMET)
        .order_by("review_on", "pk")
        .values_list("category", "area", "priority", "unmet_reason", "identified_at", "review_on")
    )
    found = list(needs)
    kinds = TaxonomyTerm.objects.in_bulk({row[0] for row in found})
    districts = _districts({row[1] for row in found if row[1] is not None})
    return [
        UnmetRow(kinds[kind], districts.get(area), priority, reason, local_date(since), review)
        for kind, area, priority, reason, since, review in found
    ]


def _districts(keys: set[int]) -> dict[int, Area]:
    """Return the district or county of each area, else the area itself."""
    areas = Area.objects.in_bulk(keys)
    codes = {code for area in areas.values() for code in area.codes}
    counties = Area.objects.filter(level=Level.COUNTY, code__in=codes)
    known = {(area.country, area.code): area for area in counties}
    return {
        key: next(
            (known[area.country, code] for code in area.codes if (area.country, code) in known),
            area,
        )
        for key, area in areas.items()
    }


def _table(needs: list[UnmetRow]) -> UnmetTable:
    """Lay out the most frequent kinds first; what is hidden stands in an order of its own."""
    counts = Counter((row.kind.code, _code(row.district)) for row in needs)
    kinds = {row.kind.code: row.kind for row in needs}
    areas = {_code(row.district): row.district for row in needs}
    rows, columns = sorted(kinds), sorted(areas, key=lambda code: (code == "", code))
    shown = suppress([[counts[row, column] for column in columns] for row in rows])
    order = sorted(range(len(rows)), key=lambda n: -_rank(shown.row_totals[n]))
    return UnmetTable(
        [kinds[rows[n]] for n in order],
        [areas[column] for column in columns],
        Table(
            [shown.cells[n] for n in order],
            [shown.row_totals[n] for n in order],
            shown.column_totals,
            shown.total,
        ),
    )


def _rank(cell: Cell) -> int:
    return cell.value if cell.is_shown else 0


def _code(area: Area | None) -> str:
    return area.code if area is not None else ""
