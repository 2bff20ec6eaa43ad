"""How much a query speaks of a term: shared features of its wordings, weighed by rarity."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from core.text import fold
from search import analysis
from search.lexicon.words import Classes, Phrase

SINGLE = 0.35
CLASS = 0.5
NAME = 1.05
TIE = 0.2
CAP = 2.0
LEAST = 0.08
MOST = 24
# Characters that stand in every sentence; alone they say nothing about a need.
_COMMON = frozenset("的了吗呢啊吧我你他她它们是在有和与及或要想能会")


def lexical(text: str) -> set[str]:
    """Return the bigrams, single characters and stems that a text shares with a phrase."""
    found: set[str] = set()
    for run in analysis.runs(text):
        found.update(analysis.run_tokens(run))
        if analysis.is_han(run):
            found.update(character for character in run if character not in _COMMON)
    return found


def is_single(feature: str) -> bool:
    """Say whether a feature is one Han character, which weighs little."""
    return len(feature) == 1 and analysis.is_han(feature)


class Concepts:
    """An inverted index of features to phrases, and the weight of terms for a query."""

    def __init__(self, phrases: Sequence[Phrase], classes: Classes) -> None:
        """Count the features and lay out the postings by term."""
        self.phrases = sorted(phrases, key=lambda phrase: phrase.code)
        self.classes = classes
        features = [self.features(phrase.text) for phrase in self.phrases]
        self.df = Counter(feature for found in features for feature in found)
        self._n = len(self.phrases)
        postings: dict[str, list[int]] = {}
        for index, found in enumerate(features):
            for feature in found:
                postings.setdefault(feature, []).append(index)
        self._postings = {name: np.array(rows) for name, rows in postings.items()}
        self._norm = np.array([max(self.norm(found), 1e-9) for found in features] or [1.0])
        self._factor = np.array([NAME if phrase.is_name else 1.0 for phrase in self.phrases] or [1])
        codes = [phrase.code for phrase in self.phrases]
        self._codes = sorted(set(codes))
        first = {code: index for index, code in reversed(list(enumerate(codes)))}
        self._starts = np.array([first[code] for code in self._codes], dtype=int)

    def features(self, text: str) -> set[str]:
        """Return the lexical features of a text and, with a tilde, its word classes."""
        return lexical(text) | {f"~{name}" for name in self.classes.of(fold(text))}

    def square(self, feature: str) -> float:
        """Return f² of a feature: the rarer among the phrases, the more it says."""
        weight = math.log(1 + self._n / (1 + self.df.get(feature, 0)))
        return (weight * SINGLE if is_single(feature) else weight) ** 2

    def norm(self, features: Iterable[str]) -> float:
        """Return what a phrase with these features could score at most."""
        return sum(self.square(f) * (CLASS if f.startswith("~") else 1) for f in features)

    def weights(self, features: Mapping[str, float]) -> dict[str, float]:
        """Return the best terms with w ≥ 0.08 for features, each with the share that counts."""
        if not self.phrases or not features:
            return {}
        shared = np.zeros(self._n)
        total = 0.0
        for feature, share in features.items():
            square = self.square(feature)
            total += square * share * (CLASS if feature.startswith("~") else 1)
            rows = self._postings.get(feature)
            if rows is not None:
                shared[rows] += square * share
        covered = np.minimum(1, shared / self._norm)
        asked = np.minimum(1, shared / max(total, 1e-9))
        score = (0.5 * covered + 0.5 * asked) * self._factor
        best = np.maximum.reduceat(score, self._starts)
        weight = np.minimum(CAP, best + TIE * (np.add.reduceat(score, self._starts) - best))
        order = np.argsort(-weight, kind="stable")[:MOST]
        return {self._codes[i]: float(weight[i]) for i in order if weight[i] >= LEAST}

    def sharing(self, features: Iterable[str]) -> set[str]:
        """Return the terms that have a phrase with one of these features."""
        rows = [self._postings[f] for f in features if f in self._postings]
        return {self.phrases[i].code for i in np.unique(np.concatenate(rows))} if rows else set()
