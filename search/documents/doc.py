"""One service as the engines see it; built from the database, never read back into it."""

import math
import zlib
from dataclasses import dataclass, fields

MAX_POINTS = 8
CELL_SIZES = {"cell_a": 0.5, "cell_b": 0.1, "cell_c": 0.02}
# Raised with every change of the fields or of what is written into them.
SCHEMA_VERSION = 1


def cell(lat: float, lon: float, size: float) -> str:
    """Return the square of a grid that holds a point."""
    return f"{math.floor(lat / size)}_{math.floor(lon / size)}"


@dataclass(frozen=True, slots=True)
class Doc:
    """The document of one service."""

    id: int
    version: int = 1
    name_t: str = ""
    tax_t: str = ""
    body_t: str = ""
    term: tuple[str, ...] = ()
    main_term: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    population: tuple[str, ...] = ()
    org: tuple[str, ...] = ()
    org_type: tuple[str, ...] = ()
    sector: tuple[str, ...] = ()
    area: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    fee: tuple[str, ...] = ()
    application: tuple[str, ...] = ()
    accessibility: tuple[str, ...] = ()
    availability: tuple[str, ...] = ()
    status: tuple[str, ...] = ("active",)
    audience: tuple[str, ...] = ("public",)
    modes: tuple[str, ...] = ()
    sched: tuple[str, ...] = ()
    age_min: int = 0
    age_max: int = 1800
    verified_day: int = 0
    quality: float = 1.0
    points: tuple[tuple[float, float], ...] = ()
    name_key_zh: str = ""
    name_key_en: str = ""

    def cells(self, name: str) -> tuple[str, ...]:
        """Return the squares of one grid that the points lie in, each once."""
        size = CELL_SIZES[name]
        return tuple(dict.fromkeys(cell(lat, lon, size) for lat, lon in self.points))

    @property
    def digest(self) -> int:
        """Return a checksum of everything but the version."""
        return zlib.crc32(repr([getattr(self, name) for name in _CONTENT]).encode())


_CONTENT = tuple(each.name for each in fields(Doc) if each.name != "version")
