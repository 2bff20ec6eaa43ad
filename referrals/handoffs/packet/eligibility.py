"""Does a person meet a service's published conditions: yes, no, or not known (pure)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

MEETS, FAILS, UNKNOWN = "meets", "fails", "unknown"
AGE, SEX = "age_range", "gender"
WOMEN = frozenset({"woman", "pregnant"})

# A condition of the set `eligibility` that membership of one of these groups fulfills.
PROVED_BY: Mapping[str, frozenset[str]] = {
    "income_dibao": frozenset({"dibao", "tekun"}),
    "income_low": frozenset(
        {"dibao", "tekun", "dibao_margin", "rigid_expense", "low_income", "relief_returnee"}
    ),
    "disability_cert": frozenset(
        {"disabled", "disabled_severe", "disabled_visual", "disabled_hearing"}
        | {"disabled_physical", "disabled_intellectual", "disabled_mental", "autism"}
    ),
}
# Conditions that exclude nobody, or that a referral fulfills by itself.
HARMLESS = frozenset({"no_restriction", "residence_actual", "referral_only", "quota"})
# Said by the ages and groups themselves.
SAID_ELSEWHERE = frozenset({AGE, SEX})


@dataclass(frozen=True)
class Conditions:
    """What a service publishes about whom it takes."""

    minimum_age: Decimal | None = None
    maximum_age: Decimal | None = None
    groups: frozenset[str] = frozenset()
    excluded_groups: frozenset[str] = frozenset()
    requirements: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Person:
    """What the file knows that conditions ask about; None and empty mean not known."""

    age: int | None = None
    sex: str = ""
    groups: frozenset[str] = frozenset()


class Mark(NamedTuple):
    """One condition, by its code, and how the person stands to it."""

    code: str
    verdict: str


def marks(conditions: Conditions, person: Person) -> list[Mark]:
    """Compare condition by condition; what the file does not say is unknown, never failed."""
    found = [*_age(conditions, person), *_sex(conditions, person), *_groups(conditions, person)]
    found += [
        Mark(code, _requirement(code, person.groups))
        for code in sorted(conditions.requirements - HARMLESS - SAID_ELSEWHERE)
    ]
    return found


def verdict(found: Iterable[Mark]) -> str:
    """Sum up: one failed condition decides, then one unknown one."""
    verdicts = {mark.verdict for mark in found}
    return FAILS if FAILS in verdicts else UNKNOWN if UNKNOWN in verdicts else MEETS


def _age(conditions: Conditions, person: Person) -> list[Mark]:
    low, high = conditions.minimum_age, conditions.maximum_age
    if low is None and high is None:
        return []
    if person.age is None:
        return [Mark(AGE, UNKNOWN)]
    inside = (low is None or person.age >= low) and (high is None or person.age <= high)
    return [Mark(AGE, MEETS if inside else FAILS)]


def _sex(conditions: Conditions, person: Person) -> list[Mark]:
    if not conditions.groups or not conditions.groups <= WOMEN:
        return []
    known = {"female": MEETS, "male": FAILS}
    return [Mark(SEX, known.get(person.sex, UNKNOWN))]


def _groups(conditions: Conditions, person: Person) -> list[Mark]:
    found = [Mark(code, FAILS) for code in sorted(conditions.excluded_groups & person.groups)]
    wanted = conditions.groups - {"general"} - WOMEN
    if not wanted or "general" in conditions.groups:
        return found
    shared = sorted(wanted & person.groups)
    if shared:
        return found + [Mark(code, MEETS) for code in shared]
    # The file lists the groups that somebody asked about, so absence proves nothing.
    return found + [Mark(code, UNKNOWN) for code in sorted(wanted)[:3]]


def _requirement(code: str, groups: frozenset[str]) -> str:
    return MEETS if PROVED_BY.get(code, frozenset()) & groups else UNKNOWN
