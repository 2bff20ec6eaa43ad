"""Numbers of files and cases: a pattern per organization, a series without gaps or doubles."""

import string
from collections.abc import Mapping
from datetime import date

from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from directory.catalogue.models import Organization
from referrals.casefiles.errors import InvalidFacts
from referrals.casefiles.models import CaseRules, NumberSeries

PARTS = frozenset({"board", "kind", "seq", "year", "date", "site", "worker"})


def rules_of(organization: Organization) -> CaseRules:
    """Return what the organization decided, else the defaults."""
    found = CaseRules.objects.filter(organization=organization).first()
    return found or CaseRules(organization=organization)


def check_pattern(pattern: str) -> None:
    """Refuse a pattern without a running number or with parts nobody knows."""
    try:
        parts = [part for part in string.Formatter().parse(pattern) if part[1] is not None]
        named = {name for _text, name, _spec, _conversion in parts}
        pattern.format(**dict.fromkeys(PARTS, 1))
    except (ValueError, KeyError, IndexError, AttributeError):
        named = set()
    if "seq" not in named or not named <= PARTS:
        raise InvalidFacts.of("pattern", _("A pattern holds {seq} and known parts only."))


def next_number(pattern: str, rules: CaseRules, *, on: date, worker: User, kind: str = "") -> str:
    """Give the next number; each filling of the other parts counts for itself."""
    organization = rules.organization
    parts = {
        "board": rules.board or (organization.alternate_name or organization.name)[:6],
        "kind": kind[:1].upper(),
        "year": on.year,
        "date": f"{on:%Y%m%d}",
        "site": rules.site,
        "worker": worker.name,
    }
    series = _filled(pattern, parts, None)
    row, _new = NumberSeries.objects.get_or_create(organization=organization, series=series)
    NumberSeries.objects.filter(pk=row.pk).update(last=F("last") + 1)
    row.refresh_from_db(fields=["last"])
    return _filled(pattern, parts, row.last)


def _filled(pattern: str, parts: Mapping[str, object], seq: int | None) -> str:
    pieces = []
    for text, name, spec, _conversion in string.Formatter().parse(pattern):
        pieces.append(text)
        if name == "seq":
            pieces.append("#" if seq is None else format(seq, spec or ""))
        elif name is not None:
            pieces.append(format(parts[name], spec or ""))
    return "".join(pieces)
