"""The one analyzer: text to tokens, for documents and queries of every engine alike."""

import hashlib
import re
from collections.abc import Iterator, Set
from functools import cache
from itertools import pairwise
from pathlib import Path

import Stemmer

from core.text import fold, readings

# Raised with every change of this module, of t2s.txt or of stop_en.txt; the golden file tells.
ANALYZER_VERSION = 1

_HAN = (
    "\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
)
# Kana and hangul have no blanks between words either, so they are cut like Han.
_RUN = re.compile(rf"[{_HAN}]+|[a-z0-9]+|[^\W\d_a-z{_HAN}]+")
_IS_HAN = re.compile(rf"[{_HAN}]")
_LATIN = re.compile(r"[a-z0-9]+")
_MAX_BYTES = 64
STOP = frozenset(
    line
    for line in (Path(__file__).parent / "data/stop_en.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
)
_stemmer = Stemmer.Stemmer("english")


def runs(text: str) -> list[str]:
    """Cut a text into maximal runs of one script; everything else separates."""
    return _RUN.findall(fold(text))


def is_han(run: str) -> bool:
    """Say whether a run is written without blanks between its words."""
    return bool(_IS_HAN.match(run))


@cache
def _stem(word: str) -> str:
    return str(_stemmer.stemWord(word[:_MAX_BYTES]))


def stem(word: str) -> str | None:
    """Return the English stem of a Latin run, or None for a function word."""
    return None if word in STOP else _stem(word)


def run_tokens(run: str, *, singles: bool = False) -> Iterator[str]:
    """Yield the tokens of one run: bigrams of Han, the stem of Latin, other scripts whole."""
    if is_han(run):
        if len(run) == 1:
            yield run
            return
        yield from map("".join, pairwise(run))
        if singles:
            yield from run
    elif _LATIN.fullmatch(run):
        if (word := stem(run)) is not None:
            yield word
    else:
        yield run.encode()[:_MAX_BYTES].decode(errors="ignore")


def tokens(text: str, *, singles: bool = False) -> list[str]:
    """Return the tokens of a text in order; none holds white space or exceeds 64 bytes."""
    return [token for run in runs(text) for token in run_tokens(run, singles=singles)]


def exact(text: str) -> str:
    """Return the key that equal names share, whatever blanks and punctuation they have."""
    joined = "".join(runs(text)).encode()
    return "=" + hashlib.blake2b(joined, digest_size=6).hexdigest()


def sounds(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the joined pinyin readings of a Han text, ü as v and as u, and its initials (True)."""
    parts = runs(text)
    if not parts or not all(is_han(run) for run in parts):
        return
    for syllables in readings(text):
        joined = "".join(syllables)
        yield joined, False
        if "v" in joined:
            yield joined.replace("v", "u"), False
        if len(syllables) >= 3:
            yield "".join(syllable[0] for syllable in syllables), True


def _folded_with_offsets(text: str) -> tuple[str, list[int]]:
    folded: list[str] = []
    offsets: list[int] = []
    for position, character in enumerate(text):
        part = fold(character)
        folded.append(part)
        offsets += [position] * len(part)
    return "".join(folded), offsets


def highlight(text: str, query_tokens: Set[str]) -> list[tuple[int, int]]:
    """Return the ranges of the original text that hold what the visitor typed."""
    folded, offsets = _folded_with_offsets(text)
    found: list[tuple[int, int]] = []
    for match in _RUN.finditer(folded):
        run, start = match[0], match.start()
        spans = _spans(run, query_tokens)
        found += [(offsets[start + a], offsets[start + b - 1] + 1) for a, b in spans]
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _spans(run: str, query_tokens: Set[str]) -> Iterator[tuple[int, int]]:
    if not is_han(run):
        if not query_tokens.isdisjoint(run_tokens(run)):
            yield 0, len(run)
        return
    for size in (1, 2):
        for start in range(len(run) - size + 1):
            if run[start : start + size] in query_tokens:
                yield start, start + size
