"""The lexicon of this process: read from the tables, kept until an editor saves."""

import time
from collections.abc import Iterable
from threading import Lock

from core.text import fold
from directory.catalogue.models import TaxonomyTerm
from directory.geography.models import AreaName
from search.lexicon.lexicon import Lexicon, build
from search.lexicon.words import Phrase, Trigger, WordClass, names
from search.models import (
    LexiconState,
    SafetyTrigger,
    SuggestKey,
    UseReference,
    WordClassWord,
)
from search.states import Form, Kind, Language

TAXONOMY = "shegong-cn"
_LOOK_EVERY = 2.0


class _Kept:
    """What this process holds."""

    def __init__(self) -> None:
        self.lock, self.looked_at = Lock(), 0.0
        self.lexicon: Lexicon | None = None


_kept = _Kept()


def current() -> Lexicon:
    """Return the lexicon, rebuilt when its number changed; the number is read every two seconds."""
    if _kept.lexicon and time.monotonic() < _kept.looked_at + _LOOK_EVERY:
        return _kept.lexicon
    number = LexiconState.objects.values_list("number", flat=True).first() or 0
    with _kept.lock:
        if _kept.lexicon is None or _kept.lexicon.generation != number:
            _kept.lexicon = _read(number)
        _kept.looked_at = time.monotonic()
        return _kept.lexicon


def forget() -> None:
    """Drop what is held; the next request reads the tables again."""
    _kept.lexicon, _kept.looked_at = None, 0.0


def term_phrases(name: str, name_en: str, code: str) -> list[Phrase]:
    """Return the names of a term, whole and in the parts that its punctuation makes."""
    zh = names(name, marks="（）()、")
    en = names(name_en, marks="()") if name_en else []
    return [Phrase(code, text, is_name=True) for text in (*zh, *en)]


def _read(number: int) -> Lexicon:
    terms = list(
        TaxonomyTerm.objects.current()
        .filter(taxonomy__code=TAXONOMY)
        .values_list("code", "name", "translations", "parent__code")
    )
    leaves = [row for row in terms if row[3]]
    phrases = [
        phrase
        for code, name, translations, _ in leaves
        for phrase in term_phrases(name, translations.get("en", {}).get("name", ""), code)
    ]
    known = {code for code, *_ in leaves}
    references = UseReference.objects.filter(active=True).values_list("code", "text")
    phrases += [Phrase(code, text) for code, text in references if code in known]
    triggers = SafetyTrigger.objects.filter(active=True).values_list("topic", "phrase")
    return build(
        _distinct(phrases),
        _classes(),
        spoken=_spoken(known),
        triggers=[Trigger(topic, phrase) for topic, phrase in triggers],
        areas=_areas(),
        categories={code: parent for code, _, _, parent in leaves},
        generation=number,
    )


def _distinct(phrases: Iterable[Phrase]) -> list[Phrase]:
    return list({(p.code, fold(p.text)): p for p in reversed(list(phrases))}.values())


def _classes() -> list[WordClass]:
    rows = WordClassWord.objects.filter(active=True).values_list(
        "word_class__name", "word_class__population", "language", "word"
    )
    words: dict[str, dict[str, list[str]]] = {}
    populations: dict[str, tuple[str, ...]] = {}
    for name, population, language, word in rows:
        words.setdefault(name, {"zh": [], "en": []})[language].append(word)
        populations[name] = tuple(population)
    return [
        WordClass(name, tuple(of[Language.ZH]), tuple(of[Language.EN]), populations[name])
        for name, of in sorted(words.items())
    ]


def _spoken(known: set[str]) -> list[tuple[str, str, bool]]:
    rows = SuggestKey.objects.filter(kind=Kind.TERM, form__in=[Form.SOUND, Form.INITIALS])
    return [
        (code, bytes(key).decode(), form == Form.INITIALS)
        for code, key, form in rows.values_list("code", "key", "form")
        if code in known
    ]


def _areas() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    rows = AreaName.objects.filter(area__virtual=False, area__retired_on=None)
    for name, code in rows.order_by("area__code").values_list("name", "area__code"):
        folded = fold(name)
        if len(folded) >= 2:
            found.setdefault(folded, []).append(code)
    return {name: tuple(codes) for name, codes in found.items()}
