"""Areas with their names, postcodes, the calendar of holidays, geocoders and their answers."""

from datetime import datetime
from typing import Any, NamedTuple, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.crypto import EncryptedTextField
from core.models import Record, Translated
from directory.geography.coordinates import Point
from directory.geography.states import (
    PRECISION_OF_LEVEL,
    AnswerStatus,
    CentroidSource,
    DayKind,
    Level,
    NameKind,
    Precision,
    ProviderKind,
    Weekday,
)

# WGS-84; seven places are about a centimeter.
COORDINATE: dict[str, Any] = {"max_digits": 10, "decimal_places": 7}
HAS_BOTH_OR_NO_COORDINATE = Q(lat__isnull=True, lon__isnull=True) | Q(
    lat__range=(-90, 90), lon__range=(-180, 180)
)


class Center(NamedTuple):
    """The point of an area, and what it is good for."""

    point: Point | None
    precision: Precision


class AreaQuerySet(models.QuerySet["Area"]):
    """Areas by where they stand in the tree."""

    def shown(self) -> Self:
        """Keep areas that people know; virtual ones only hold the tree together."""
        return self.filter(virtual=False, retired_on__isnull=True)

    def within(self, area: "Area") -> Self:
        """Keep the area itself and everything inside it."""
        return self.filter(path__startswith=area.path)


class Area(Translated):
    """A division of a country, down to towns and sub-districts."""

    code = models.CharField(_("code"), max_length=12)
    country = models.CharField(_("country"), max_length=2, default="CN")
    name = models.CharField(_("name"), max_length=100)
    level = models.CharField(_("level"), max_length=10, choices=Level)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    # Codes from the top down, each ended by "/": "330000/330100/330106/". A prefix is a subtree.
    path = models.CharField(max_length=80, db_index=True, editable=False)
    lat = models.DecimalField(_("latitude"), null=True, blank=True, **COORDINATE)
    lon = models.DecimalField(_("longitude"), null=True, blank=True, **COORDINATE)
    centroid_source = models.CharField(
        max_length=20, choices=CentroidSource, default=CentroidSource.NONE
    )
    boundary = models.JSONField(_("boundary"), null=True, blank=True)
    boundary_review_no = models.CharField(_("map review number"), max_length=60, blank=True)
    virtual = models.BooleanField(_("only holds the tree together"), default=False)
    retired_on = models.DateField(_("retired on"), null=True, blank=True)
    replaced_by = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="replaces"
    )

    objects = AreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(name="area_code_is_unique", fields=["country", "code"]),
            models.CheckConstraint(name="area_level_is_known", condition=Q(level__in=Level.values)),
            models.CheckConstraint(
                name="area_has_both_or_no_coordinate", condition=HAS_BOTH_OR_NO_COORDINATE
            ),
            models.CheckConstraint(
                name="area_boundary_was_reviewed",
                condition=Q(boundary__isnull=True) | ~Q(boundary_review_no=""),
            ),
        ]

    def __str__(self) -> str:
        return self.text("name")[0]

    @property
    def codes(self) -> list[str]:
        """Return the codes from the top down to this area's own."""
        return self.path.rstrip("/").split("/")

    @property
    def center(self) -> Center:
        """Return the point; one borrowed from above is as coarse as a city, if not coarser."""
        if self.lat is None or self.lon is None:
            return Center(None, Precision.NONE)
        precision = PRECISION_OF_LEVEL[self.level]
        if self.centroid_source == CentroidSource.PARENT:
            precision = max(precision, Precision.CITY, key=lambda each: each.coarseness)
        return Center(Point(float(self.lat), float(self.lon)), precision)

    def lineage(self) -> list["Area"]:
        """Return what the area lies in and itself, widest first, without mere rungs.

        Rungs are the virtual areas and the second 北京市 of a municipality.
        """
        found = Area.objects.filter(country=self.country, code__in=self.codes, virtual=False)
        shown: list[Area] = []
        for part in sorted(found, key=lambda each: len(each.path)):
            if not shown or shown[-1].name != part.name:
                shown.append(part)
        return shown


