"""Phrases that lead to a term, and classes of everyday words that mean the same here."""

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass

from core.text import fold
from search import analysis

_MAX_WORD = 8
_WORD = re.compile(r"[a-z0-9]+")
# What people put between the halves of a separable verb: 洗个澡, 上不了学, 吃不上饭.
_INFIXES = (
    "个", "了", "过", "着", "口", "次", "点", "完", "一个", "一口", "一次", "不了",
    "不上", "不起", "不着", "不到", "不成", "不好", "得了", "得起", "不了个",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Phrase:
    """One wording of a term; only names are ever displayed."""

    code: str
    text: str
    is_name: bool = False


@dataclass(frozen=True, slots=True)
class WordClass:
    """Everyday words of both languages that mean the same for this product."""

    name: str
    zh: tuple[str, ...]
    en: tuple[str, ...]
    populations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trigger:
    """A wording that asks for the safety panel of a topic."""

    topic: str
    phrase: str


def names(name: str, *, marks: str) -> list[str]:
    """Return a name whole and its parts between the given marks."""
    parts = [part.strip() for part in re.split(f"[{marks}]", name)]
    return list(dict.fromkeys([name, *(part for part in parts if part)]))


def english(text: str) -> list[str]:
    """Return the stems of all Latin words, function words kept: `look after` is not `look for`."""
    return [analysis._stem(word) for word in _WORD.findall(fold(text))]  # noqa: SLF001


def cut(run: str, words: Set[str]) -> Iterator[tuple[str, bool]]:
    """Cut a Han run by forward maximum matching into known words and what is left between."""
    start = at = 0
    while at < len(run):
        for size in range(min(_MAX_WORD, len(run) - at), 1, -1):
            if run[at : at + size] in words:
                if start < at:
                    yield run[start:at], False
                yield run[at : at + size], True
                at += size
                start = at
                break
        else:
            at += 1
    if start < len(run):
        yield run[start:], False


def rejoined(folded: str, words: Set[str]) -> list[str]:
    """Return the two-character words whose halves stand apart in a text: 洗个澡 holds 洗澡."""
    found: list[str] = []
    for at, character in enumerate(folded[:-2]):
        for infix in _INFIXES:
            end = at + 1 + len(infix)
            if folded.startswith(infix, at + 1) and character + folded[end : end + 1] in words:
                found.append(character + folded[end])
    return list(dict.fromkeys(word for word in found if len(word) == 2))


class Classes:
    """Finds which word classes a text touches."""

    def __init__(self, classes: Iterable[WordClass]) -> None:
        """Index the words of both languages."""
        self._zh: dict[str, set[str]] = {}
        self._en: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self.populations: dict[str, tuple[str, ...]] = {}
        for group in classes:
            self.populations[group.name] = group.populations
            for word in group.zh:
                self._zh.setdefault(fold(word), set()).add(group.name)
            for word in group.en:
                stems = tuple(english(word))
                if stems:
                    self._en.setdefault(stems[0], []).append((stems, group.name))
        self._longest = max(map(len, self._zh), default=0)

    @property
    def words(self) -> Set[str]:
        """Return the Chinese words."""
        return self._zh.keys()

    @property
    def stems(self) -> set[str]:
        """Return the stems that English words of a class begin with or hold."""
        return {stem for rows in self._en.values() for stems, _ in rows for stem in stems}

    def of(self, folded: str) -> set[str]:
        """Return the classes whose words stand in a folded text."""
        found: set[str] = set()
        for start in range(len(folded)):
            for end in range(start + 1, min(len(folded), start + self._longest) + 1):
                found |= self._zh.get(folded[start:end], set())
        return found | self._of_stems(english(folded))

    def _of_stems(self, stems: Sequence[str]) -> set[str]:
        return {
            name
            for at, stem in enumerate(stems)
            for wanted, name in self._en.get(stem, ())
            if tuple(stems[at : at + len(wanted)]) == wanted
        }
