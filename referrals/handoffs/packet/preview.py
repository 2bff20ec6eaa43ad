"""The preview of a referral: what may be shown before acceptance, made from file and listing."""

from collections.abc import Iterable

from django.conf import settings

from core.jobs import today
from directory.catalogue.models import Attribute, Service
from directory.catalogue.queries import Effective
from directory.catalogue.states import LinkType, Polarity
from directory.geography.models import Area
from directory.geography.states import Level
from referrals.casefiles import disclosure
from referrals.casefiles.models import Client
from referrals.casefiles.states import age_on
from referrals.handoffs.packet.cell import Cell, Map, generalize
from referrals.handoffs.packet.eligibility import Conditions, Mark, Person, marks

# Care by hand, shelter and safety: there the provider has to know whether to send a woman.
SEX_MATTERS = ("EL", "HE", "DS", "FM", "HO", "SA07")
# Counties and below are taken as small, because their population is not known.
LARGE = frozenset({Level.COUNTRY, Level.PROVINCE, Level.CITY})
GROUP_LINKS = (LinkType.TARGET_POPULATION, LinkType.ELIGIBILITY)


def conditions(service: Service, attributes: Iterable[Attribute] | None = None) -> Conditions:
    """Read the conditions that a listing publishes."""
    if attributes is None:
        attributes = service.attributes.filter(
            link_type__in=GROUP_LINKS, term__isnull=False
        ).select_related("term")
    groups, excluded, requirements = set(), set(), set()
    for attribute in attributes:
        code = attribute.term.code if attribute.term else ""
        if attribute.polarity == Polarity.EXCLUDES:
            excluded.add(code)
        elif attribute.link_type == LinkType.TARGET_POPULATION:
            groups.add(code)
        elif attribute.link_type == LinkType.ELIGIBILITY:
            requirements.add(code)
    return Conditions(
        service.minimum_age,
        service.maximum_age,
        frozenset(groups),
        frozenset(excluded),
        frozenset(requirements),
    )


def person(client: Client) -> Person:
    """Read from the file what conditions ask about; the age comes from the birth date itself."""
    born = client.born
    return Person(
        age=age_on(born, today()) if born else None,
        sex=client.sex if client.sex in {"female", "male"} else "",
        groups=frozenset(client.populations),
    )


def fits(service: Service | None, client: Client) -> list[Mark]:
    """Compare a client with the conditions of one service."""
    return [] if service is None else marks(conditions(service), person(client))


def serves(found: Effective, area: Area | None) -> bool:
    """Say whether a listing serves an area; one that publishes none excludes nobody."""
    named = [one for row in found.areas for one in row.areas.all()]
    if area is None or not named or any(row.nationwide for row in found.areas):
        return True
    return any(area.path.startswith(one.path) for one in named)


def preview(client: Client, *, category: str, priority: str, service: Service | None) -> Cell:
    """Show need, level, age band, area, languages and conditions as yes or no; nothing else."""
    eligible = [mark for mark in fits(service, client) if disclosure.harmless([mark.code])]
    cell = Cell(
        category=category,
        priority=priority,
        age_band=client.age_band,
        sex=client.sex if category.startswith(SEX_MATTERS) and client.sex != "unknown" else "",
        area=client.area.code if client.area else "",
        languages=tuple(client.languages),
        eligibility=tuple((mark.code, mark.verdict) for mark in eligible),
    )
    return generalize(cell, _world(client.area))


def _world(area: Area | None) -> Map:
    above = {} if area is None else {one.code: one for one in _ancestors(area)}

    def upper(code: str) -> str:
        parent = above[code].parent if code in above else None
        return parent.code if parent else ""

    return Map(
        is_rare=lambda code: code.startswith(tuple(settings.RARE_CATEGORIES)),
        is_small=lambda code: code not in above or above[code].level not in LARGE,
        area_above=upper,
    )


def _ancestors(area: Area) -> Iterable[Area]:
    return Area.objects.filter(country=area.country, code__in=area.codes).select_related("parent")
