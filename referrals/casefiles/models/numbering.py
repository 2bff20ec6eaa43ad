"""Which patterns numbers of files and cases may follow (pure)."""

import string

from django.utils.translation import gettext as _

from referrals.casefiles.errors import InvalidFacts

PARTS = frozenset({"board", "kind", "seq", "year", "date", "site", "worker"})


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
