"""What a recipient may be given: seeds, and look-up by the longest category prefix (pure)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from referrals.casefiles.disclosure.classes import CLASSES
from referrals.casefiles.states import DataClass, PolicyRule


@dataclass(frozen=True)
class Allowance:
    """The rule for one class and the fields it is limited to."""

    rule: PolicyRule
    fields: tuple[str, ...]


class PolicyRow(Protocol):
    """A stored row: for categories that begin so, this class follows this rule."""

    prefix: str
    data_class: str
    rule: str
    fields: list[str]


@dataclass(frozen=True)
class Seed:
    """A row that a new installation starts with."""

    prefix: str
    data_class: str
    rule: str
    fields: list[str]


D, R = DataClass, PolicyRule
_VIOLENCE_LEAVES = ("FM01", "FM02", "FM03", "FM10", "CY05", "CY06")


def _seeds() -> Iterable[tuple[str, DataClass, PolicyRule, list[str]]]:
    yield from (
        ("HE17", D.HIV, R.OPTIONAL, []),
        ("PG11", D.HIV, R.OPTIONAL, []),
        ("MH", D.MENTAL_HEALTH, R.OPTIONAL, []),
        ("DS", D.DISABILITY, R.OPTIONAL, []),
        ("CY", D.CHILD_DATA, R.OPTIONAL, []),
        # What the application demands.
        ("SA", D.FINANCE, R.OPTIONAL, []),
        ("SA", D.BENEFITS, R.OPTIONAL, []),
        ("SA", D.DOCUMENTS, R.OPTIONAL, []),
        ("LE", D.IDENTITY, R.REQUIRED, []),
        ("LE", D.CONTACT, R.REQUIRED, []),
        ("LE", D.NEED_NARRATIVE, R.REQUIRED, ["categories", "deadline"]),
        ("LE", D.FINANCE, R.OPTIONAL, ["income"]),
        ("LE", D.HIV, R.NEVER, []),
        ("LE", D.MENTAL_HEALTH, R.NEVER, []),
        ("EM", D.IDENTITY, R.REQUIRED, []),
        ("EM", D.CONTACT, R.REQUIRED, []),
        ("EM", D.EMPLOYMENT, R.OPTIONAL, ["skills"]),
        ("EM", D.DISABILITY, R.OPTIONAL, ["functional_level"]),
        # Only where the service requires it: named, separate, to this one recipient.
        ("EM", D.CRIMINAL_RECORD, R.OPTIONAL, []),
        ("HE", D.IDENTITY, R.REQUIRED, []),
        ("HE", D.CONTACT, R.REQUIRED, []),
        ("HE", D.HEALTH_GENERAL, R.OPTIONAL, []),
        ("HE", D.VIOLENCE, R.OPTIONAL, []),
        ("EL", D.IDENTITY, R.REQUIRED, []),
        ("EL", D.DISABILITY, R.OPTIONAL, ["functional_level"]),
        ("EL", D.HOUSEHOLD, R.OPTIONAL, ["next_of_kin", "groups"]),
        ("JU", D.IDENTITY, R.REQUIRED, []),
        ("JU", D.CRIMINAL_RECORD, R.OPTIONAL, ["order_reference"]),
        ("JU03", D.SUBSTANCE, R.OPTIONAL, []),
        ("GT", D.IDENTITY, R.REQUIRED, ["name"]),
        ("GT", D.HOUSEHOLD, R.OPTIONAL, ["household_size"]),
        ("GT", D.ADDRESS_DETAIL, R.OPTIONAL, ["district"]),
    )
    for leaf in _VIOLENCE_LEAVES:
        yield leaf, D.VIOLENCE, R.OPTIONAL, []
        yield leaf, D.WHEREABOUTS, R.OPTIONAL, []
    # "Nothing else" is written out, so that the page shows it and an operator can change it.
    named = {
        "JU": {D.IDENTITY, D.CRIMINAL_RECORD},
        "GT": {D.IDENTITY, D.HOUSEHOLD, D.ADDRESS_DETAIL},
    }
    for prefix, classes in named.items():
        for data_class in DataClass:
            if data_class not in classes:
                yield prefix, data_class, R.NEVER, []


SEEDS: tuple[Seed, ...] = tuple(
    Seed(prefix, data_class.value, rule.value, fields)
    for prefix, data_class, rule, fields in _seeds()
)


def allowances(
    categories: Iterable[str], rows: Iterable[PolicyRow]
) -> Mapping[DataClass, Allowance]:
    """Return what a recipient of these categories may be given, class by class.

    The longest matching prefix decides; a class that no row names is optional when plain and
    never given when sensitive. With several categories the one that may have more decides.
    """
    table = {(row.prefix, row.data_class): row for row in rows}
    found = [_of_category(code, table) for code in categories] or [_of_category("", table)]
    return {
        data_class: max((one[data_class] for one in found), key=_breadth) for data_class in CLASSES
    }


def _breadth(allowance: Allowance) -> tuple[int, int]:
    order = (PolicyRule.NEVER, PolicyRule.OPTIONAL, PolicyRule.REQUIRED)
    return order.index(allowance.rule), len(allowance.fields)


def _of_category(
    code: str, table: Mapping[tuple[str, str], PolicyRow]
) -> Mapping[DataClass, Allowance]:
    return {data_class: _one(code, data_class, table) for data_class in CLASSES}


def _one(code: str, data_class: DataClass, table: Mapping[tuple[str, str], PolicyRow]) -> Allowance:
    everything = tuple(CLASSES[data_class].fields)
    for end in range(len(code), -1, -1):
        row = table.get((code[:end], data_class.value))
        if row is not None:
            return Allowance(PolicyRule(row.rule), tuple(row.fields) or everything)
    default = PolicyRule.NEVER if CLASSES[data_class].sensitive else PolicyRule.OPTIONAL
    return Allowance(default, everything)
