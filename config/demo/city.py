"""Invented places and providers: 48 areas, some 300 organizations and 900 services."""

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import Model

from accounts.queries import system
from core.jobs import now, today
from core.text import pinyin
from directory.catalogue.guards.rows import USCC_ALPHABET
from directory.catalogue.models import (
    Accessibility,
    Address,
    Attribute,
    Contact,
    Language,
    Location,
    Organization,
    OrganizationIdentifier,
    Phone,
    RequiredDocument,
    Schedule,
    ScheduleException,
    ServedArea,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceCapacity,
    Source,
    TaxonomyTerm,
)
from directory.catalogue.operations import listing, protected, taxonomy
from directory.exchange.operations import batches
from directory.geography import operations as geography
from directory.geography.models import Area
from directory.geography.operations import AreaRow

SOURCE = "demo-city"
SEED = 20261
# An area code that nobody has.
PHONE_PREFIX = "0900"
# Hours as (days, opens, closes); two spans a day where people go home at noon.
OFFICE = [("MO,TU,WE,TH,FR", "09:00", "12:00"), ("MO,TU,WE,TH,FR", "13:30", "17:30")]
HOURS: dict[str, list[tuple[str, str, str]]] = {
    "office": OFFICE,
    "daily": [("MO,TU,WE,TH,FR,SA,SU", "08:30", "18:00")],
    "meals": [("MO,TU,WE,TH,FR,SA", "10:30", "13:00"), ("MO,TU,WE,TH,FR,SA", "16:30", "18:30")],
    "evening": [("TU,WE,TH,FR,SA", "13:00", "20:30")],
    "weekend": [("SA,SU", "09:00", "17:00")],
}
CRISIS = ("CR", "MH01", "MH06", "FM01", "SA07", "FM02")
HOURS_OF = {
    "EL04": "meals",
    "GT02": "meals",
    "CY07": "evening",
    "CY08": "evening",
    "MH02": "evening",
}
POPULATIONS = {
    "EL": "elder", "CY": "child_difficulty", "DS": "disabled", "FM": "woman", "MH": "smi",
    "SA": "low_income", "EM": "unemployed", "HE": "patient_poor", "JU": "correction",
    "LE": "migrant_worker", "GT": "low_income", "PG": "floating",
}  # fmt: skip
FEES = ["free", "free", "free", "low_cost", "subsidised", "by_means", "unknown"]
WAYS = ["walk_in", "phone", "window", "wechat", "referral", "home_visit"]


