"""Invented providers in thirteen cities: services with places, hours, terms, confirmations."""

from collections import defaultdict
from datetime import date, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Model

from accounts.queries import system
from config.demo.city import PHONE_PREFIX, names, table
from config.load.chance import Chance
from core.jobs import now, today
from core.text import pinyin
from directory.catalogue.models import (
    Address,
    Attribute,
    Code,
    Language,
    Location,
    Organization,
    Phone,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceCapacity,
    Source,
    TaxonomyTerm,
)
from directory.catalogue.operations import taxonomy
from directory.catalogue.operations.batch import plain_text
from directory.geography.models import Area
from directory.upkeep.models import FieldConfirmation, Verification
from directory.upkeep.states import Method, Result

CHUNK = 500
SERVICES_EACH = 3
# Big cities, of which the first have far more than the last.
CITIES = (
    *("3301", "3101", "1101", "4401", "4403", "5101", "3201"),
    *("4201", "6101", "3702", "2102", "5301", "6501"),
)
DISTRICTS = 8
BILINGUAL, WITHOUT_POINT, REMOTE = 0.45, 0.1, 0.05
WORKDAYS, EVERY_DAY = "MO,TU,WE,TH,FR", "MO,TU,WE,TH,FR,SA,SU"
HOURS = (
    (WORKDAYS, time(9), time(17)),
    (WORKDAYS, time(8, 30), time(17, 30)),
    (WORKDAYS, time(8), time(12)),
    ("MO,TU,WE,TH,FR,SA", time(10, 30), time(18, 30)),
    ("TU,WE,TH,FR,SA", time(13), time(20, 30)),
    (EVERY_DAY, time(8, 30), time(18)),
    (EVERY_DAY, time(6), time(22)),
    ("SA,SU", time(9), time(17)),
)
CONFIRMED = ("eligibility", "application", "phone", "address", "hours")
INTERVAL = 365


# Parents before their children.
TABLES: tuple[type[Model], ...] = (
    *(Organization, Service, Location, Address, ServiceAtLocation, ServiceCapacity, Schedule),
    *(Attribute, Phone, Language, Verification, FieldConfirmation),
)


class Rows:
    """Unsaved rows of some providers, written table by table."""

    def __init__(self) -> None:
        self._tables: dict[type[Model], list[Model]] = {model: [] for model in TABLES}

    def add(self, row: Any) -> Any:
        """Keep a row for the next write."""
        self._tables[type(row)].append(row)
        return row

    def write(self) -> None:
        """Write what was kept."""
        with transaction.atomic():
            for model, rows in self._tables.items():
                model._default_manager.bulk_create(rows, batch_size=CHUNK)
                rows.clear()


class World:
    """What listings of every provider refer to, read once."""

    def __init__(self, source: Source) -> None:
        self.source, self.today, self.now, self.by = source, today(), now(), system()
        found = TaxonomyTerm.objects.select_related("taxonomy").filter(retired_by=None)
        self.terms: dict[str, list[TaxonomyTerm]] = defaultdict(list)
        for term in found.order_by("pk"):
            if term.taxonomy and (term.parent_id or term.taxonomy.code != "shegong-cn"):
                self.terms[term.taxonomy.code].append(term)
        counties = Area.objects.filter(level="county", lat__isnull=False).order_by("code")
        self.cities = [list(counties.filter(code__startswith=code)[:DISTRICTS]) for code in CITIES]
        self.words = {row["category"]: row for row in table("words")}


def write(count: int, *, seed: int, chance: Chance) -> list[Organization]:
    """Write as many services, three to a provider; return the providers."""
    source = Source.objects.create(code=code_of(seed), name=f"压测数据 {seed}", uid=chance.uid())
    if not Code.objects.of("extra_number").filter(code=PHONE_PREFIX).exists():
        taxonomy.add_code(by=system(), set="extra_number", code=PHONE_PREFIX, name="压测区号")
    world, rows, providers = World(source), Rows(), list[Organization]()
    for start in range(0, count, SERVICES_EACH):
        area = chance.choice(chance.skewed(world.cities))
        owner = _organization(rows, world, chance, area)
        providers.append(owner)
        for _number in range(min(SERVICES_EACH, count - start)):
            _service(rows, world, chance, owner, area)
        if start % CHUNK < SERVICES_EACH:
            rows.write()
    rows.write()
    return providers


def code_of(seed: int) -> str:
    """Return the source that rows of a seed carry."""
    return f"load-{seed}"


def _organization(rows: Rows, world: World, chance: Chance, area: Area) -> Organization:
    name = f"{area.name}{chance.choice(names('provider'))}社会工作服务中心"
    organization: Organization = rows.add(
        Organization(
            uid=chance.uid(), name=name, sort_key=_spelled(name), kind="sw_station",
            sector="ngo", state="listed", source=world.source,
        )
    )  # fmt: skip
    return organization


