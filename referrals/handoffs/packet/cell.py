"""The preview as a cell of a table: coarse enough that nobody is recognized by it (pure)."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

MINOR, ADULT = "minor", "adult"
MINOR_BANDS = frozenset({"0-5", "6-13", "14-17"})


@dataclass(frozen=True)
class Cell:
    """Everything that may be shown before acceptance; nothing else is ever added (rule C4)."""

    category: str
    priority: str
    age_band: str = ""
    sex: str = ""
    area: str = ""
    languages: tuple[str, ...] = ()
    # Codes of published conditions, each with meets, fails or unknown.
    eligibility: tuple[tuple[str, str], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return what a snapshot keeps."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Read what a snapshot kept."""
        kept = dict(data)
        kept["languages"] = tuple(kept["languages"])
        kept["eligibility"] = tuple((code, how) for code, how in kept["eligibility"])
        return cls(**kept)


@dataclass(frozen=True)
class Map:
    """What the generalization must know of areas and categories."""

    is_rare: Callable[[str], bool]
    is_small: Callable[[str], bool]
    area_above: Callable[[str], str]


def generalize(cell: Cell, world: Map) -> Cell:
    """Coarsen step by step until the cell no longer points at one person, in a fixed order."""
    for step in (_without_sex, _minor_or_adult, _area_above, _top_category):
        if not (world.is_rare(cell.category) and world.is_small(cell.area)):
            break
        cell = step(cell, world)
    return cell


def _without_sex(cell: Cell, _world: Map) -> Cell:
    return replace(cell, sex="")


def _minor_or_adult(cell: Cell, _world: Map) -> Cell:
    if not cell.age_band:
        return cell
    return replace(cell, age_band=MINOR if cell.age_band in MINOR_BANDS else ADULT)


def _area_above(cell: Cell, world: Map) -> Cell:
    return replace(cell, area=world.area_above(cell.area))


def _top_category(cell: Cell, _world: Map) -> Cell:
    return replace(cell, category=cell.category[:2])
