"""Request to plan: all linguistics and all weights, no engine and no database."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from core.text import fold
from search import analysis, safety
from search.lexicon import Lexicon
from search.lexicon.spoken import typed
from search.lexicon.words import cut, rejoined
from search.requests import USED_TEXT, Audience, Box, Filter, SearchRequest, Sort

STRICT, RELAXED = 0.60, 0.25
_MOST_TOKENS = 64
_OPTIONAL = 0.5
_SHARE = 0.7
# Words of a request that name no need; what is left between known words loses them.
_FILLERS = (
    "怎么办", "怎么", "哪里", "哪儿", "有没有", "需要", "希望", "想要", "尽快", "想找",
    "想", "我要", "请问", "如何", "一下", "可以", "能不能", "什么", "了", "吗", "呢",
    "吧", "的", "我", "你", "他", "她", "在", "是", "有", "和", "与", "及", "或",
)  # fmt: skip
_FILLER = re.compile("|".join(sorted(_FILLERS, key=len, reverse=True)))

Stage = Literal["browse", "strict", "relaxed", "related"]


def dyadic(value: float) -> float:
    """Round to a multiple of 1/64, so that float32 sums are exact in any order."""
    return round(64 * value) / 64


@dataclass(frozen=True, slots=True)
class Group:
    """Words that must be found together: enough of the tokens, or a term that says the same."""

    tokens: tuple[str, ...]
    min_match: int
    size: int
    concepts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Geo:
    """Where the visitor is, and what else counts as near: areas that a service covers."""

    lat: float | None = None
    lon: float | None = None
    radius_m: float | None = None
    covers: tuple[str, ...] = ()
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """All that an engine needs: finished tokens, finished weights, conditions."""

    stage: Stage
    groups: tuple[Group, ...] = ()
    weights: Mapping[str, float] = field(default_factory=dict)
    concepts: tuple[tuple[str, float], ...] = ()
    categories: tuple[tuple[str, float], ...] = ()
    exact: str = ""
    ids: tuple[tuple[int, float], ...] = ()
    prefer: tuple[str, ...] = ()
    min_tokens: int = 0
    filters: tuple[Filter, ...] = ()
    geo: Geo | None = None
    sched: frozenset[int] | None = None
    today: int = 0
    facets: tuple[str, ...] = ()
    sort: Sort = "best"
    language: str = "zh"
    offset: int = 0
    limit: int = 25
    audience: Audience = "public"
    without: tuple[int, ...] = ()

    @property
    def mandatory(self) -> tuple[str, ...]:
        """Return the tokens of all groups, each once."""
        return tuple(dict.fromkeys(token for group in self.groups for token in group.tokens))

    @property
    def admitting(self) -> tuple[str, ...]:
        """Return the terms that admit a document by themselves when the plan is relaxed."""
        return tuple(code for code, weight in self.concepts if weight >= RELAXED)


@dataclass(frozen=True, slots=True)
class Statistics:
    """How many documents hold a token; what is not listed counts as one."""

    documents: int = 0
    df: Mapping[str, int] = field(default_factory=dict)

    def idf(self, token: str) -> float:
        """Return how rare a token is, from 0.05 to 1."""
        n, df = self.documents, min(self.df.get(token, 1), self.documents)
        rarest = math.log(1 + (n + 0.5) / 0.5)
        return max(0.05, math.log(1 + (n - df + 0.5) / (df + 0.5)) / rarest)


@dataclass(frozen=True, slots=True)
class Reading:
    """How a text was understood, before any condition is added."""

    folded: str = ""
    groups: tuple[Group, ...] = ()
    optional: tuple[str, ...] = ()
    concepts: Mapping[str, float] = field(default_factory=dict)
    classes: frozenset[str] = frozenset()
    corrections: tuple[tuple[str, str], ...] = ()
    populations: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    exact: str = ""
    letters: str | None = None
    sentence: bool = False
    truncated: bool = False

    @property
    def empty(self) -> bool:
        """Say whether the text holds nothing that could be looked for."""
        return not (self.groups or self.optional or self.concepts)


@dataclass(slots=True)
class _Draft:
    """What is collected while the runs of a text are read."""

    groups: list[tuple[list[str], int, int]] = field(default_factory=list)
    optional: list[str] = field(default_factory=list)
    singles: list[str] = field(default_factory=list)
    extra: dict[str, float] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    corrected: dict[str, str] = field(default_factory=dict)
    han: int = 0
    latin: int = 0


def read(text: str, lexicon: Lexicon) -> Reading:
    """Understand a text: groups, terms, corrections, places and topics of danger."""
    used = text[:USED_TEXT]
    folded = fold(used)
    areas, without = _areas(folded, lexicon)
    draft = _Draft()
    letters = typed(used)
    spoken = lexicon.spoken.weights(letters) if letters else {}
    runs = analysis.runs(without)
    for run in runs:
        if analysis.is_han(run):
            _read_han(run, draft, lexicon)
        else:
            _read_word(run, draft, lexicon, last=run is runs[-1], correct=not spoken)
    for run in analysis.runs(folded) if areas else ():
        draft.optional += analysis.run_tokens(run)
    if not draft.groups:
        draft.groups = [([token], 1, 1) for token in dict.fromkeys(draft.singles)]
    else:
        draft.optional += draft.singles
    for word in rejoined(without, lexicon.words):
        draft.extra[word] = 1.0
        draft.optional.append(word)
    corrected = _corrected(without, draft)
    features = _features(without, corrected, draft, lexicon)
    concepts = lexicon.concepts.weights(features)
    for code, weight in spoken.items():
        concepts[code] = max(concepts.get(code, 0.0), weight)
    concepts = dict(sorted(concepts.items(), key=lambda item: (-item[1], item[0])))
    classes = frozenset(f[1:] for f in features if f.startswith("~"))
    kept = draft.groups[:_MOST_TOKENS]
    return Reading(
        folded=folded,
        groups=tuple(_group(row, concepts, spoken, lexicon) for row in kept),
        optional=tuple(dict.fromkeys(draft.optional))[:_MOST_TOKENS],
        concepts=concepts,
        classes=classes,
        corrections=_shown(draft.corrected, lexicon),
        populations=tuple(
            dict.fromkeys(p for name in sorted(classes) for p in lexicon.classes.populations[name])
        ),
        areas=areas,
        topics=safety.topics_of(
            _forms(folded, corrected, letters), concepts, classes, lexicon.triggers
        ),
        exact=analysis.exact(used) if analysis.runs(used) else "",
        letters=letters,
        sentence=len(draft.groups) > 4 or draft.han > 12 or draft.latin > 6,
        truncated=len(text) > USED_TEXT or len(draft.groups) > _MOST_TOKENS,
    )


def _areas(folded: str, lexicon: Lexicon) -> tuple[tuple[str, ...], str]:
    """Return the codes of the longest area name in the text and the text without the name."""
    best = ""
    for start in range(len(folded)):
        for end in range(min(len(folded), start + 20), start + max(1, len(best)), -1):
            name = folded[start:end]
            if name in lexicon.areas and _stands_alone(folded, start, end):
                best = name
                break
    if not best or best == folded.strip():
        return (lexicon.areas[best], folded) if best else ((), folded)
    return lexicon.areas[best], folded.replace(best, " ", 1)


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Say whether a Latin name is a word of its own; Han has no such border."""
    if not text[start:end].isascii():
        return True
    return not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum())


