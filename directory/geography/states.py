"""The words of geography: levels, datums, precisions, kinds."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """How far down the tree of divisions an area stands, widest first."""

    COUNTRY = "country", _("Country")
    PROVINCE = "province", _("Province")
    CITY = "city", _("City")
    COUNTY = "county", _("District or county")
    TOWN = "town", _("Town or sub-district")

    @property
    def depth(self) -> int:
        """Return 0 for a country, more for what lies inside it."""
        return list(Level).index(self)


class NameKind(models.TextChoices):
    """What kind of name an area is also known by."""

    FULL = "full", _("Full place name")
    SHORT = "short", _("Short name")
    FORMER = "former", _("Former name")
    ALIAS = "alias", _("Other name")


class CentroidSource(models.TextChoices):
    """Where the point of an area comes from; `parent` is the parent's own point."""

    CPCA = "cpca", _("Division list")
    CPCA_FORMER = "cpca-former-code", _("Division list, former code")
    GEONAMES = "geonames", _("GeoNames")
    PARENT = "parent", _("Point of the division above")
    MANUAL = "manual", _("Set by hand")
    NONE = "none", _("No point")


class Datum(models.TextChoices):
    """The reference frames in which Chinese sources give coordinates; we store WGS-84 only."""

    WGS84 = "wgs84", _("WGS-84 (GPS)")
    GCJ02 = "gcj02", _("GCJ-02 (AMap, Tencent)")
    BD09 = "bd09", _("BD-09 (Baidu)")
    CGCS2000 = "cgcs2000", _("CGCS2000 (Tianditu)")


class Precision(models.TextChoices):
    """How closely a point is known, best first; only the first three give a distance."""

    EXACT = "exact", _("Exact point")
    STREET = "street", _("Street")
    TOWN = "town", _("Town or sub-district")
    COUNTY = "county", _("District or county")
    CITY = "city", _("City")
    PROVINCE = "province", _("Province")
    NONE = "none", _("No position")

    @property
    def coarseness(self) -> int:
        """Return 0 for an exact point, more for what is known less closely."""
        return list(Precision).index(self)


# The point of an area is as precise as the area is small.
PRECISION_OF_LEVEL: dict[str, Precision] = {
    Level.COUNTRY: Precision.NONE,
    Level.PROVINCE: Precision.PROVINCE,
    Level.CITY: Precision.CITY,
    Level.COUNTY: Precision.COUNTY,
    Level.TOWN: Precision.TOWN,
}


class DayKind(models.TextChoices):
    """Why a day differs from its weekday."""

    HOLIDAY = "holiday", _("Holiday")
    MAKE_UP_WORKDAY = "make_up_workday", _("Make-up workday")


class Weekday(models.TextChoices):
    """Days of the week as calendars write them (RFC 5545)."""

    MONDAY = "MO", _("Monday")
    TUESDAY = "TU", _("Tuesday")
    WEDNESDAY = "WE", _("Wednesday")
    THURSDAY = "TH", _("Thursday")
    FRIDAY = "FR", _("Friday")
    SATURDAY = "SA", _("Saturday")
    SUNDAY = "SU", _("Sunday")


class ProviderKind(models.TextChoices):
    """The geocoding services that an adapter exists for."""

    AMAP = "amap", _("AMap")
    TIANDITU = "tianditu", _("Tianditu")
    BAIDU_V3 = "baidu_v3", _("Baidu Maps, version 3")
    NOMINATIM = "nominatim", _("Nominatim (OpenStreetMap)")


class AnswerStatus(models.TextChoices):
    """What a geocoder said; `unavailable` is never stored, because it says nothing of the place."""

    FOUND = "found", _("Found")
    NOT_FOUND = "not_found", _("Not found")
    UNAVAILABLE = "unavailable", _("Not available")


class Purpose(models.TextChoices):
    """For whom a place is looked up: a client's address goes only where the operator allows it."""

    LISTING = "listing", _("Listing")
    CLIENT = "client", _("Client")
