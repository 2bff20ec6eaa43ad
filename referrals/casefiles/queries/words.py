"""Words of codes and kinds of need, and finding one by what somebody types."""

from collections.abc import Iterable

from core.text import fold, initials, pinyin
from directory.catalogue.models import Code, TaxonomyTerm

NEEDS = "shegong-cn"


def choices(name: str) -> list[tuple[str, str]]:
    """Return the codes of a set that may be chosen, with their words."""
    return [(code.code, code.label) for code in Code.objects.of(name)]


def labels(*names: str) -> dict[str, str]:
    """Return the words of all codes of some sets, retired ones too."""
    return {code.code: code.label for code in Code.objects.filter(set__in=names)}


def worded(codes: Iterable[str], *names: str) -> list[str]:
    """Return the words of some codes; one that nobody knows stays as it is."""
    found = labels(*names)
    return [found.get(code, code) for code in codes]


def leaves() -> list[TaxonomyTerm]:
    """Return the kinds of need that can be chosen, by code."""
    terms = TaxonomyTerm.objects.current().filter(taxonomy__code=NEEDS, children__isnull=True)
    return list(terms.select_related("parent").order_by("code"))


def categories() -> list[tuple[str, str]]:
    """Return the top categories of need with their words."""
    tops = TaxonomyTerm.objects.current().filter(taxonomy__code=NEEDS, parent__isnull=True)
    return [(term.code, term.text("name")[0]) for term in tops.order_by("pk")]


def leaf_by_code(code: str) -> TaxonomyTerm | None:
    """Return one kind of need."""
    return next((term for term in leaves() if term.code == code), None)


def find_leaves(text: str, limit: int = 12) -> list[TaxonomyTerm]:
    """Return kinds of need by a part of the name, by its sound or initials; whole names first."""
    wanted = fold(text).strip()
    if not wanted:
        return []
    ranked = [(_rank(term, wanted), term.code, term) for term in leaves()]
    found = sorted(row for row in ranked if row[0] is not None)
    return [term for _rank_of, _code, term in found[:limit]]


def _rank(term: TaxonomyTerm, wanted: str) -> int | None:
    names = {term.name, term.text("name")[0]}
    plain = {fold(name) for name in names}
    if wanted in plain or wanted == term.code.lower():
        return 0
    if any(name.startswith(wanted) for name in plain):
        return 1
    if any(wanted in name for name in plain):
        return 2
    if wanted.isascii():
        sound = pinyin(term.name)
        if sound.replace(" ", "").startswith(wanted.replace(" ", "")):
            return 1
        if initials(term.name).startswith(wanted):
            return 2
    return None
