"""Every write of geography: answers kept, providers, special days, areas."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from django.conf import settings
from django.db.models import F, Q
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.operations import audited
from accounts.permissions import Permission
from core.errors import DomainError
from core.jobs import now, today
from core.text import pinyin
from directory.geography import coordinates
from directory.geography.geocoding import pipeline
from directory.geography.geocoding.pipeline import Answer, Fresh
from directory.geography.models import (
    Area,
    AreaName,
    CalendarDay,
    GeocodeAnswer,
    GeocodingProvider,
)
from directory.geography.states import (
    AnswerStatus,
    CentroidSource,
    DayKind,
    Level,
    NameKind,
    ProviderKind,
    Purpose,
)

KEPT: Final = {AnswerStatus.FOUND: timedelta(days=180), AnswerStatus.NOT_FOUND: timedelta(days=30)}


# ---- Addresses ------------------------------------------------------------------------------
def locate(text: str, *, area: Area | None = None, purpose: str = Purpose.LISTING) -> Answer:
    """Find a place by its address: providers that are on, then place names, then the area.

    A client's address goes to a provider only where the operator allows it, and its answer is
    never kept.
    """
    meant = Purpose(purpose)
    found = pipeline.find(text, area=area, purpose=meant, may_ask=_count)
    if meant == Purpose.LISTING:
        _keep(found.fresh)
    return found.answer


def forget(text: str, *, by: User, area: Area | None = None) -> None:
    """Delete what providers said about an address that must not be known any more."""
    keys = [
        pipeline.key_of(GeocodingProvider(kind=kind), text, asked)
        for kind in ProviderKind.values
        for asked in {area, None}
    ]
    with audited(by=by, action="geocode.forget"):
        GeocodeAnswer.objects.filter(key__in=keys).delete()


def forget_expired(*, by: User) -> int:
    """Delete answers that nobody may use any more."""
    with audited(by=by, action="geocode.sweep"):
        return GeocodeAnswer.objects.filter(expires_at__lte=now()).delete()[0]


def _keep(fresh: Iterable[Fresh]) -> None:
    rows = [
        GeocodeAnswer(
            key=said.key,
            status=said.status,
            lat=coordinates.places(said.point.lat) if said.point else None,
            lon=coordinates.places(said.point.lon) if said.point else None,
            precision=said.precision,
            expires_at=now() + KEPT[said.status],
        )
        for said in fresh
    ]
    GeocodeAnswer.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["status", "lat", "lon", "precision", "expires_at"],
    )


def _count(provider: GeocodingProvider) -> bool:
    """Count one request of the day; of two that want the last one, one gets it."""
    day = today()
    mine = GeocodingProvider.objects.filter(pk=provider.pk)
    if mine.filter(Q(used_on=None) | ~Q(used_on=day)).update(used_on=day, used=1):
        return provider.daily_limit > 0
    return bool(mine.filter(used__lt=F("daily_limit")).update(used=F("used") + 1))


# ---- Settings -------------------------------------------------------------------------------
def set_provider(
    kind: str,
    *,
    by: User,
    key: str = "",
    order: int = 1,
    daily_limit: int = 1000,
    enabled: bool = False,
    allow_client_places: bool = False,
) -> GeocodingProvider:
    """Say how a geocoder is used; an empty key keeps the one on file."""
    by.must(Permission.DIRECTORY_SETTINGS)
    with audited(by=by, action="geocoder.set", kind=kind, enabled=enabled) as record:
        provider = GeocodingProvider.objects.select_for_update().filter(kind=kind).first()
        provider = provider or GeocodingProvider(kind=kind)
        provider.key = key.strip() or provider.key
        provider.order, provider.daily_limit = order, daily_limit
        provider.enabled, provider.allow_client_places = enabled, allow_client_places
        if enabled and not provider.key and kind != ProviderKind.NOMINATIM:
            raise DomainError(_("This provider answers only with a key. Enter the key first."))
        provider.save()
        record.on = provider
    return provider


def set_special_day(
    on: date, *, by: User, kind: str, acts_as: str = "", name: str = "", area: Area | None = None
) -> CalendarDay:
    """Enter a holiday or a make-up workday, or correct the one entered for that date."""
    by.must(Permission.DIRECTORY_SETTINGS)
    if kind == DayKind.HOLIDAY:
        acts_as = ""
    elif not acts_as:
        raise DomainError(_("Say which weekday the make-up workday runs as."))
    with audited(by=by, action="calendar.set", date=on.isoformat(), kind=kind):
        day, _is_new = CalendarDay.objects.update_or_create(
            on=on,
            area=area,
            defaults={"kind": kind, "acts_as": acts_as, "name": name, "translations": {}},
        )
    return day


def remove_special_day(day: CalendarDay, *, by: User) -> None:
    """Let a date be an ordinary day again."""
    by.must(Permission.DIRECTORY_SETTINGS)
    with audited(by=by, action="calendar.remove", date=day.on.isoformat()):
        day.delete()


# ---- Areas ----------------------------------------------------------------------------------
@dataclass(frozen=True)
class AreaRow:
    """An area as a file gives it; parents stand before their children."""

    code: str
    name: str
    level: str
    parent_code: str = ""
    name_en: str = ""
    short: str = ""
    lat: Decimal | None = None
    lon: Decimal | None = None
    country: str = settings.COUNTRY


def put_areas(rows: Iterable[AreaRow], *, by: User) -> list[Area]:
    """Load areas with their names; what is known by its code is brought up to the file."""
    by.must(Permission.DIRECTORY_SETTINGS)
    with audited(by=by, action="areas.load"):
        known: dict[tuple[str, str], Area] = {}
        return [_put(row, known) for row in rows]


def _put(row: AreaRow, known: dict[tuple[str, str], Area]) -> Area:
    parent = _parent(row, known)
    area, _is_new = Area.objects.update_or_create(
        country=row.country,
        code=row.code,
        defaults={
            "name": row.name,
            "translations": {"en": {"name": row.name_en}} if row.name_en else {},
            "level": row.level,
            "parent": parent,
            "path": f"{parent.path if parent else ''}{row.code}/",
            "lat": row.lat,
            "lon": row.lon,
            "centroid_source": (CentroidSource.NONE if row.lat is None else CentroidSource.MANUAL),
        },
    )
    known[row.country, row.code] = area
    _name(area, row)
    return area


def _parent(row: AreaRow, known: dict[tuple[str, str], Area]) -> Area | None:
    if not row.parent_code:
        return None
    key = row.country, row.parent_code
    parent = known.get(key) or Area.objects.filter(country=key[0], code=key[1]).first()
    if parent is None or Level(parent.level).depth >= Level(row.level).depth:
        raise DomainError(
            _("%(name)s must lie in an area of a higher level that is already known.")
            % {"name": row.name}
        )
    return parent


def _name(area: Area, row: AreaRow) -> None:
    for kind, name in (
        (NameKind.FULL, row.name),
        (NameKind.SHORT, row.short),
        (NameKind.ALIAS, row.name_en),
    ):
        if name:
            syllables = pinyin(name).split() if kind != NameKind.ALIAS else []
            AreaName.objects.update_or_create(
                area=area,
                name=name,
                defaults={
                    "kind": kind,
                    "pinyin": "".join(syllables),
                    "initials": "".join(syllable[0] for syllable in syllables),
                },
            )
