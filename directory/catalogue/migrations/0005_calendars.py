"""Give everybody's working hours, and the head of the change feed."""

from django.db import migrations


def load(apps, schema_editor):
    calendar = apps.get_model("catalogue", "WorkCalendar").objects
    if not calendar.filter(organization__isnull=True).exists():
        calendar.create()
    apps.get_model("catalogue", "ChangeHead").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0004_hotlines")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