@cache
def table(name: str) -> list[dict[str, str]]:
    """Read a file of the demo's fixtures."""
    with (settings.FIXTURES_DIR / "demo" / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@cache
def names(kind: str) -> list[str]:
    """Return invented names: of providers, housing estates, streets, people."""
    return [row["name"] for row in table("names") if row["kind"] == kind]


@dataclass
class Rows:
    """Unsaved rows on their way through the door for imports."""

    source: Source
    chance: random.Random
    areas: dict[str, Area]
    terms: dict[tuple[str, str], TaxonomyTerm]
    added: list[Model] = field(default_factory=list)
    services: int = 0

    def add(self, row: Model) -> Any:
        """Keep a row for the next write."""
        self.added.append(row)
        return row


def build() -> None:
    """Enter areas, the phone prefix, providers with their services, and what must stay secret."""
    by = system()
    geography.put_areas(
        [
            AreaRow(
                code=row["code"],
                name=row["name"],
                level=row["level"],
                parent_code=row["parent_code"],
                name_en=row["name_en"],
                short=_short(row["name"]),
                lat=Decimal(row["lat"]) if row["lat"] else None,
                lon=Decimal(row["lon"]) if row["lon"] else None,
            )
            for row in table("areas")
        ],
        by=by,
    )
    taxonomy.add_code(by=by, set="extra_number", code=PHONE_PREFIX, name="澜安市区号")
    source = batches.source(SOURCE, by=by, name="澜安市资源普查")
    rows = Rows(source, random.Random(SEED), _areas(), _terms())  # noqa: S311  # invented data
    for organization, leaves, area in _organizations(rows):
        for leaf in leaves:
            _service(rows, organization, leaf, area)
    listing.store(by=by, key=SOURCE, added=rows.added)
    _hide_shelters(by)


def _short(name: str) -> str:
    for ending in ("街道", "省", "市", "区", "县", "镇", "乡"):
        if name.endswith(ending) and len(name) - len(ending) >= 2:
            return name.removesuffix(ending)
    return ""


def _areas() -> dict[str, Area]:
    return {area.code: area for area in Area.objects.filter(code__startswith="900")}


def _terms() -> dict[tuple[str, str], TaxonomyTerm]:
    found = TaxonomyTerm.objects.select_related("taxonomy").filter(retired_by__isnull=True)
    return {(term.taxonomy.code, term.code): term for term in found if term.taxonomy}


# ---- Organizations --------------------------------------------------------------------------
def _organizations(rows: Rows) -> Iterator[tuple[Organization, list[str], Area]]:
    towns = [area for area in rows.areas.values() if area.level == "town"]
    counties = [area for area in rows.areas.values() if area.level == "county"]
    for kind in table("providers"):
        share = float(kind["share"])
        if kind["per"] == "named":
            for name in rows.chance.sample(names("provider"), int(share)):
                yield _organization(rows, kind, rows.chance.choice(counties), name)
        else:
            chosen = towns if kind["per"] == "town" else counties
            for area in chosen[: max(1, round(len(chosen) * share))]:
                yield _organization(rows, kind, area, rows.chance.choice(names("estate")))


def _organization(
    rows: Rows, kind: dict[str, str], area: Area, name: str
) -> tuple[Organization, list[str], Area]:
    english = area.translations.get("en", {}).get("name", "")
    county = area if area.level == "county" else area.parent
    words = {
        "town": area.name, "town_en": english, "county": county.name if county else "",
        "county_en": english, "estate": name, "name": name,
        "office": "办事处" if area.name.endswith("街道") else "人民政府",
    }  # fmt: skip
    spoken = words | {"name": pinyin(name).replace(" ", "").capitalize()}
    bilingual = rows.chance.random() < 0.35
    owner = rows.add(
        Organization(
            name=kind["name_zh"].format(**words),
            translations={"en": {"name": kind["name_en"].format(**spoken)}} if bilingual else {},
            kind=kind["kind"],
            sector=kind["sector"],
            state="listed",
            source=rows.source,
            email=f"office{len(rows.added)}@example.org",
        )
    )
    rows.add(
        OrganizationIdentifier(
            organization=owner, identifier_scheme="CN-USCC",
            identifier_type="统一社会信用代码", identifier=_uscc(rows.chance),
        )
    )  # fmt: skip
    rows.add(Phone(organization=owner, number=_number(rows.chance), type="voice"))
    rows.add(
        Contact(
            organization=owner, name=rows.chance.choice("方周陈许何沈姚邓") + "老师",
            title="联络员",
            email=f"contact{len(rows.added)}@example.org", audience="staff",
            is_verification_contact=True, created_at=now() - timedelta(days=400),
        )
    )  # fmt: skip
    leaves = kind["leaves"].split("|")
    count = min(len(leaves), int(kind["count"]))
    # Rotate through the list, so that each leaf is offered by somebody.
    start = rows.services % len(leaves)
    chosen = [leaves[(start + n) % len(leaves)] for n in range(count)]
    rows.services += count
    return owner, chosen, area


def _uscc(chance: random.Random) -> str:
    body = "52" + "900100" + "".join(chance.choice("0123456789") for _n in range(9))
    total = sum(USCC_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return body + USCC_ALPHABET[(31 - total % 31) % 31]


def _number(chance: random.Random) -> str:
    return f"{PHONE_PREFIX}-{chance.randint(6200, 6299)} {chance.randint(0, 9999):04d}"


# ---- Services -------------------------------------------------------------------------------
def _service(rows: Rows, owner: Organization, leaf: str, area: Area) -> None:
    chance = rows.chance
    term = rows.terms["shegong-cn", leaf]
    words = _words(leaf, term)
    bilingual = chance.random() < 0.35
    service = rows.add(
        Service(
            organization=owner,
            source=rows.source,
            state="active",
            listed_on=today() - timedelta(days=chance.randint(2, 40)),
            translations={"en": words["en"]} if bilingual else {},
            minimum_age=Decimal(60) if leaf.startswith("EL") else None,
            maximum_age=Decimal(18) if leaf.startswith("CY") else None,
            handling_days=chance.choice([None, 7, 20]) if leaf[:2] in ("SA", "LE", "HE") else None,
            sensitivity="protected"
            if leaf in ("FM01", "FM02", "HE16", "HE17", "PG11")
            else "normal",
            **words["zh"],
        )
    )
    _tags(rows, service, leaf, term)
    if leaf[:2] in ("SA", "LE", "HE", "DS", "HO") and chance.random() < 0.6:
        for document in ("身份证", "户口簿", "收入或困难证明"):
            rows.add(RequiredDocument(service=service, document=document))
    rows.add(Phone(service=service, number=_number(chance), type="voice"))
    rows.add(Language(service=service, name="普通话", code="cmn"))
    if chance.random() < 0.1:
        rows.add(Language(service=service, name="中国手语", code="csl"))
    _place(rows, service, leaf, area)
    _served(rows, service, area)


def _words(leaf: str, term: TaxonomyTerm) -> dict[str, dict[str, str]]:
    """Return the texts of a service: its own where somebody wrote them, else its category's."""
    general = next(row for row in table("words") if row["category"] == leaf[:2])
    own = next((row for row in table("highlights") if row["leaf"] == leaf), None)
    found = {}
    for language in ("zh", "en"):
        name = term.name if language == "zh" else term.translations["en"]["name"]
        plain = name.split("（")[0].split(" (")[0]
        more = general[f"more_{language}"]
        found[language] = {
            "name": own[f"name_{language}"] if own else plain,
            "description": f"{own[f'description_{language}']}。{more}" if own and language == "zh"
            else f"{own[f'description_{language}']}. {more}" if own else more,
            "eligibility_description": general[f"who_{language}"],
            "application_process": general[f"how_{language}"],
        }  # fmt: skip
    return found


def _tags(rows: Rows, service: Service, leaf: str, term: TaxonomyTerm) -> None:
    chance = rows.chance
    tags = [("service_type", term)]
    if (population := POPULATIONS.get(leaf[:2])) and chance.random() < 0.7:
        tags.append(("target_population", rows.terms["population", population]))
    tags.append(("fee", rows.terms["fee", chance.choice(FEES)]))
    tags += [("application", rows.terms["application", way]) for way in chance.sample(WAYS, 2)]
    for link_type, tag in tags:
        rows.add(
            Attribute(
                link_entity="service", link_uid=service.uid, service=service, term=tag,
                link_type=link_type,
            )
        )  # fmt: skip


def _place(rows: Rows, service: Service, leaf: str, area: Area) -> None:
    """Give a service its place, hours and word on free places; one in ten has no point."""
    chance = rows.chance
    if leaf.startswith("MH01") or chance.random() < 0.05:
        _hours(
            rows, "always" if leaf[:2] in CRISIS or leaf in CRISIS else "office", service=service
        )
        return
    spread = 0.012 if area.level == "town" else 0.03
    has_point = chance.random() > 0.1 and area.lat is not None
    location = rows.add(
        Location(
            organization=service.organization,
            source=rows.source,
            name=f"{service.organization.name}服务点",
            area=area,
            latitude=_near(chance, area.lat, spread) if has_point else None,
            longitude=_near(chance, area.lon, spread) if has_point else None,
            precision="exact" if has_point else "none",
            coord_source="gps" if has_point else "",
            coord_datum="wgs84" if has_point else "",
            transportation="公交 12、27 路到站步行五分钟" if chance.random() < 0.4 else "",
        )
    )
    rows.add(
        Address(
            location=location, city="澜安市", state_province="云泽省", country=settings.COUNTRY,
            region=area.name, area=area, postal_code="900100",
            address_1=f"{chance.choice(names('street'))} {chance.randint(1, 260)} 号",
        )
    )  # fmt: skip
    if chance.random() < 0.5:
        rows.add(Accessibility(location=location, description="轮椅可通行", details="有坡道"))
    place = rows.add(ServiceAtLocation(service=service, location=location, source=rows.source))
    kind = "always" if leaf in CRISIS or leaf[:2] in CRISIS else HOURS_OF.get(leaf, "office")
    if chance.random() > 0.08:
        _hours(rows, kind, service_at_location=place)
    state = chance.choices(
        ("open", "limited", "waitlist", "full", "paused", ""), (45, 15, 12, 8, 2, 18)
    )[0]
    if state:
        rows.add(
            ServiceCapacity(
                service=service, place=place, availability=state,
                wait_days=chance.randint(5, 40) if state == "waitlist" else None,
                updated=now() - timedelta(days=chance.randint(0, 20)),
                expires_at=now() + timedelta(days=chance.randint(3, 40)),
            )
        )  # fmt: skip


def _near(chance: random.Random, center: Decimal | None, spread: float) -> Decimal:
    return Decimal(f"{float(center or 0) + chance.gauss(0, spread / 2):.6f}")


def _hours(rows: Rows, kind: str, **parent: Any) -> None:
    chance = rows.chance
    if kind == "always":
        rows.add(
            Schedule(
                freq="WEEKLY",
                byday="MO,TU,WE,TH,FR,SA,SU",
                all_day=True,
                on_holidays="open",
                **parent,
            )
        )
        return
    for days, opens, closes in HOURS[kind]:
        rows.add(
            Schedule(
                freq="WEEKLY", byday=days, opens_at=opens, closes_at=closes,
                on_holidays="closed" if kind == "office" else "unknown", **parent,
            )
        )  # fmt: skip
    if chance.random() < 0.04:
        rows.add(
            Schedule(freq="MONTHLY", byday="1SA", opens_at="09:00", closes_at="12:00", **parent)
        )
    if chance.random() < 0.04:
        rows.add(
            ScheduleException(
                starts_on=today() + timedelta(days=12), ends_on=today() + timedelta(days=14),
                kind="closed", label="内部培训", **parent,
            )
        )  # fmt: skip


def _served(rows: Rows, service: Service, area: Area) -> None:
    """Say where people must live: the area of the provider, or the whole city."""
    if rows.chance.random() < 0.55:
        city = rows.areas["900100"]
        served = area if rows.chance.random() < 0.7 else city
        reach = rows.add(ServiceArea(service=service, name=served.name, extent_type="text"))
        rows.add(ServedArea(service_area=reach, area=served))


def _hide_shelters(by: Any) -> None:
    """Keep the addresses of refuges out of everything public."""
    shelters = Location.objects.filter(
        places__service__attributes__term__code__in=["FM02", "CY05"], protected=False
    ).distinct()
    for location in shelters[:8]:
        protected.protect(location, by=by, reason="庇护所", review_on=today() + timedelta(days=180))
