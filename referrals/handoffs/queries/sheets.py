"""Packets in words: the preview as a recipient reads it, the full packet, what is left out."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.catalogue.models import Code, TaxonomyTerm
from directory.geography.models import Area
from referrals.casefiles.queries import packets as files
from referrals.casefiles.states import AgeBand, DataClass, Priority, Sex
from referrals.handoffs.packet import Cell
from referrals.handoffs.packet.cell import ADULT, MINOR
from referrals.handoffs.packet.eligibility import FAILS, MEETS

NEEDS, GROUPS, CONDITIONS = "shegong-cn", "population", "eligibility"
AGES: Mapping[str, str | Promise] = {
    MINOR: gettext_lazy("under 18"),
    ADULT: gettext_lazy("adult"),
    **dict(AgeBand.choices),
}
ANSWERS: Mapping[str, str | Promise] = {
    MEETS: gettext_lazy("meets"),
    FAILS: gettext_lazy("does not meet"),
}

Rows = list[tuple[str | Promise, str]]


class Preview(NamedTuple):
    """The facts of a preview, each in words."""

    who: str
    where: str
    need: str
    level: str
    conditions: list[str]

    @property
    def rows(self) -> Rows:
        """Return the lines of the sheet."""
        told = [
            (_("Person"), self.who),
            (_("Area"), self.where),
            (_("Need"), self.need),
            (_("Level"), self.level),
            (_("Conditions"), _(", ").join(self.conditions)),
        ]
        return [row for row in told if row[1]]


def previews(cells: Sequence[Cell]) -> list[Preview]:
    """Put previews into words, in three queries however many there are."""
    names = _names(cells)
    return [_preview(cell, names) for cell in cells]


def preview_in_words(cell: Cell) -> Preview:
    """Put one preview into words."""
    return previews([cell])[0]


def packet_rows(body: Mapping[str, Mapping[str, Any]], message: str = "") -> Rows:
    """Put the full packet into lines, the worker's message last."""
    rows: Rows = [
        (label, value)
        for section in files.in_words(body)
        for _field, label, value in section.rows
        if value
    ]
    return [*rows, (_("Message"), message)] if message else rows


def left_out(classes: Sequence[str]) -> str:
    """Name what is not given."""
    names = [str(name.label) for name in DataClass if name.value not in classes]
    return _(", ").join(names)


def class_names(classes: Sequence[str]) -> str:
    """Name what is given."""
    names = [str(name.label) for name in DataClass if name.value in classes]
    return _(", ").join(names)


def condition_words(codes: Collection[str]) -> dict[str, str]:
    """Return the words of published conditions."""
    rows = TaxonomyTerm.objects.filter(taxonomy__code__in=[GROUPS, CONDITIONS], code__in=codes)
    return {term.code: term.text("name")[0] for term in rows}


def _preview(cell: Cell, names: Mapping[tuple[str, str], str]) -> Preview:
    parts = [str(AGES.get(cell.age_band, "")), str(Sex(cell.sex).label) if cell.sex else ""]
    parts += [names.get(("language", code), code) for code in cell.languages]
    conditions = [
        _("%(condition)s: %(answer)s")
        % {
            "condition": names.get(("condition", code), code),
            "answer": ANSWERS.get(how, _("not known")),
        }
        for code, how in cell.eligibility
    ]
    return Preview(
        who=_(", ").join(part for part in parts if part),
        where=names.get(("area", cell.area), cell.area),
        need=names.get(("need", cell.category), cell.category),
        level=str(Priority(cell.priority).label) if cell.priority else "",
        conditions=conditions,
    )


def _names(cells: Sequence[Cell]) -> dict[tuple[str, str], str]:
    """Read the words of every code that the previews hold."""
    leaves = {cell.category for cell in cells}
    conditions = {code for cell in cells for code, _how in cell.eligibility}
    terms = TaxonomyTerm.objects.filter(
        taxonomy__code__in=[NEEDS, GROUPS, CONDITIONS], code__in=leaves | conditions
    ).select_related("taxonomy")
    found: dict[tuple[str, str], str] = {}
    for term in terms:
        kind = "need" if term.taxonomy and term.taxonomy.code == NEEDS else "condition"
        found[kind, term.code] = term.text("name")[0]
    areas = Area.objects.filter(code__in={cell.area for cell in cells})
    for area in areas.select_related("parent"):
        above = f"{area.parent} " if area.parent else ""
        found["area", area.code] = f"{above}{area}"
    languages = {code for cell in cells for code in cell.languages}
    if languages:
        for code in Code.objects.filter(set="language", code__in=languages):
            found["language", code.code] = code.label
    return found
