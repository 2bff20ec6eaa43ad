"""Areas, providers and special days for tests."""

from decimal import Decimal
from typing import Any

from directory.geography.models import Area, AreaName, GeocodingProvider
from directory.geography.states import Level, NameKind, ProviderKind

DEPTHS = {2: Level.PROVINCE, 4: Level.CITY, 6: Level.COUNTY}


def level_of(code: str) -> Level:
    """Return the level that a code of China has by its zeros."""
    return next(level for digits, level in DEPTHS.items() if not code[digits:].strip("0"))


def area(code: str, name: str, parent: Area | None = None, **values: Any) -> Area:
    """Make an area that is found by its full name."""
    facts: dict[str, Any] = {
        "level": level_of(code) if len(code) == 6 else Level.TOWN,
        "path": f"{parent.path if parent else ''}{code}/",
        "lat": Decimal("30.25"),
        "lon": Decimal("120.25"),
        "centroid_source": "manual",
    }
    made = Area.objects.create(code=code, name=name, parent=parent, **facts | values)
    AreaName.objects.create(area=made, name=name, kind=NameKind.FULL)
    return made


def provider(kind: str = ProviderKind.AMAP, **values: Any) -> GeocodingProvider:
    """Make a geocoder that is asked."""
    facts: dict[str, Any] = {"key": "k3y", "enabled": True, "daily_limit": 100}
    return GeocodingProvider.objects.create(kind=kind, **facts | values)