def _read_han(run: str, draft: _Draft, lexicon: Lexicon) -> None:
    draft.han += len(run)
    if len(run) == 1:
        draft.singles.append(run)
        return
    for part, known in cut(run, lexicon.words):
        pieces = [part] if known else _FILLER.split(part)
        for piece in pieces:
            if len(piece) == 1:
                draft.singles.append(piece)
            elif piece:
                draft.groups.append(_han_group(piece, draft, lexicon, known=known))
    inside = {token for tokens, _, _ in draft.groups for token in tokens}
    for pair in analysis.run_tokens(run):
        if pair not in inside:
            draft.optional.append(pair)
            _correct(pair, draft, lexicon)


def _correct(pair: str, draft: _Draft, lexicon: Lexicon) -> str | None:
    better = lexicon.homophones.correct(pair)
    if better:
        draft.extra[better] = 1.0
        draft.corrected[pair] = better
    return better


def _han_group(
    piece: str, draft: _Draft, lexicon: Lexicon, *, known: bool
) -> tuple[list[str], int, int]:
    pairs = list(dict.fromkeys(analysis.run_tokens(piece)))
    size = len(pairs)
    needed = size if known or size < 3 else math.ceil(_SHARE * size)
    better = [] if known else [b for pair in pairs if (b := _correct(pair, draft, lexicon))]
    return [*pairs, *(b for b in better if b not in pairs)], needed, size


