"""Load the vocabularies: names alone, never the words people search by."""

import csv
import uuid

from django.conf import settings
from django.db import migrations
from django.utils import timezone

PRODUCT = uuid.uuid5(uuid.NAMESPACE_DNS, "linkwell")
OWN = ("shegong-cn", "社工服务分类", "Social work service categories", "1.0")
SETS = {
    "population": ("服务人群", "Population groups"),
    "eligibility": ("申请条件", "Eligibility"),
    "fee": ("收费", "Fees"),
    "application": ("申请方式", "Ways to apply"),
    "accessibility": ("无障碍", "Accessibility"),
}


def _rows(name):
    with (settings.FIXTURES_DIR / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _uid(text):
    """Return the same public name in every installation."""
    return uuid.uuid5(PRODUCT, text)


class Loader:
    """Brings vocabularies and terms to the state of the files, by code."""

    def __init__(self, apps):
        self.taxonomies = apps.get_model("catalogue", "Taxonomy").objects
        self.terms = apps.get_model("catalogue", "TaxonomyTerm").objects
        self.mappings = apps.get_model("catalogue", "TermMapping").objects
        self.changes = apps.get_model("catalogue", "ListingChange").objects

    def taxonomy(self, code, zh, en, version=""):
        row, made = self.taxonomies.get_or_create(
            code=code,
            defaults={
                "uid": _uid(f"taxonomy:{code}"),
                "name": zh,
                "translations": {"en": {"name": en}},
                "vocabulary_version": version,
            },
        )
        self._tell("taxonomy", row, made)
        return row

    def term(self, taxonomy, code, zh, en, description="", parent=None):
        row, made = self.terms.get_or_create(
            taxonomy=taxonomy,
            code=code,
            defaults={
                "uid": _uid(f"taxonomy_term:{taxonomy.code}:{code}"),
                "name": zh,
                "description": description,
                "translations": {"en": {"name": en}},
                "parent": parent,
            },
        )
        if made:
            row.path = f"{parent.path if parent else '/'}{row.pk}/"
            row.save()
        self._tell("taxonomy_term", row, made)
        return row

    def mapping(self, term, text):
        code, _blank, label = text.partition(" ")
        if code:
            self.mappings.get_or_create(
                term=term, scheme="open-eligibility-2.0", code=code, defaults={"label": label}
            )

    def _tell(self, table, row, made):
        if made:
            self.changes.create(table=table, uid=row.uid, action="upsert", at=timezone.now())


def load(apps, schema_editor):
    loader = Loader(apps)
    taxonomy, terms = loader.taxonomy(*OWN), {}
    for row in _rows("taxonomy.csv"):
        parent = terms.get(row["parent_id"])
        term = loader.term(taxonomy, row["code"], row["name_zh"], row["name_en"], parent=parent)
        loader.mapping(term, row["open_eligibility"])
        terms[row["id"]] = term
    sets = {code: loader.taxonomy(code, *names) for code, names in SETS.items()}
    for row in _rows("codes.csv"):
        if row["set"] in sets:
            loader.term(
                sets[row["set"]], row["code"], row["name_zh"], row["name_en"], row["description"]
            )


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0002_codes")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
