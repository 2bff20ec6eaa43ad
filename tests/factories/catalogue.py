"""The smallest valid records of the catalogue, for tests."""

from decimal import Decimal
from itertools import count
from typing import Any

from core.jobs import now
from directory.catalogue.models import (
    Address,
    Attribute,
    Contact,
    Location,
    Organization,
    Phone,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceCapacity,
    Source,
    TaxonomyTerm,
)
from directory.geography.models import Area

_numbers = count(1)
# 西湖区, of which the tests know the point.
DISTRICT = "330106"


def organization(**values: Any) -> Organization:
    """Make an organization whose services may be shown."""
    facts = {"name": f"机构 {next(_numbers)}", "state": "listed"}
    return Organization.objects.create(**facts | values)


def service(owner: Organization | None = None, **values: Any) -> Service:
    """Make a service that a search may show."""
    facts: dict[str, Any] = {"name": f"服务 {next(_numbers)}", "state": "active"}
    return Service.objects.create(organization=owner or organization(), **facts | values)


def area(code: str = DISTRICT) -> Area:
    return Area.objects.get(code=code)


def location(**values: Any) -> Location:
    """Make a location in 西湖区 without a point."""
    facts: dict[str, Any] = {"name": f"地点 {next(_numbers)}", "area": area()}
    return Location.objects.create(**facts | values)


def measured(**values: Any) -> Location:
    """Make a location with an exact point and an address."""
    facts: dict[str, Any] = {
        "latitude": Decimal("30.2596"),
        "longitude": Decimal("120.1301"),
        "precision": "exact",
    }
    made = location(**facts | values)
    Address.objects.create(location=made, address_1="文三路 1 号", city="杭州市", region="西湖区")
    return made


def place(of: Service | None = None, at: Location | None = None, **values: Any) -> Any:
    """Make a place: a service at a location."""
    return ServiceAtLocation.objects.create(
        service=of or service(), location=at or location(), **values
    )


def phone(**values: Any) -> Phone:
    """Make a public landline; name its parent."""
    facts = {"number": "0571-88880000", "e164": "+8657188880000"}
    return Phone.objects.create(**facts | values)


def contact(**values: Any) -> Contact:
    """Make a contact that staff alone may read; name its parent."""
    return Contact.objects.create(**{"name": "方师傅"} | values)


def schedule(**values: Any) -> Schedule:
    """Make hours of a working week; name their parent."""
    facts = {"byday": "MO,TU,WE,TH,FR", "freq": "WEEKLY", "opens_at": "09:00", "closes_at": "17:00"}
    return Schedule.objects.create(**facts | values)


def capacity(of: Service, **values: Any) -> ServiceCapacity:
    facts = {"availability": "open", "updated": now()}
    return ServiceCapacity.objects.create(service=of, **facts | values)


def nationwide(of: Service) -> ServiceArea:
    return ServiceArea.objects.create(service=of, name="全国", nationwide=True)


def term(code: str) -> TaxonomyTerm:
    """Return a leaf of our own vocabulary, or `population:elder`."""
    vocabulary, _colon, leaf = code.rpartition(":")
    return TaxonomyTerm.objects.get(taxonomy__code=vocabulary or "shegong-cn", code=leaf)


def tag(of: Service, code: str, link_type: str = "service_type") -> Attribute:
    """Attach a term to a service."""
    return Attribute.objects.create(
        service=of, link_entity="service", link_uid=of.uid, link_type=link_type, term=term(code)
    )


def complete(owner: Organization | None = None, **values: Any) -> Service:
    """Make a service that has all a reader needs."""
    made = service(owner, description="午餐送到家", **values)
    tag(made, "EL04")
    phone(service=made)
    nationwide(made)
    return made


def source(**values: Any) -> Source:
    facts = {"code": f"source-{next(_numbers)}", "name": "来源"}
    return Source.objects.create(**facts | values)