def _read_word(run: str, draft: _Draft, lexicon: Lexicon, *, last: bool, correct: bool) -> None:
    draft.latin += 1
    for token in analysis.run_tokens(run):
        better = lexicon.stems.correct(token) if correct else None
        if correct and last and not better:
            better = lexicon.stems.complete(token)
        if better:
            draft.extra[better] = 1.0
            draft.gone.add(token)
            draft.corrected[run] = better
        draft.groups.append(([token, better] if better else [token], 1, 1))


def _corrected(folded: str, draft: _Draft) -> str:
    for wrong, right in draft.corrected.items():
        folded = folded.replace(wrong, right)
    return folded


def _features(folded: str, corrected: str, draft: _Draft, lexicon: Lexicon) -> dict[str, float]:
    features = dict.fromkeys(sorted(lexicon.concepts.features(folded) - draft.gone), 1.0)
    if draft.extra:
        features |= dict.fromkeys(sorted(draft.extra), 1.0)
        corrected = " ".join([corrected, *sorted(draft.extra)])
        classes = {f"~{name}" for name in lexicon.classes.of(corrected)}
        features |= dict.fromkeys(sorted(classes), 1.0)
    return features


def _group(
    row: tuple[list[str], int, int],
    concepts: Mapping[str, float],
    spoken: Mapping[str, float],
    lexicon: Lexicon,
) -> Group:
    tokens, needed, size = row
    text = tokens[0] + "".join(token[-1] for token in tokens[1:size]) if size > 1 else tokens[0]
    classes = {f"~{name}" for name in lexicon.classes.of(text)}
    sharing = lexicon.concepts.sharing({*tokens, *classes})
    says = (c for c, w in concepts.items() if w >= STRICT and (c in sharing or c in spoken))
    return Group(tuple(tokens), needed, size, tuple(sorted(says)))


def _shown(corrected: Mapping[str, str], lexicon: Lexicon) -> tuple[tuple[str, str], ...]:
    """Keep the corrections whose better form stands in a displayed name."""
    return tuple(
        (wrong, right)
        for wrong, right in corrected.items()
        if any(right in name for name in lexicon.displayed)
    )


def _forms(folded: str, corrected: str, letters: str | None) -> Iterator[str]:
    yield folded
    if corrected != folded:
        yield corrected
    if letters:
        yield letters


def plan(
    request: SearchRequest,
    reading: Reading,
    statistics: Statistics,
    lexicon: Lexicon,
    **facts: object,
) -> Plan:
    """Put a reading and the conditions of a request into one plan of the first stage."""
    base = Plan(
        stage="browse",
        filters=request.filters,
        facets=request.facets,
        sort=request.sort,
        language=request.language,
        offset=(request.page - 1) * request.per_page,
        limit=request.per_page,
        prefer=tuple(dict.fromkeys((*request.prefer, *reading.populations))),
        **facts,  # type: ignore[arg-type]  # audience, ids, geo and sched of the caller
    )
    if not request.text.strip():
        return base
    return replace(
        base,
        stage="relaxed" if reading.sentence else "strict",
        groups=reading.groups,
        weights=_weights(reading, statistics),
        concepts=tuple((code, dyadic(weight)) for code, weight in reading.concepts.items()),
        categories=_categories(reading.concepts, lexicon),
        exact=reading.exact,
        min_tokens=math.ceil(_SHARE * sum(group.size for group in reading.groups)),
    )


def _weights(reading: Reading, statistics: Statistics) -> dict[str, float]:
    raw: dict[str, float] = {}
    for group in reading.groups:
        for token in group.tokens:
            raw[token] = statistics.idf(token)
    for token in reading.optional:
        raw.setdefault(token, _OPTIONAL * statistics.idf(token))
    total = sum(raw.values())
    return {token: max(1, round(64 * value / total)) / 64 for token, value in raw.items()}


def _categories(concepts: Mapping[str, float], lexicon: Lexicon) -> tuple[tuple[str, float], ...]:
    best: dict[str, float] = {}
    for code, weight in concepts.items():
        category = lexicon.categories.get(code, code)
        best[category] = max(best.get(category, 0.0), dyadic(weight))
    return tuple(best.items())


def related(plan: Plan, lexicon: Lexicon, *, shown: Iterable[int], limit: int) -> Plan:
    """Turn a plan to the categories of its three best terms, without what is shown already."""
    best = [lexicon.categories.get(code, code) for code, _ in plan.concepts[:3]]
    return replace(
        plan,
        stage="related",
        categories=tuple((c, w) for c, w in plan.categories if c in best),
        without=tuple(sorted(shown)),
        facets=(),
        offset=0,
        limit=limit,
    )
