"""Displayed words of codes, terms and areas, held by the process for a minute."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import get_language

from directory.catalogue.models import Code, TaxonomyTerm
from directory.geography.coordinates import Box, Point
from directory.geography.models import Area
from directory.geography.schematic import Name
from search.lexicon.store import TAXONOMY

_KEPT_S = 60.0
# Facets and filters whose codes are terms of a vocabulary of the same name.
VOCABULARIES = ("population", "fee", "application", "accessibility")
# Listings name languages by ISO 639-3; their words are those of the code set.
_ISO = {"cmn": "zh_mandarin", "yue": "zh_yue", "nan": "zh_minnan", "hak": "zh_hakka", "csl": "sign"}
CODE_SETS = ("org_type", "sector", "availability", "language", "verification_method")


@dataclass(frozen=True, slots=True)
class AreaLabel:
    """A division with its name in both languages, what it lies in, and its center."""

    code: str
    names: Mapping[str, str]
    path: tuple[str, ...]
    level: str
    point: tuple[float, float] | None

    @property
    def name(self) -> str:
        """Return the name in the language of the page."""
        return _spoken(self.names)


@dataclass(slots=True)
class Labels:
    """Everything by code; the order of a set is the order people know."""

    sets: dict[str, dict[str, Mapping[str, str]]] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    areas: dict[str, AreaLabel] = field(default_factory=dict)

    def of(self, name: str, code: str) -> str:
        """Return the displayed word of a code, or the code itself."""
        if name == "area":
            return self.areas[code].name if code in self.areas else code
        known = self.sets.get("term" if name == "category" else name, {})
        return _spoken(known[code]) if code in known else code

    def known(self, name: str) -> set[str]:
        """Return the codes of a set."""
        return set(self.sets.get(name, {}))


@dataclass(slots=True)
class _Kept:
    labels: Labels | None = None
    read_at: float = 0.0


_kept = _Kept()


def forget() -> None:
    """Drop what is held."""
    _kept.labels = None


def _spoken(names: Mapping[str, str]) -> str:
    language = (get_language() or "zh").partition("-")[0]
    return names.get(language) or names["zh"]


def labels() -> Labels:
    """Return the words of all codes; three statements a minute."""
    if _kept.labels is None or time.monotonic() > _kept.read_at + _KEPT_S:
        _kept.labels, _kept.read_at = _read(), time.monotonic()
    return _kept.labels


def _names(name: str, translations: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    return {"zh": name} | {
        tag.partition("-")[0]: texts["name"]
        for tag, texts in translations.items()
        if texts.get("name")
    }


def _read() -> Labels:
    made = Labels()
    terms = (
        TaxonomyTerm.objects.current()
        .filter(taxonomy__code__in=(TAXONOMY, *VOCABULARIES))
        .order_by("code")
    )
    columns = ("taxonomy__code", "code", "name", "translations", "parent__code")
    for vocabulary, code, name, translations, parent in terms.values_list(*columns):
        key = "term" if vocabulary == TAXONOMY else str(vocabulary)
        made.sets.setdefault(key, {})[code] = _names(name, translations)
        if key == "term" and parent:
            made.parents[code] = parent
    codes = Code.objects.filter(set__in=CODE_SETS).order_by("set", "order", "code")
    for set_, code, name, translations in codes.values_list("set", "code", "name", "translations"):
        made.sets.setdefault(set_, {})[code] = _names(name, translations)
    spoken = made.sets.setdefault("language", {})
    spoken |= {iso: spoken[code] for iso, code in _ISO.items() if code in spoken}
    made.areas = _areas()
    return made


def _areas() -> dict[str, AreaLabel]:
    rows = Area.objects.shown().values_list(
        "code", "name", "translations", "path", "level", "lat", "lon"
    )
    return {
        code: AreaLabel(
            code,
            _names(name, translations),
            tuple(path.strip("/").split("/")),
            level,
            None if lat is None or lon is None else (float(str(lat)), float(str(lon))),
        )
        for code, name, translations, path, level, lat, lon in rows
    }


def names_in(box: Box, limit: int = 12) -> list[Name]:
    """Return place names for a map from what is held, the smallest divisions first."""
    inside = [
        area for area in labels().areas.values() if area.point and box.contains(Point(*area.point))
    ]
    inside.sort(key=lambda area: (-len(area.path), area.code))
    return [Name(area.name, Point(*area.point)) for area in inside[:limit] if area.point]
