"""Terms by pinyin and by initials."""

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

FULL, INITIALS, PREFIX, WITHIN, FIRST_INITIALS = 2.0, 1.5, 1.2, 1.0, 1.0
_TONE = re.compile(r"(?<=[a-z])[1-5]")


def typed(text: str) -> str | None:
    """Return an ASCII query as joined letters without tones and blanks; None if it is no pinyin."""
    plain = unicodedata.normalize("NFD", text.lower().replace("ü", "v"))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    if not plain.isascii():
        return None
    plain = _TONE.sub("", plain)
    letters = re.sub(r"[\s'\-]+", "", plain)
    return letters if letters.isalpha() else None


class Spoken:
    """Keys of phrases as they sound."""

    def __init__(self, keys: Iterable[tuple[str, str, bool]]) -> None:
        """Take (code, key, whether the key is made of initials)."""
        self._full: dict[str, set[str]] = defaultdict(set)
        self._initials: dict[str, set[str]] = defaultdict(set)
        for code, key, short in keys:
            (self._initials if short else self._full)[key].add(code)
        self._sorted = sorted(self._full)
        self._short = sorted(self._initials)
        self._longest = max(map(len, self._sorted), default=0)

    def weights(self, letters: str) -> dict[str, float]:
        """Return the terms that letters may spell, with the weight of the best reading."""
        found: dict[str, float] = {}

        def take(codes: Iterable[str], weight: float) -> None:
            for code in codes:
                found[code] = max(found.get(code, 0.0), weight)

        take(self._full.get(letters, ()), FULL)
        if len(letters) >= 3:
            take(self._initials.get(letters, ()), INITIALS)
        if len(letters) >= 4:
            for key in _beginning(self._sorted, letters):
                take(self._full[key], PREFIX)
            for key in _beginning(self._short, letters):
                take(self._initials[key], FIRST_INITIALS)
        for start in range(len(letters) - 5):
            for end in range(start + 6, min(len(letters), start + self._longest) + 1):
                take(self._full.get(letters[start:end], ()), WITHIN)
        return found


def _beginning(keys: Sequence[str], letters: str) -> Iterator[str]:
    """Yield the sorted keys that begin with these letters."""
    at = bisect_left(keys, letters)
    while at < len(keys) and keys[at].startswith(letters):
        yield keys[at]
        at += 1