def _service(rows: Rows, world: World, chance: Chance, owner: Organization, area: Area) -> None:
    term = chance.choice(world.terms["shegong-cn"])
    verified = world.today - timedelta(days=int(chance.triangular(0, 420, 60)))
    due = verified + timedelta(days=INTERVAL)
    service = rows.add(
        Service(
            uid=chance.uid(), organization=owner, source=world.source, state="active",
            listed_on=verified, verified_on=verified, verified_how=Method.PHONE,
            verify_by=due, policy_code="standard",
            freshness="fresh" if due > world.today else "due",
            minimum_age=Decimal(60) if term.code.startswith("EL") else None,
            maximum_age=Decimal(18) if term.code.startswith("CY") else None,
            **_texts(world, chance, term),
        )
    )  # fmt: skip
    service.sort_key = _spelled(service.name)
    service.plain_text = plain_text(service, owner)
    tags = [("service_type", term), ("fee", chance.choice(world.terms["fee"]))]
    tags.append(("target_population", chance.choice(world.terms["population"])))
    tags += [("application", way) for way in chance.sample(world.terms["application"], 2)]
    for link_type, tag in tags:
        rows.add(
            Attribute(
                uid=chance.uid(), link_entity="service", link_uid=service.uid, service=service,
                link_type=link_type, term=tag,
            )
        )  # fmt: skip
    number = f"{PHONE_PREFIX}-{chance.randint(6200, 6299)} {chance.randint(0, 9999):04d}"
    rows.add(Phone(uid=chance.uid(), service=service, number=number, type="voice"))
    rows.add(Language(uid=chance.uid(), service=service, name="普通话", code="cmn"))
    holder = _place(rows, world, chance, service, area)
    days, opens, closes = chance.choice(HOURS)
    rows.add(
        Schedule(
            uid=chance.uid(), freq="WEEKLY", byday=days, opens_at=opens, closes_at=closes, **holder
        )
    )
    _confirmed(rows, world, chance, service, verified)


def _texts(world: World, chance: Chance, term: TaxonomyTerm) -> dict[str, Any]:
    own = world.words[term.code[:2]]
    more = chance.sample(sorted(world.words), 3)
    found = {}
    for language, stop in (("zh", "。"), ("en", ". ")):
        plain = term.name if language == "zh" else term.translations["en"]["name"]
        told = [own[f"more_{language}"], *(world.words[code][f"how_{language}"] for code in more)]
        found[language] = {
            "name": plain.split("（")[0].split(" (")[0],
            "description": stop.join(told),
            "eligibility_description": own[f"who_{language}"],
            "application_process": own[f"how_{language}"],
        }
    found["zh"]["name"] = f"{chance.choice(names('estate'))}{found['zh']['name']}"
    translations = {"en": found["en"]} if chance.random() < BILINGUAL else {}
    return found["zh"] | {"translations": translations}


def _place(
    rows: Rows, world: World, chance: Chance, service: Service, area: Area
) -> dict[str, Any]:
    """Give a service its place, or none; return what its hours hang on."""
    capacity: dict[str, Any] = {}
    capacity["availability"] = chance.choices(("open", "limited", "waitlist"), (8, 1, 1))[0]
    capacity |= {"service": service, "updated": world.now, "uid": chance.uid()}
    if chance.random() < REMOTE:
        rows.add(ServiceCapacity(**capacity))
        return {"service": service}
    has_point = chance.random() >= WITHOUT_POINT
    location = rows.add(
        Location(
            uid=chance.uid(), organization=service.organization, source=world.source,
            name=f"{service.organization.name}服务点", area=area,
            latitude=_near(chance, area.lat) if has_point else None,
            longitude=_near(chance, area.lon) if has_point else None,
            precision="exact" if has_point else "none",
            coord_source="gps" if has_point else "", coord_datum="wgs84" if has_point else "",
        )
    )  # fmt: skip
    rows.add(
        Address(
            uid=chance.uid(), location=location, country=settings.COUNTRY, region=area.name,
            area=area, address_1=f"{chance.choice(names('street'))} {chance.randint(1, 260)} 号",
        )
    )  # fmt: skip
    place = rows.add(
        ServiceAtLocation(
            uid=chance.uid(), service=service, location=location, source=world.source,
            verified_on=service.verified_on, verify_by=service.verify_by,
            freshness=service.freshness,
        )
    )  # fmt: skip
    rows.add(ServiceCapacity(place=place, **capacity))
    return {"service_at_location": place}


def _near(chance: Chance, center: Decimal | None) -> Decimal:
    return Decimal(f"{float(center or 0) + chance.gauss(0, 0.03):.6f}")


def _confirmed(rows: Rows, world: World, chance: Chance, service: Service, on: date) -> None:
    said = rows.add(
        Verification(
            uid=chance.uid(), service=service, method=Method.PHONE, result=Result.CONFIRMED,
            groups=list(CONFIRMED), contact_role="联络员", author=world.by, seen_version=1,
            at=world.now - (world.today - on),
        )
    )  # fmt: skip
    for group in CONFIRMED:
        rows.add(
            FieldConfirmation(
                service=service, group=group, confirmed_on=on,
                method=Method.PHONE, verification=said,
            )
        )  # fmt: skip


@lru_cache(maxsize=20_000)
def _spelled(name: str) -> str:
    return pinyin(name)[:300]