class AreaName(models.Model):
    """A name an area goes by, with its sound, for people who type letters."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="names")
    name = models.CharField(_("name"), max_length=100, db_index=True)
    kind = models.CharField(max_length=10, choices=NameKind, default=NameKind.FULL)
    pinyin = models.CharField(max_length=200, blank=True, db_index=True)
    initials = models.CharField(max_length=40, blank=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="area_name_is_given_once", fields=["area", "name"])
        ]

    def __str__(self) -> str:
        return self.name


class Postcode(models.Model):
    """The point of a postcode."""

    country = models.CharField(max_length=2, default="CN")
    code = models.CharField(max_length=12)
    lat = models.DecimalField(_("latitude"), **COORDINATE)
    lon = models.DecimalField(_("longitude"), **COORDINATE)
    area = models.ForeignKey(Area, models.SET_NULL, null=True, blank=True)
    source = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="postcode_is_unique", fields=["country", "code"])
        ]

    def __str__(self) -> str:
        return self.code


class CalendarDay(Translated):
    """A day that differs from its weekday, in the whole country or in one area."""

    area = models.ForeignKey(Area, models.CASCADE, null=True, blank=True)
    on = models.DateField(_("date"))
    kind = models.CharField(_("kind"), max_length=20, choices=DayKind)
    acts_as = models.CharField(_("runs as"), max_length=2, choices=Weekday, blank=True)
    name = models.CharField(_("name"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("special day")
        verbose_name_plural = _("special days")
        ordering = ["on"]
        constraints = [
            models.UniqueConstraint(
                name="calendar_day_is_unique_nationwide",
                fields=["on"],
                condition=Q(area__isnull=True),
            ),
            models.UniqueConstraint(
                name="calendar_day_is_unique_in_its_area",
                fields=["area", "on"],
                condition=Q(area__isnull=False),
            ),
            models.CheckConstraint(
                name="calendar_day_says_what_it_runs_as",
                condition=Q(kind=DayKind.HOLIDAY, acts_as="")
                | Q(kind=DayKind.MAKE_UP_WORKDAY, acts_as__in=Weekday.values),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on:%Y-%m-%d} {self.name}".strip()


class GeocodingProvider(Record):
    """A geocoder that the operator has a key for; asked in order, off until switched on."""

    kind = models.CharField(_("geocoder"), max_length=20, choices=ProviderKind, unique=True)
    key = EncryptedTextField(_("key"), blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    daily_limit = models.PositiveIntegerField(_("requests per day"), default=1000)
    enabled = models.BooleanField(_("ask this provider"), default=False)
    allow_client_places = models.BooleanField(
        _("may be asked for addresses of clients"), default=False
    )
    # How many requests the day has used; one conditional UPDATE counts and refuses.
    used_on = models.DateField(null=True, editable=False)
    used = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["order", "kind"]
        constraints = [
            models.CheckConstraint(
                name="geocoding_provider_kind_is_known",
                condition=Q(kind__in=ProviderKind.values),
            )
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class GeocodeAnswerQuerySet(models.QuerySet["GeocodeAnswer"]):
    """What geocoders said before."""

    def current(self, at: datetime) -> Self:
        """Keep answers that may still be used."""
        return self.filter(expires_at__gt=at)


class GeocodeAnswer(models.Model):
    """A geocoder's answer, kept so that one address is asked once; the text itself is not kept."""

    key = models.CharField(max_length=64, unique=True)
    status = models.CharField(max_length=12, choices=AnswerStatus)
    lat = models.DecimalField(_("latitude"), null=True, blank=True, **COORDINATE)
    lon = models.DecimalField(_("longitude"), null=True, blank=True, **COORDINATE)
    precision = models.CharField(max_length=10, choices=Precision, default=Precision.NONE)
    expires_at = models.DateTimeField(db_index=True)

    objects = GeocodeAnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="geocode_answer_is_never_unavailable",
                condition=Q(status__in=[AnswerStatus.FOUND, AnswerStatus.NOT_FOUND]),
            )
        ]

    def __str__(self) -> str:
        return self.key
