"""Load the public hotlines: each a nationwide service of an organization of its own, no place."""

import csv
import uuid

from django.conf import settings
from django.db import migrations
from django.utils import timezone

from core.text import fold, pinyin

PRODUCT = uuid.uuid5(uuid.NAMESPACE_DNS, "linkwell")
ALWAYS = "24小时"
NOTES = {
    ALWAYS: "24 hours",
    "各地不同": "differs from place to place",
    "各地不同，部分24小时": "differs from place to place, in some places 24 hours",
    "每日不少于18小时": "at least 18 hours a day",
}


def _uid(text):
    return uuid.uuid5(PRODUCT, text)


class Loader:
    """Makes what is not there yet; what people have changed since stays theirs."""

    def __init__(self, apps):
        self.apps = apps
        self.source, _made = self.rows("Source").get_or_create(
            code="hotlines-cn",
            defaults={"name": "全国公共热线", "trust": "normal", "default_state": "active"},
        )
        terms = self.rows("TaxonomyTerm").filter(taxonomy__code="shegong-cn")
        self.terms = {term.code: term for term in terms}

    def rows(self, name):
        return self.apps.get_model("catalogue", name).objects

    def hotline(self, row):
        names = {"en": {"name": row["name_en"]}}
        key = f"hotline:{row['number']}"
        if self.rows("Service").filter(uid=_uid(f"service:{key}")).exists():
            return
        common = {
            "name": row["name_zh"],
            "translations": names,
            "source": self.source,
            "sort_key": pinyin(row["name_zh"]),
        }
        organization = self.rows("Organization").create(
            uid=_uid(f"organization:{key}"),
            kind="hotline",
            state="listed",
            accepts_referrals=False,
            **common,
        )
        service = self.rows("Service").create(
            uid=_uid(f"service:{key}"),
            organization=organization,
            state="active",
            listed_on=timezone.localdate(),
            referral_mode="self_only",
            plain_text=fold("\n".join([row["name_zh"], row["name_en"]] * 2)),
            **common,
        )
        self.children(service, row)
        for table, record in (("organization", organization), ("service", service)):
            self.rows("ListingChange").create(
                table=table, uid=record.uid, action="upsert", at=timezone.now()
            )

    def children(self, service, row):
        self.rows("Phone").create(
            service=service, number=row["number"], e164=row["number"], type="voice"
        )
        self.rows("ServiceArea").create(
            service=service,
            nationwide=True,
            name="全国",
            translations={"en": {"name": "Nationwide"}},
        )
        note = row["hours_note"]
        hours = {"all_day": True, "freq": "WEEKLY", "on_holidays": "open"} if note == ALWAYS else {}
        self.rows("Schedule").create(
            service=service,
            description=note,
            translations={"en": {"description": NOTES[note]}},
            raw_text="" if hours else note,
            byday="MO,TU,WE,TH,FR,SA,SU" if hours else "",
            **hours,
        )
        for code in row["taxonomy_codes"].split("|"):
            self.rows("Attribute").create(
                link_entity="service",
                link_uid=service.uid,
                link_type="service_type",
                term=self.terms[code],
                service=service,
            )


def load(apps, schema_editor):
    loader = Loader(apps)
    with (settings.FIXTURES_DIR / "hotlines_cn.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            loader.hotline(row)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0003_taxonomies")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
