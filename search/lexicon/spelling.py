"""Corrections: Chinese by sound, English by distance; both readings stay in the query."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping

_ENOUGH_PHRASES = 3


class Homophones:
    """Known bigrams, found by one character and the sound of the other."""

    def __init__(
        self,
        df: Mapping[str, int],
        whole: Iterable[str],
        sounds: Callable[[str], Iterable[str]],
    ) -> None:
        """Keep bigrams that stand in three phrases or are a phrase themselves."""
        self._df = df
        self._sounds = sounds
        self._by_first: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._by_second: dict[tuple[str, str], list[str]] = defaultdict(list)
        alone = set(whole)
        for pair, count in df.items():
            if (
                len(pair) == 2
                and not pair.isascii()
                and (count >= _ENOUGH_PHRASES or pair in alone)
            ):
                for sound in sounds(pair[1]):
                    self._by_first[pair[0], sound].append(pair)
                for sound in sounds(pair[0]):
                    self._by_second[pair[1], sound].append(pair)

    def correct(self, pair: str) -> str | None:
        """Return the known bigram that sounds the same and shares one character, if any."""
        if pair in self._df:
            return None
        candidates = {
            found
            for sound in self._sounds(pair[1])
            for found in self._by_first.get((pair[0], sound), ())
        } | {
            found
            for sound in self._sounds(pair[0])
            for found in self._by_second.get((pair[1], sound), ())
        }
        return min(candidates, key=lambda p: (-self._df[p], p), default=None)


def _deletions(word: str, depth: int) -> set[str]:
    found = {word}
    for _ in range(depth):
        found |= {word[:i] + word[i + 1 :] for word in found for i in range(len(word))}
    return found


def _reach(word: str) -> int:
    return 2 if len(word) >= 6 else 1


def distance(a: str, b: str) -> int:
    """Return the optimal string alignment distance: a swap of neighbors counts once."""
    rows = [list(range(len(b) + 1))]
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            best = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]


class Stems:
    """English stems, found through a precomputed deletion index."""

    def __init__(self, df: Counter[str]) -> None:
        """Index every stem of at least three letters by what remains after deletions."""
        self._df = df
        self._index: dict[str, list[str]] = defaultdict(list)
        for stem in df:
            if len(stem) >= 3:
                for rest in _deletions(stem, _reach(stem)):
                    self._index[rest].append(stem)

    def correct(self, stem: str) -> str | None:
        """Return the nearest known stem of an unknown one of at least four letters."""
        if len(stem) < 4 or stem in self._df or not stem.isalpha():
            return None
        reach = _reach(stem)
        candidates = {s for rest in _deletions(stem, reach) for s in self._index.get(rest, ())}
        ranked = sorted((distance(stem, s), -self._df[s], s) for s in candidates)
        return ranked[0][2] if ranked and ranked[0][0] <= reach else None

    def complete(self, stem: str) -> str | None:
        """Return the commonest stem that an unfinished word of three letters or more begins."""
        if len(stem) < 3 or stem in self._df or not stem.isalpha():
            return None
        longer = (s for s in self._df if s.startswith(stem) and len(s) <= len(stem) + 3)
        return min(longer, key=lambda s: (-self._df[s], s), default=None)
