"""Index what an inbox counts and what has ended."""

from django.conf import settings
from django.db import migrations, models

from core.models import AddIndexOnline


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("casefiles", "0004_index_erased"),
        ("catalogue", "0005_calendars"),
        ("handoffs", "0002_policies"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexOnline(
            model_name="referral",
            index=models.Index(
                condition=models.Q(("sent_at__isnull", False)),
                fields=["recipient_org", "status", "client"],
                name="referral_received",
            ),
        ),
        AddIndexOnline(
            model_name="referral",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", False), ("sent_at__isnull", False)),
                fields=["recipient_org", "-ended_at"],
                name="referral_ended",
            ),
        ),
    ]
