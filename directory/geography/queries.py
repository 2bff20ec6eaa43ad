"""Reading areas: by code, by words, by window; and the calendar of special days."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.conf import settings
from django.db.models import Q, QuerySet

from core.text import fold, printable
from directory.geography.coordinates import Box, Point
from directory.geography.geocoding import gazetteer
from directory.geography.models import Area, AreaName, AreaQuerySet, CalendarDay, Postcode
from directory.geography.schematic import Name
from directory.geography.states import Level, Precision


# ---- One area -------------------------------------------------------------------------------
class Resolved(NamedTuple):
    """The area of a code, and whether an old code had to be followed (`old_area_code`)."""

    area: Area | None
    is_old_code: bool = False


def by_code(code: str, country: str = "") -> Resolved:
    """Return the area of a code; a dead one leads to its successor or to what it lay in.

    Six digits of China end in zeros where they name something wider, so the first four and the
    first two digits of an unknown code are still good for a city and a province.
    """
    digits = code.strip()
    known = Area.objects.filter(country=country or settings.COUNTRY).select_related("replaced_by")
    area = known.filter(code=digits).first()
    if area and area.retired_on is None:
        return Resolved(area)
    if area and area.replaced_by:
        return Resolved(area.replaced_by, is_old_code=True)
    wider = [digits[:6], f"{digits[:4]}00", f"{digits[:2]}0000"] if len(digits) >= 6 else []
    found = {each.code: each for each in known.shown().filter(code__in=wider)}
    area = next((found[each] for each in wider if each in found), None)
    return Resolved(area, is_old_code=area is not None)


def by_region(names: Iterable[str]) -> Area | None:
    """Return the area that region columns name, widest first: province, city, district."""
    return gazetteer.find("".join(name.strip() for name in names if name))


def label(area: Area, language: str | None = None) -> str:
    """Write an area with what it lies in: 浙江省 杭州市 西湖区."""
    return " ".join(part.text("name", language)[0] for part in area.lineage())


def areas(*, q: str = "", parent: Area | None = None, level: str = "") -> AreaQuerySet:
    """Return areas that people know, by code; narrowed by words, by what they lie in, by level."""
    found = Area.objects.shown().select_related("parent")
    if parent:
        found = found.within(parent).exclude(pk=parent.pk)
    if level:
        found = found.filter(level=level)
    if q:
        found = found.filter(pk__in=_named(q).values("area"))
    return found.order_by("country", "code")


def children(area: Area | None, country: str = "") -> list[Area]:
    """Return the next level below an area, without rungs that only repeat or hold the tree.

    Counties that a province governs itself stand directly below it.
    """
    found = Area.objects.filter(retired_on=None, country=country or settings.COUNTRY)
    listed: list[Area] = []
    for child in found.filter(parent=area).order_by("code"):
        is_rung = child.virtual or (area is not None and child.name == area.name)
        listed += children(child, child.country) if is_rung else [child]
    return listed


# ---- Words → places -------------------------------------------------------------------------
@dataclass(frozen=True)
class Candidate:
    """One place that somebody may mean by what is typed into a "near" box."""

    kind: str
    code: str
    name: str
    note: str
    point: Point | None
    precision: Precision
    area: Area | None


def near_candidates(q: str, *, last: Area | None = None, limit: int = 8) -> list[Candidate]:
    """Return places by name, sound, initials or postcode; among equals the last used area first.

    Nobody guesses: 鼓楼 gives all four, each with the city it lies in.
    """
    words = fold(printable(q)).strip()
    if not words or (words.isascii() and len(words) < 2):
        return []
    if words.isascii() and words.replace(" ", "").isdigit():
        return _by_number(words.replace(" ", ""), limit)
    names = _named(words).select_related("area__parent").order_by("area__code")[:1000]
    best: dict[int, tuple[tuple[int, ...], Area]] = {}
    for name in names:
        if name.area.parent and name.area.parent.name == name.area.name:
            continue
        rank = _rank(name, words, last)
        if name.area_id not in best or rank < best[name.area_id][0]:
            best[name.area_id] = (rank, name.area)
    found = sorted(best.values(), key=lambda each: (each[0], each[1].code))[:limit]
    return [_candidate(area) for _, area in found]


def _named(q: str) -> "QuerySet[AreaName]":
    words = fold(printable(q)).strip()
    sound = words.replace(" ", "").replace("'", "").replace("ü", "v")
    shown = AreaName.objects.filter(area__virtual=False, area__retired_on=None)
    if words.isascii():
        by_sound = Q(pinyin__startswith=sound) | Q(name__istartswith=words)
        return shown.filter(by_sound | Q(initials=sound) if len(sound) > 1 else by_sound)
    return shown.filter(Q(name__startswith=words) | Q(name__startswith=q.strip()))


def _rank(name: AreaName, words: str, last: Area | None) -> tuple[int, ...]:
    sound = words.replace(" ", "")
    is_whole = words in {name.name, name.name.lower()} or sound in {name.pinyin, name.initials}
    is_here = last is not None and name.area.path.startswith(last.path)
    return (not is_whole, not is_here, Level(name.area.level).depth, len(name.name))


def _by_number(digits: str, limit: int) -> list[Candidate]:
    country = settings.COUNTRY
    codes = Postcode.objects.filter(country=country, code__startswith=digits)
    found = [
        Candidate(
            "postcode",
            row.code,
            row.code,
            label(row.area) if row.area else "",
            Point(float(row.lat), float(row.lon)),
            Precision.TOWN,
            row.area,
        )
        for row in codes.select_related("area").order_by("code")[:limit]
    ]
    area = by_code(digits, country) if len(digits) >= 6 else Resolved(None)
    if area.area and not area.is_old_code:
        found.append(_candidate(area.area))
    return found[:limit]


def _candidate(area: Area) -> Candidate:
    point, precision = area.center
    above = " ".join(part.text("name")[0] for part in area.lineage()[:-1])
    return Candidate("area", area.code, area.text("name")[0], above, point, precision, area)


# ---- Windows --------------------------------------------------------------------------------
def names_in(box: Box, limit: int = 12) -> list[Name]:
    """Return place names for a map, the smallest divisions first: they are written first."""
    window = Area.objects.shown().filter(
        lat__range=(Decimal(str(box.south)), Decimal(str(box.north))),
        lon__range=(Decimal(str(box.west)), Decimal(str(box.east))),
    )
    found = sorted(window[:200], key=lambda area: (-Level(area.level).depth, area.code))
    return [
        Name(area.text("name")[0], Point(float(area.lat or 0), float(area.lon or 0)))
        for area in found[:limit]
    ]


# ---- Calendar -------------------------------------------------------------------------------
def special_days(first: date, last: date, *, area: Area | None = None) -> dict[date, CalendarDay]:
    """Return holidays and make-up days between two dates; the nearest area's word wins."""
    days = CalendarDay.objects.filter(on__range=(first, last)).select_related("area")
    within: Sequence[str] = area.codes if area else ()
    nationwide = Q(area=None)
    country = area.country if area else settings.COUNTRY
    here = Q(area__code__in=within, area__country=country)
    found = sorted(
        days.filter(nationwide | here), key=lambda day: len(day.area.path) if day.area else 0
    )
    return {day.on: day for day in found}


def next_year_is_missing(today: date) -> bool:
    """Say whether it is December and nobody has entered the holidays of the coming year."""
    if today.month < 12:
        return False
    coming = CalendarDay.objects.filter(area=None, on__year=today.year + 1)
    return not coming.filter(kind="make_up_workday").exists()
