"""What is written beside the documents: suggestion keys and interned timetables."""

import json
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import F

from directory.catalogue.models import Service, TaxonomyTerm
from directory.catalogue.states import narrowest
from search import lexicon, suggestions
from search.lexicon.store import TAXONOMY
from search.models import LexiconState, SuggestKey, Timetable, UseReference
from search.states import Kind
from search.timetables import Spec

_BATCH = 2000


# Ids are never used again, so what was looked up once stays true.
_interned: dict[str, int] = {}


def forget() -> None:
    """Drop what is held; tests begin with an empty table."""
    _interned.clear()


def intern(specs: Iterable[Spec]) -> dict[Spec, int]:
    """Return the id of each set of rules, storing those that are new."""
    wanted = {spec: spec.hash for spec in specs}
    new = {hash_: spec for spec, hash_ in wanted.items() if hash_ not in _interned}
    if new:
        rows = [
            Timetable(hash=hash_, spec=json.loads(s.rules), zone=s.zone, region=s.region)
            for hash_, s in new.items()
        ]
        Timetable.objects.bulk_create(rows, ignore_conflicts=True)
        known = Timetable.objects.filter(hash__in=new).values_list("hash", "pk")
        _interned.update(known)
    return {spec: _interned[hash_] for spec, hash_ in wanted.items()}


def words_changed(*, keys: bool = False) -> None:
    """Tell every process to read the words again, and the worker to spell the terms anew."""
    changes = {"number": F("number") + 1} | ({"keys_are_old": True} if keys else {})
    if not LexiconState.objects.update(**changes):
        LexiconState.objects.create(keys_are_old=keys)


def terms_changed(term_ids: Sequence[int]) -> None:
    """Note that terms changed; words of foreign vocabularies lead nowhere and count for nothing."""
    if TaxonomyTerm.objects.filter(pk__in=term_ids, taxonomy__code=TAXONOMY).exists():
        words_changed(keys=True)


def refresh_if_old() -> None:
    """Spell the terms anew if one changed."""
    if LexiconState.objects.filter(keys_are_old=True).exists():
        refresh_terms()


def refresh_terms() -> None:
    """Rewrite the keys of all terms after a name, a term or a wording changed."""
    references: dict[str, list[str]] = {}
    for code, text in UseReference.objects.filter(active=True).values_list("code", "text"):
        references.setdefault(code, []).append(text)
    terms = TaxonomyTerm.objects.current().filter(taxonomy__code=TAXONOMY, parent__isnull=False)
    rows: list[SuggestKey] = []
    for code, name, translations in terms.values_list("code", "name", "translations"):
        english = translations.get("en", {}).get("name", "")
        rows += suggestions.keys_of_term(code, name, english, references.get(code, []))
    with transaction.atomic():
        SuggestKey.objects.filter(kind=Kind.TERM).delete()
        SuggestKey.objects.bulk_create(rows, batch_size=_BATCH)
        LexiconState.objects.update(number=F("number") + 1, keys_are_old=False)


def rewrite_keys(service_ids: Sequence[int], found: Iterable[int]) -> None:
    """Replace the keys of services and of their organizations by those of today."""
    services = list(Service.objects.filter(pk__in=list(found)).select_related("organization"))
    audiences = {s.pk: str(narrowest(s.audience, s.organization.audience)) for s in services}
    rows = suggestions.keys_of_services(services, audiences, regions=lexicon.current().areas)
    owners = {service.organization.uid for service in services}
    with transaction.atomic():
        SuggestKey.objects.filter(service_id__in=service_ids).delete()
        SuggestKey.objects.filter(kind=Kind.ORGANIZATION, target_uid__in=owners).delete()
        SuggestKey.objects.bulk_create(rows, batch_size=_BATCH)
