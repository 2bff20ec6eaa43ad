"""Load the first consent texts, rules for recipients and priority scheme."""

import hashlib
from datetime import UTC, datetime

from django.conf import settings
from django.db import migrations

from referrals.casefiles.disclosure.policies import SEEDS
from referrals.casefiles.priority import DEFAULT

IN_FORCE_FROM = datetime(2020, 1, 1, tzinfo=UTC)


def load_texts(apps, schema_editor):
    text_model = apps.get_model("casefiles", "ConsentText")
    for file in sorted((settings.FIXTURES_DIR / "consent").glob("*.txt")):
        purpose, language = file.stem.split(".")
        body = file.read_text(encoding="utf-8").strip()
        text_model.objects.get_or_create(
            purpose=purpose,
            language=language,
            number=1,
            defaults={
                "body": body,
                "sha256": hashlib.sha256(body.encode()).hexdigest(),
                "effective_from": IN_FORCE_FROM,
            },
        )


def load_policies(apps, schema_editor):
    policy_model = apps.get_model("casefiles", "RecipientPolicy")
    for seed in SEEDS:
        policy_model.objects.get_or_create(
            prefix=seed.prefix,
            data_class=seed.data_class,
            defaults={"rule": seed.rule, "fields": seed.fields},
        )


def load_scheme(apps, schema_editor):
    scheme_model = apps.get_model("casefiles", "PriorityScheme")
    scheme_model.objects.get_or_create(
        organization=None,
        number=1,
        defaults={"data": DEFAULT, "effective_from": IN_FORCE_FROM},
    )


class Migration(migrations.Migration):
    dependencies = [("casefiles", "0001_initial")]
    operations = [
        migrations.RunPython(load_texts, migrations.RunPython.noop),
        migrations.RunPython(load_policies, migrations.RunPython.noop),
        migrations.RunPython(load_scheme, migrations.RunPython.noop),
    ]
