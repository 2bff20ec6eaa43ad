"""Points and addresses: what a geocoder is asked, where a postcode is."""

from decimal import Decimal
from typing import Final, NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db.models import Avg, Count, Q

from directory.catalogue.models import Address, Location, ServiceAtLocation
from directory.catalogue.states import MEASURED, CoordSource, LocationType, Precision
from directory.geography.models import Postcode

# Fewer points than this could give one provider's door away instead of a district.
ENOUGH: Final = 3


class PostcodePoint(NamedTuple):
    lat: Decimal
    lon: Decimal


def postcode_point(country: str, code: str) -> PostcodePoint | None:
    """Return where a postcode is: its row, else the middle of its public listings, else unknown."""
    row = Postcode.objects.filter(country=country, code=code).first()
    if row is not None:
        return PostcodePoint(Decimal(str(row.lat)), Decimal(str(row.lon)))
    shown = ServiceAtLocation.objects.active().visible_to(AnonymousUser())
    here = Location.objects.filter(
        protected=False,
        precision__in=MEASURED,
        latitude__isnull=False,
        addresses__country=country,
        addresses__postal_code=code,
        pk__in=shown.values("location"),
    )
    found = here.aggregate(n=Count("pk", distinct=True), lat=Avg("latitude"), lon=Avg("longitude"))
    if found["n"] < ENOUGH:
        return None
    return PostcodePoint(Decimal(found["lat"]), Decimal(found["lon"]))


def geocoding_text(address: Address) -> str:
    """Return an address as a geocoder is asked for it: widest part first, each part once."""
    parts = (
        address.state_province,
        address.city,
        address.region,
        address.town,
        address.address_1,
        address.address_2,
    )
    text = ""
    for part in parts:
        if part and part not in text:
            text += part if _is_han(part) else f" {part}"
    return text.strip()


def _is_han(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)


def to_geocode(limit: int = 50) -> list[Location]:
    """Return locations with an address whose point is missing and was not looked for yet."""
    return list(
        Location.objects.filter(
            protected=False,
            deleted_at__isnull=True,
            geocoded_at__isnull=True,
            location_type=LocationType.PHYSICAL,
        )
        .filter(Q(latitude__isnull=True) | ~Q(precision__in=MEASURED))
        .exclude(coord_source=CoordSource.PIN)
        .exclude(addresses__isnull=True)
        .exclude(precision=Precision.EXACT)
        .select_related("area")
        .prefetch_related("addresses")
        .order_by("pk")
        .distinct()[:limit]
    )
