"""Numbers of files and cases: a pattern per organization, a series without gaps or doubles."""

import string
from collections.abc import Mapping
from datetime import date

from django.db.models import F

from accounts.models import User
from referrals.casefiles.models import CaseRules, NumberSeries


def next_number(pattern: str, rules: CaseRules, *, by: User, on: date, kind: str = "") -> str:
    """Give the next number; each filling of the other parts counts for itself."""
    organization = rules.organization
    parts = {
        "board": rules.board or (organization.alternate_name or organization.name)[:6],
        "kind": kind[:1].upper(),
        "year": on.year,
        "date": f"{on:%Y%m%d}",
        "site": rules.site,
        "worker": by.name,
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
