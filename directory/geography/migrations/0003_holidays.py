"""Load the holidays and make-up workdays that the State Council announced."""

import csv

from django.conf import settings
from django.db import migrations


def load(apps, schema_editor):
    day_model = apps.get_model("geography", "CalendarDay")
    with (settings.FIXTURES_DIR / "cn_holidays.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    known = set(day_model.objects.filter(area=None).values_list("on", flat=True))
    day_model.objects.bulk_create(
        day_model(
            on=row["on"],
            kind=row["kind"],
            acts_as=row["acts_as"],
            name=row["name_zh"],
            translations={"en": {"name": row["name_en"]}},
        )
        for row in rows
        if row["on"] not in {day.isoformat() for day in known}
    )


class Migration(migrations.Migration):
    dependencies = [("geography", "0002_regions")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
