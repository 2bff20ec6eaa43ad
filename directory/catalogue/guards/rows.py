"""Rules between the columns of a row, in sentences; the database holds them too."""

import re
from collections.abc import Callable
from typing import Any, Final
from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.utils.translation import gettext as _

from directory.catalogue import phones
from directory.catalogue.guards.values import wrong
from directory.catalogue.models import (
    Address,
    Attribute,
    Code,
    Contact,
    CostOption,
    Location,
    OrganizationIdentifier,
    Phone,
    Program,
    Schedule,
    ScheduleException,
    Service,
    ServiceArea,
    TaxonomyTerm,
)
from directory.catalogue.states import ExceptionKind, LocationType

BYDAY: Final = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")
USCC: Final = re.compile(r"[0-9A-HJ-NP-RTUWXY]{18}")
USCC_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
MAX_POINTS: Final = 10_000


def check(row: models.Model, path: object) -> None:
    """Refuse a row whose values do not go together."""
    rule = RULES.get(type(row))
    if rule is not None:
        rule(row, path)


def _service(service: Service, path: object) -> None:
    low, high = service.minimum_age, service.maximum_age
    if low is not None and high is not None and low > high:
        raise wrong(
            f"{path}.minimum_age", _("The minimum age is above the maximum age."), "bad_range"
        )
    if service.program and service.program.organization_id != service.organization_id:
        raise wrong(f"{path}.program", _("The program belongs to another organization."))


def _program(program: Program, path: object) -> None:
    if not program.name:
        raise wrong(f"{path}.name", _("Give it a name."), "missing_required")


def _phone(phone: Phone, path: object) -> None:
    prefixes = Code.objects.of("extra_number").values_list("code", flat=True)
    try:
        phones.parse(phone.number, country=settings.COUNTRY, extra_prefixes=list(prefixes))
    except phones.NotANumber as error:
        sentence = _("“%(number)s” is not a telephone number.") % {"number": phone.number[:40]}
        raise wrong(f"{path}.number", sentence, "bad_phone") from error


def _contact(contact: Contact, path: object) -> None:
    if not (contact.name or contact.title or contact.department or contact.email):
        raise wrong(path, _("Name the person, the desk or the e-mail address."), "missing_required")
    if contact.email:
        try:
            validate_email(contact.email)
        except ValidationError as error:
            raise wrong(
                f"{path}.email", _("This is not an e-mail address."), "bad_email"
            ) from error


def _schedule(row: Schedule, path: object) -> None:
    if (row.opens_at is None) != (row.closes_at is None):
        raise wrong(f"{path}.closes_at", _("Give both times, or none."), "bad_time")
    if row.opens_at and row.closes_at and not row.closes_next_day and row.closes_at <= row.opens_at:
        sentence = _("It closes before it opens; tick that it closes on the next day.")
        raise wrong(f"{path}.closes_at", sentence, "bad_time")
    if row.byday and not all(BYDAY.fullmatch(part) for part in row.byday.split(",")):
        raise wrong(f"{path}.byday", _("Weekdays are written as MO,TU or 1SA."), "bad_code")
    if row.tz and row.tz not in available_timezones():
        raise wrong(f"{path}.tz", _("This time zone is not known."), "bad_code")
    _in_order(row.valid_from, row.valid_to, f"{path}.valid_to")


def _exception(row: ScheduleException, path: object) -> None:
    if not row.every_year:
        _in_order(row.starts_on, row.ends_on, f"{path}.ends_on")
    if (row.kind == ExceptionKind.HOURS) != bool(row.opens_at and row.closes_at):
        raise wrong(f"{path}.opens_at", _("Special hours need both times."), "bad_time")


def _cost(row: CostOption, path: object) -> None:
    _in_order(row.valid_from, row.valid_to, f"{path}.valid_to")


def _in_order(first: Any, last: Any, path: str) -> None:
    if first and last and first > last:
        raise wrong(path, _("The last day is before the first day."), "bad_range")


def _address(row: Address, path: object) -> None:
    if not re.fullmatch(r"[A-Z]{2}", row.country):
        raise wrong(f"{path}.country", _("Countries are written as two letters."), "bad_code")


def _location(row: Location, path: object) -> None:
    if (row.latitude is None) != (row.longitude is None):
        sentence = _("Give latitude and longitude, or neither.")
        raise wrong(f"{path}.longitude", sentence, "coordinate_out_of_range")
    if row.latitude is None or row.longitude is None:
        return
    if not (-90 <= row.latitude <= 90 and -180 <= row.longitude <= 180):
        sentence = _("This point is not on earth.")
        raise wrong(f"{path}.latitude", sentence, "coordinate_out_of_range")
    if row.latitude == 0 and row.longitude == 0:
        raise wrong(f"{path}.latitude", _("0/0 is not a place."), "zero_coordinate")
    if row.location_type == LocationType.VIRTUAL:
        raise wrong(f"{path}.latitude", _("A virtual location has no point."))


def _service_area(row: ServiceArea, path: object) -> None:
    if row.geometry is not None and _points(row.geometry) > MAX_POINTS:
        raise wrong(f"{path}.geometry", _("The outline has more than 10,000 points."), "too_long")


def _points(geometry: Any) -> int:
    if isinstance(geometry, dict):
        return sum(_points(value) for value in geometry.values())
    if isinstance(geometry, list):
        return (
            1 if geometry and isinstance(geometry[0], int | float) else sum(map(_points, geometry))
        )
    return 0


def _identifier(row: OrganizationIdentifier, path: object) -> None:
    if not row.identifier:
        raise wrong(f"{path}.identifier", _("Give the number."), "missing_required")
    if row.identifier_scheme == "CN-USCC" and not is_uscc(row.identifier):
        sentence = _("This is not a unified social credit code; its check character is wrong.")
        raise wrong(f"{path}.identifier", sentence, "bad_uscc")


def is_uscc(code: str) -> bool:
    """Say whether a unified social credit code has 18 characters and the right check character."""
    code = code.strip().upper()
    if not USCC.fullmatch(code):
        return False
    total = sum(USCC_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(code[:17]))
    return USCC_ALPHABET[(31 - total % 31) % 31] == code[17]


def _attribute(row: Attribute, path: object) -> None:
    if row.term is None and not row.value:
        raise wrong(f"{path}.term", _("Choose a term or write a value."), "missing_required")


def _term(row: TaxonomyTerm, path: object) -> None:
    if row.parent and row.parent.taxonomy_id != row.taxonomy_id:
        raise wrong(f"{path}.parent", _("The broader term belongs to another vocabulary."))


RULES: Final[dict[type[models.Model], Callable[[Any, object], None]]] = {
    Address: _address,
    Attribute: _attribute,
    Contact: _contact,
    CostOption: _cost,
    Location: _location,
    OrganizationIdentifier: _identifier,
    Phone: _phone,
    Program: _program,
    Schedule: _schedule,
    ScheduleException: _exception,
    Service: _service,
    ServiceArea: _service_area,
    TaxonomyTerm: _term,
}
