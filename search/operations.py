"""Every write that a person causes: words of the lexicon; and the tally."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.db import connection

from accounts.models import User
from accounts.operations import audited
from accounts.permissions import Permission
from core.jobs import today
from core.text import fold
from search.models import QueryTally, SafetyTrigger, UseReference, WordClass
from search.states import Language, Origin
from search.sync import words_changed

RARE_DAYS, OLD_DAYS, RARE = 30, 400, 3


# ---- Lexicon --------------------------------------------------------------------------------
def add_reference(
    code: str, *, by: User, text: str, language: str, origin: str = Origin.OPERATOR
) -> UseReference:
    """Let another wording lead to a term; a wording that was retired comes back."""
    by.must(Permission.LEXICON_EDIT)
    with audited(by=by, action="lexicon.reference_add", code=code) as record:
        row, _new = UseReference.objects.update_or_create(
            language=Language(language),
            folded=fold(text),
            code=code,
            defaults={"text": text, "origin": origin, "active": True},
        )
        record.on = row
        words_changed(keys=True)
    return row


def retire_reference(reference: UseReference, *, by: User) -> None:
    """Let a wording lead nowhere any more; it stays on file."""
    by.must(Permission.LEXICON_EDIT)
    with audited(by=by, action="lexicon.reference_retire", on=reference):
        UseReference.objects.filter(pk=reference.pk).update(active=False)
        words_changed(keys=True)


def add_class_word(group: WordClass, *, by: User, word: str, language: str) -> None:
    """Add a word to a class of words that mean the same."""
    by.must(Permission.LEXICON_EDIT)
    with audited(by=by, action="lexicon.word_add", on=group):
        group.words.update_or_create(
            language=Language(language), word=word, defaults={"active": True}
        )
        words_changed()


def retire_class_word(group: WordClass, *, by: User, word: str, language: str) -> None:
    """Take a word out of its class; it stays on file."""
    by.must(Permission.LEXICON_EDIT)
    with audited(by=by, action="lexicon.word_retire", on=group):
        group.words.filter(language=Language(language), word=word).update(active=False)
        words_changed()


def add_trigger(topic: str, *, by: User, phrase: str, language: str) -> SafetyTrigger:
    """Let a wording put the safety panel above the list."""
    by.must(Permission.LEXICON_EDIT)
    with audited(by=by, action="lexicon.trigger_add", topic=topic) as record:
        row, _new = SafetyTrigger.objects.update_or_create(
            topic=topic,
            phrase=fold(phrase),
            defaults={"language": Language(language), "active": True},
        )
        record.on = row
        words_changed()
    return row


def retire_trigger(trigger: SafetyTrigger, *, by: User) -> None:
    """Let a wording raise no panel any more; it stays on file."""
    by.must(Permission.LEXICON_EDIT)
    with audited(by=by, action="lexicon.trigger_retire", on=trigger):
        SafetyTrigger.objects.filter(pk=trigger.pk).update(active=False)
        words_changed()


# ---- Tally ----------------------------------------------------------------------------------
_ADD = """
INSERT INTO search_querytally (day, text, language, n, zero, low, relaxed)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (day, text, language) DO UPDATE SET
    n = search_querytally.n + excluded.n, zero = search_querytally.zero + excluded.zero,
    low = search_querytally.low + excluded.low,
    relaxed = search_querytally.relaxed + excluded.relaxed
"""


def add_tally(counts: Mapping[tuple[str, str, str], Mapping[str, int]], *, by: User) -> None:
    """Add what a process counted; figures of wordings are no audit matter."""
    if not by.is_system:
        by.must(Permission.SETTINGS_EDIT)
    columns = ("n", "zero", "low", "relaxed")
    rows: list[tuple[date | str | int, ...]] = [
        (date.fromisoformat(day), text, language, *(told.get(name, 0) for name in columns))
        for (day, text, language), told in sorted(counts.items())
    ]
    with connection.cursor() as cursor:
        cursor.executemany(_ADD, rows)


def forget_tally(*, by: User) -> int:
    """Delete rare wordings after 30 days, for they may name somebody, and all after 400."""
    by.must(Permission.SETTINGS_EDIT)
    rare = QueryTally.objects.filter(day__lt=today() - timedelta(days=RARE_DAYS), n__lt=RARE)
    old = QueryTally.objects.filter(day__lt=today() - timedelta(days=OLD_DAYS))
    with audited(by=by, action="tally.forget"):
        return rare.delete()[0] + old.delete()[0]
