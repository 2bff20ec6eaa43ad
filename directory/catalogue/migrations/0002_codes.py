"""Load the code sets; labels that people have edited since are left alone."""

import csv

from django.conf import settings
from django.db import migrations

# These become vocabularies instead, so that they travel as attributes of listings.
VOCABULARIES = {"eligibility", "fee", "application", "accessibility"}


def load(apps, schema_editor):
    code_model = apps.get_model("catalogue", "Code")
    known = set(code_model.objects.values_list("set", "code"))
    order = {}
    rows = []
    with (settings.FIXTURES_DIR / "codes.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            place = order[row["set"]] = order.get(row["set"], -1) + 1
            if row["set"] in VOCABULARIES or (row["set"], row["code"]) in known:
                continue
            rows.append(
                code_model(
                    set=row["set"],
                    code=row["code"],
                    name=row["name_zh"],
                    description=row["description"],
                    translations={"en": {"name": row["name_en"]}},
                    order=place,
                )
            )
    code_model.objects.bulk_create(rows)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
