"""Index the few files that were erased."""

from django.db import migrations, models

from core.models import AddIndexOnline


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("casefiles", "0002_seeds"),
        ("catalogue", "0005_calendars"),
        ("geography", "0004_alter_geocodingprovider_created_at"),
    ]

    operations = [
        AddIndexOnline(
            model_name="client",
            index=models.Index(
                condition=models.Q(("erased_at__isnull", False)),
                fields=["erased_at"],
                name="client_erased",
            ),
        ),
    ]
