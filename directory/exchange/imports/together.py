"""What cells of one row say about each other: points, spans, ages, links."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from directory.catalogue.guards.rows import is_uscc
from directory.exchange.imports import habits
from directory.geography import coordinates

if TYPE_CHECKING:
    from directory.exchange.imports.checking import Checked

BYDAY: Final = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")
MIDNIGHT: Final = "00:00:00"
LAST_MINUTE: Final = ("23:59:00", "23:59:59")
ADDRESS_TEXTS: Final = ("address_1", "city", "state_province", "postal_code", "region", "address_2")


def settle(checked: "Checked") -> None:
    """Check a row as a whole."""
    rule = RULES.get(checked.row.table)
    if rule:
        rule(checked)


def _location(checked: "Checked") -> None:
    """Take a point only if it is one; it is kept in WGS-84 with the datum it came in."""
    mapped = checked.mapped
    given = mapped.pop("latitude"), mapped.pop("longitude")
    lat, lon = (None if each is None else float(each) for each in given)
    datum = checked.rules.mapping.get("datum", "wgs84")
    read = coordinates.read(lat, lon, datum=datum, country=checked.rules.country)
    written = f"{given[0]}, {given[1]}"
    for code in (read.problem, read.warning):
        if code:
            checked.notice(code, "latitude", written)
    if read.point is None or mapped["location_type"] == "virtual":
        mapped |= {"latitude": None, "longitude": None}
        return
    mapped |= {
        "latitude": habits.plain(coordinates.places(read.point.lat)),
        "longitude": habits.plain(coordinates.places(read.point.lon)),
        "coord_source": "import",
        "coord_datum": datum,
        "precision": "exact",
    }


def _address(checked: "Checked") -> None:
    mapped = checked.mapped
    for name in ADDRESS_TEXTS:
        mapped[name] = habits.known(mapped[name])
    country = mapped["country"].upper()
    if country and not re.fullmatch(r"[A-Z]{2}", country):
        checked.notice("bad_code", "country", country)
        country = ""
    mapped["country"] = country or checked.rules.country


def _service(checked: "Checked") -> None:
    mapped = checked.mapped
    for name in ("minimum_age", "maximum_age"):
        if mapped[name] is not None and not 0 <= Decimal(mapped[name]) < 1000:
            checked.notice("bad_range", name, mapped[name])
            mapped[name] = None
        elif mapped[name] is not None:
            mapped[name] = habits.plain(Decimal(mapped[name]).quantize(Decimal("0.01")))
    low, high = mapped["minimum_age"], mapped["maximum_age"]
    if low is not None and high is not None and Decimal(low) > Decimal(high):
        # Nobody can tell which of the two is wrong.
        checked.notice("bad_range", "maximum_age", f"{low} > {high}")
        mapped |= {"minimum_age": None, "maximum_age": None}


def _schedule(checked: "Checked") -> None:
    mapped = checked.mapped
    mapped["tz"] = "" if mapped["utc_offset"] is not None else checked.rules.mapping.get("tz", "")
    _span(checked)
    mapped["byday"] = mapped["byday"].upper().replace(" ", "")
    if mapped["byday"] and not all(BYDAY.fullmatch(day) for day in mapped["byday"].split(",")):
        _as_words(checked, "byday", mapped["byday"])
        mapped["byday"] = ""
    _in_order(checked, "valid_from", "valid_to")
    offset = mapped["utc_offset"]
    if offset is not None and not -12 <= Decimal(offset) <= 14:
        checked.notice("bad_range", "timezone", offset)
        mapped["utc_offset"] = None
    for name in ("count", "interval"):
        if mapped[name] is not None and mapped[name] < 0:
            checked.notice("bad_range", name, mapped[name])
            mapped[name] = None


def _span(checked: "Checked") -> None:
    mapped = checked.mapped
    opens, closes = mapped["opens_at"], mapped["closes_at"]
    if (opens is None) != (closes is None):
        _as_words(checked, "opens_at", f"{opens or ''}-{closes or ''}")
        mapped |= {"opens_at": None, "closes_at": None}
    elif opens is not None and (opens == closes or (opens == MIDNIGHT and closes in LAST_MINUTE)):
        mapped |= {"opens_at": None, "closes_at": None, "all_day": True}
    opens, closes = mapped["opens_at"], mapped["closes_at"]
    mapped["closes_next_day"] = bool(opens and closes and closes <= opens)


def _as_words(checked: "Checked", column: str, written: str) -> None:
    checked.notice("hours_not_parsed", column, written)
    words = [checked.mapped.get("raw_text", ""), written]
    checked.mapped["raw_text"] = " · ".join(part for part in words if part)


def _exception(checked: "Checked") -> None:
    mapped = checked.mapped
    first, last = mapped["starts_on"], mapped["ends_on"]
    if first and last and first > last and not mapped["every_year"]:
        checked.refuse("bad_range", "ends_on", f"{first} > {last}")
    mapped["kind"] = mapped["kind"] or "closed"
    if mapped["kind"] == "closed":
        mapped |= {"opens_at": None, "closes_at": None}
    elif not (mapped["opens_at"] and mapped["closes_at"]):
        checked.refuse("bad_time", "opens_at")
    mapped.pop("utc_offset", None)


def _in_order(checked: "Checked", first: str, last: str) -> None:
    mapped = checked.mapped
    if mapped[first] and mapped[last] and mapped[first] > mapped[last]:
        checked.notice("bad_range", last, f"{mapped[first]} > {mapped[last]}")
        mapped[last] = None


def _cost(checked: "Checked") -> None:
    _in_order(checked, "valid_from", "valid_to")
    amount = checked.mapped["amount"]
    if amount is not None:
        if abs(Decimal(amount)) >= 10**10:
            checked.notice("bad_range", "amount", amount)
            checked.mapped["amount"] = None
        else:
            checked.mapped["amount"] = habits.plain(Decimal(amount).quantize(Decimal("0.01")))


def _capacity(checked: "Checked") -> None:
    available = checked.mapped["available"]
    if available is not None and available < 0:
        checked.notice("bad_range", "available", available)
        checked.mapped["available"] = None


def _service_area(checked: "Checked") -> None:
    """Read areas back from the text in which HSDS carries them."""
    mapped = checked.mapped
    kind, _colon, said = mapped["extent"].partition(":")
    if kind == "adcode" and re.fullmatch(r"\d{6,12}(;\d{6,12})*", said):
        mapped |= {"areas": said.split(";"), "extent": "", "extent_type": ""}
    elif kind == "country" and re.fullmatch(r"[A-Z]{2}", said):
        mapped |= {"nationwide": True, "extent": "", "extent_type": ""}


def _organization(checked: "Checked") -> None:
    year = checked.mapped["year_incorporated"]
    if year is not None and not 0 < year < 10_000:
        checked.notice("bad_range", "year_incorporated", year)
        checked.mapped["year_incorporated"] = None


def _identifier(checked: "Checked") -> None:
    mapped = checked.mapped
    if mapped["identifier_scheme"] == "CN-USCC" and not is_uscc(mapped["identifier"]):
        checked.refuse("bad_uscc", "identifier", mapped["identifier"])


def _attribute(checked: "Checked") -> None:
    mapped = checked.mapped
    if not mapped["value"] and not checked.links.get("term"):
        checked.refuse("missing_required", "taxonomy_term_id")
    # `link_entity` may be plural or spelled as a class in foreign files.
    entity = mapped["link_entity"].lower().strip()
    for name in ("organization", "service", "location", "service_at_location"):
        if entity in {name, f"{name}s"} and "link" in checked.links:
            mapped["link_entity"] = name
            checked.links.setdefault(name, checked.links["link"])


RULES: Final[dict[str, Callable[[Any], None]]] = {
    "location": _location,
    "address": _address,
    "service": _service,
    "schedule": _schedule,
    "schedule_exception": _exception,
    "cost_option": _cost,
    "service_capacity": _capacity,
    "organization": _organization,
    "organization_identifier": _identifier,
    "attribute": _attribute,
    "service_area": _service_area,
}
