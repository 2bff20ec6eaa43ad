"""Load the divisions of China with their names; every run brings them back to the file."""

import csv

from django.conf import settings
from django.db import migrations

# These four stand for counties that a province governs itself, the fifth for those of Chongqing:
# they hold the tree together, nobody lives in a place of that name.
VIRTUAL = {"419000", "429000", "469000", "659000", "500200"}
FIELDS = ["name", "level", "parent_id", "path", "lat", "lon", "centroid_source", "virtual"]


def _paths(rows):
    """Return code → ancestor codes; the file names a parent before its children."""
    paths = {}
    for row in rows:
        paths[row["code"]] = f"{paths.get(row['parent_code'], '')}{row['code']}/"
    return paths


def _area(area_model, row, *, ids, path):
    virtual = row["code"] in VIRTUAL
    return area_model(
        code=row["code"],
        country="CN",
        language="zh-Hans",
        translations={"en": {"name": row["name_en"]}} if row["name_en"] else {},
        name=row["name_zh"],
        level=row["level"],
        parent_id=ids.get(row["parent_code"]),
        path=path,
        lat=None if virtual else row["lat"] or None,
        lon=None if virtual else row["lon"] or None,
        centroid_source="none" if virtual else row["coord_source"] or "none",
        virtual=virtual,
    )


def _names(name_model, ids, rows):
    for row in rows:
        if row["code"] in VIRTUAL:
            continue
        syllables = row["pinyin"].split()
        names = (("full", row["name_zh"]), ("short", row["short_zh"]), ("alias", row["name_en"]))
        for kind, name in names:
            # One syllable a character; an English name is its own spelling.
            heard = syllables[: len(name)] if kind != "alias" else []
            if name:
                yield name_model(
                    area_id=ids[row["code"]],
                    name=name,
                    kind=kind,
                    pinyin="".join(heard),
                    initials="".join(syllable[0] for syllable in heard),
                )


def load(apps, schema_editor):
    area_model = apps.get_model("geography", "Area")
    name_model = apps.get_model("geography", "AreaName")
    with (settings.FIXTURES_DIR / "cn_regions.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    paths, ids = _paths(rows), {}
    for level in ("province", "city", "county"):
        area_model.objects.bulk_create(
            (
                _area(area_model, row, ids=ids, path=paths[row["code"]])
                for row in rows
                if row["level"] == level
            ),
            update_conflicts=True,
            unique_fields=["country", "code"],
            update_fields=FIELDS,
        )
        ids = dict(area_model.objects.filter(country="CN").values_list("code", "pk"))
    name_model.objects.bulk_create(_names(name_model, ids, rows), ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("geography", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
