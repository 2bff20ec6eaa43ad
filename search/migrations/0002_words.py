"""Loads use-references, word classes and safety wordings from the fixtures; may run again."""

import csv
from pathlib import Path

from django.conf import settings
from django.db import migrations

from core.text import fold
from search.suggestions import keys_of_term


def _rows(name: str):
    with (Path(settings.FIXTURES_DIR) / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _references():
    """The synonym columns of the taxonomy, which the catalogue never holds, and what editors added."""
    for row in _rows("taxonomy.csv"):
        if row["parent_id"]:
            for language in ("zh", "en"):
                for text in filter(None, row[f"synonyms_{language}"].split("|")):
                    yield row["code"], language, text.strip()
    for row in _rows("lexicon/use_references.csv"):
        yield row["code"], row["language"], row["text"]


def load(apps, schema_editor):
    UseReference = apps.get_model("search", "UseReference")
    made = {
        (language, fold(text), code): UseReference(
            code=code, language=language, text=text, folded=fold(text), origin="fixture"
        )
        for code, language, text in _references()
    }
    UseReference.objects.bulk_create(made.values(), ignore_conflicts=True, batch_size=500)
    _load_classes(apps)
    SafetyTrigger = apps.get_model("search", "SafetyTrigger")
    SafetyTrigger.objects.bulk_create(
        [SafetyTrigger(**row) for row in _rows("lexicon/safety.csv")],
        ignore_conflicts=True,
        batch_size=500,
    )
    _load_keys(apps)
    LexiconState = apps.get_model("search", "LexiconState")
    if not LexiconState.objects.exists():
        LexiconState.objects.create(number=1)


def _load_classes(apps):
    WordClass = apps.get_model("search", "WordClass")
    Word = apps.get_model("search", "WordClassWord")
    rows = list(_rows("lexicon/word_classes.csv"))
    WordClass.objects.bulk_create(
        [
            WordClass(name=name, population=[code for code in population.split("|") if code])
            for name, population in {r["class"]: r["population"] for r in rows}.items()
        ],
        ignore_conflicts=True,
    )
    ids = dict(WordClass.objects.values_list("name", "pk"))
    Word.objects.bulk_create(
        [
            Word(word_class_id=ids[r["class"]], language=r["language"], word=r["word"])
            for r in rows
        ],
        ignore_conflicts=True,
        batch_size=500,
    )


def _load_keys(apps):
    """Spell every term; later changes of terms and wordings rewrite these keys."""
    SuggestKey = apps.get_model("search", "SuggestKey")
    Term = apps.get_model("catalogue", "TaxonomyTerm")
    wordings = {}
    for code, text in apps.get_model("search", "UseReference").objects.values_list("code", "text"):
        wordings.setdefault(code, []).append(text)
    if SuggestKey.objects.filter(kind="term").exists():
        return
    leaves = Term.objects.filter(taxonomy__code="shegong-cn", parent__isnull=False)
    rows = []
    for code, name, translations in leaves.values_list("code", "name", "translations"):
        english = translations.get("en", {}).get("name", "")
        for key in keys_of_term(code, name, english, wordings.get(code, [])):
            fields = ("key", "kind", "form", "code", "label_zh", "label_en", "weight", "audience")
            rows.append(SuggestKey(**{field: getattr(key, field) for field in fields}))
    SuggestKey.objects.bulk_create(rows, batch_size=2000)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial"), ("catalogue", "0003_taxonomies")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
