"""Everyday words and the terms they lead to, held in memory and rebuilt when an editor saves."""

from search.lexicon.lexicon import Lexicon, build
from search.lexicon.store import current, forget, term_phrases
from search.lexicon.words import Phrase, Trigger, WordClass

__all__ = [
    "Lexicon",
    "Phrase",
    "Trigger",
    "WordClass",
    "build",
    "current",
    "forget",
    "term_phrases",
]
