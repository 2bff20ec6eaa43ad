"""The lexicon as one value: what a planner asks, made from plain rows."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from core.text import fold, sounds
from search import analysis
from search.lexicon.concepts import Concepts
from search.lexicon.spelling import Homophones, Stems
from search.lexicon.spoken import Spoken
from search.lexicon.words import Classes, Phrase, Trigger, WordClass


@dataclass(frozen=True, slots=True)
class AreaName:
    """A name of a division as people write it, with the codes that bear it."""

    name: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything that turns words into terms; never changed after it is built."""

    concepts: Concepts
    classes: Classes
    homophones: Homophones
    stems: Stems
    spoken: Spoken
    words: frozenset[str]
    displayed: frozenset[str]
    triggers: tuple[Trigger, ...] = ()
    areas: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)
    generation: int = 0


def _han_words(phrases: Iterable[Phrase], classes: Classes) -> frozenset[str]:
    runs = (run for phrase in phrases for run in analysis.runs(phrase.text))
    own = {run for run in runs if analysis.is_han(run) and 2 <= len(run) <= 8}
    return frozenset(own | {word for word in classes.words if 2 <= len(word) <= 8})


def _stem_counts(concepts: Concepts) -> Counter[str]:
    counts = Counter({f: n for f, n in concepts.df.items() if f.isascii() and f[0] != "~"})
    counts.update(dict.fromkeys(concepts.classes.stems, 1))
    return counts


def build(
    phrases: Sequence[Phrase],
    classes: Iterable[WordClass],
    *,
    spoken: Iterable[tuple[str, str, bool]],
    triggers: Iterable[Trigger] = (),
    areas: Mapping[str, tuple[str, ...]] | None = None,
    categories: Mapping[str, str] | None = None,
    generation: int = 0,
) -> Lexicon:
    """Build the lexicon from rows; the same rows always give the same lexicon."""
    groups = Classes(classes)
    concepts = Concepts(phrases, groups)
    words = _han_words(concepts.phrases, groups)
    return Lexicon(
        concepts=concepts,
        classes=groups,
        homophones=Homophones(concepts.df, words, sounds),
        stems=Stems(_stem_counts(concepts)),
        spoken=Spoken(spoken),
        words=words,
        displayed=frozenset(fold(phrase.text) for phrase in concepts.phrases if phrase.is_name),
        triggers=tuple(Trigger(t.topic, fold(t.phrase)) for t in triggers),
        areas=areas or {},
        categories=categories or {},
        generation=generation,
    )
