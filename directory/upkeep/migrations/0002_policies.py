"""Seeds the revisit policies and the approval rules; operators change them in the settings."""

from typing import Any

from django.db import migrations

CRITICAL = ["eligibility", "application", "phone", "address", "hours"]
CRISIS = ["CR", "FM01", "FM02", "CY05", "SA07", "MH01", "MH06"]
TIMED = ["LE02", "LE03", "LE04", "LE05", "LE06", "LE07", "LE10", "SA03", "EL01", "EL03", "DS07",
         "HO04"]  # fmt: skip
COLUMNS = ("code", "name", "order", "match", "interval_days", "first_days", "ask_before",
           "ask_steps", "phone_after", "visit_after", "stale_after", "hide_after",
           "capacity_days")  # fmt: skip
POLICIES = (
    ("crisis", "危机服务", 10, {"terms": CRISIS, "kinds": ["hotline"]},
     90, 7, 14, [7, 12], 0, 7, 14, 45, 2),
    ("timed", "有办理时限或名额的服务", 20, {"terms": TIMED, "numbered": True},
     180, 14, 30, [7, 21], 0, 21, 30, 90, 7),
    ("standard", "一般服务", 100, {}, 365, 30, 30, [7, 21], 0, 30, 60, 120, 30),
)  # fmt: skip

GROUPS = ("scope", "eligibility", "fees", "application", "area", "phone", "address", "hours",
          "availability")  # fmt: skip
LIVE = {
    "partner": {"phone", "hours", "availability", "application"},
    "spreadsheet": {"phone", "hours", "availability", "application"},
    "link": {"phone", "hours", "availability"},
    "verifier": set(GROUPS) - {"scope"},
    "worker": set(),
    "public": set(),
    "import": set(),
}


def seed(apps: Any, schema_editor: Any) -> None:
    policy = apps.get_model("upkeep", "VerificationPolicy")
    for row in POLICIES:
        values = dict(zip(COLUMNS, row, strict=True)) | {"critical_groups": CRITICAL}
        policy.objects.get_or_create(code=values["code"], defaults=values)
    rule = apps.get_model("upkeep", "ApprovalRule")
    for source, live in LIVE.items():
        for group in GROUPS:
            rule.objects.get_or_create(
                source=source, group=group, defaults={"live": group in live}
            )


class Migration(migrations.Migration):
    dependencies = [("upkeep", "0001_initial")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
