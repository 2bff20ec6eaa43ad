"""The two built-in actors and the start of the access log."""

import uuid

from django.contrib.auth.hashers import make_password
from django.db import migrations

ACTORS = (
    (uuid.UUID(int=1), "system@linkwell.invalid", "System"),
    (uuid.UUID(int=2), "guest@linkwell.invalid", "Guest"),
)


def create(apps, schema_editor):
    for uid, email, name in ACTORS:
        apps.get_model("accounts", "User").objects.get_or_create(
            uid=uid,
            defaults={
                "email": email, "name": name, "is_active": False, "password": make_password(None)
            },
        )
    apps.get_model("accounts", "AuditHead").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_initial")]

    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
