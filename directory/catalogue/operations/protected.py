"""Addresses that must not be found: out of the columns, out of the history, into one sealed row."""

from datetime import date, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.operations import audited
from accounts.permissions import Permission
from core.errors import Conflict, NotPermitted
from core.jobs import today
from directory.catalogue import guards, queries
from directory.catalogue.models import Address, Code, Language, Location, Phone, ProtectedDetail
from directory.catalogue.models.paths import Path
from directory.catalogue.models.shapes import ADDRESS, PHONE, plain, plain_value
from directory.catalogue.operations.batch import Batch
from directory.catalogue.states import CoordSource, NoAddress, Precision
from directory.geography import operations as geography
from directory.geography.models import Area
from directory.geography.states import Level

# What a protected location keeps in its sealed row alone.
COLUMNS: Final = ("latitude", "longitude", "transportation", "url", "external_identifier")
SEALED: Final = frozenset({*COLUMNS, "addresses", "phones"})
REVIEW_AFTER: Final = timedelta(days=365)


def protect(
    location: Location,
    *,
    by: User,
    reason: str,
    review_on: date | None = None,
    note: str = "",
) -> ProtectedDetail:
    """Hide where a location is: from now on only its district is known outside the sealed row.

    Whatever told more before goes in the same transaction: history, answers of geocoders, and,
    by the event `protect`, the raw rows of imports and what proposals say.
    """
    by.must(Permission.PROTECTED_EDIT)
    if not reason.strip():
        raise guards.wrong("reason", _("Say why."), "missing_required")
    if location.protected:
        raise Conflict(_("This location is protected already."))
    with audited(by=by, action="protected.protect", on=location):
        details = _details(location) | {"note": note}
        _forget(location, by=by)
        sealed = ProtectedDetail.objects.create(
            location=location,
            sealed=details,
            reason=reason.strip(),
            review_on=review_on or today() + REVIEW_AFTER,
        )
        batch = Batch(by=by, event="protect", reason="protect:")
        batch.change(location, protected=True, area=_district(location), **_blank())
        batch.touch(location, "addresses", "phones")
        batch.write()
        location.history.exclude(protected=True).delete()
    location.refresh_from_db()
    return sealed


def take(location: Location, *, by: User, path: Path, value: Any) -> bool:
    """Seal new details of a protected location; from whoever may not set them they are dropped."""
    if not by.may(Permission.PROTECTED_EDIT):
        return False
    detail = ProtectedDetail.objects.get(location=location)
    with audited(by=by, action="protected.change", on=location, field=path.name):
        if path.name in COLUMNS:
            value = plain_value(
                Location(**{path.name: guards.cleaned(Location, path.name, value, path)}), path.name
            )
        detail.sealed = detail.sealed | {path.name: value}
        detail.save(update_fields=["sealed", "updated_at"])
    return True


def reveal(location: Location, *, by: User, purpose: str) -> dict[str, Any]:
    """Show the sealed details to one person for a stated purpose; the access log names both."""
    by.must(Permission.PROTECTED_VIEW)
    if not Code.objects.of("access_purpose").filter(code=purpose).exists():
        raise guards.wrong("purpose", _("Say for what purpose you need the address."), "bad_code")
    detail = ProtectedDetail.objects.filter(location=location).first()
    if detail is None:
        raise Conflict(_("This location has no protected details."))
    if detail.audience == "named" and not detail.people.filter(pk=by.pk).exists():
        raise NotPermitted(_("Only the people named for this location may see its address."))
    with audited(by=by, action="protected.reveal", on=location, basis=purpose):
        return dict(detail.sealed)


def name_people(location: Location, *, by: User, people: list[User]) -> None:
    """Narrow the sealed details to named people; nobody named = all staff with the permission."""
    by.must(Permission.PROTECTED_EDIT)
    detail = ProtectedDetail.objects.get(location=location)
    with audited(by=by, action="protected.people", on=location, people=len(people)):
        detail.audience = "named" if people else "staff"
        detail.save(update_fields=["audience", "updated_at"])
        detail.people.set(people)


def _details(location: Location) -> dict[str, Any]:
    details = {name: plain_value(location, name) for name in COLUMNS}
    details["addresses"] = [plain(row, ADDRESS) for row in location.addresses.all()]
    details["phones"] = [plain(row, PHONE) for row in location.phones.all()]
    return details


def _blank() -> dict[str, Any]:
    return {
        "latitude": None,
        "longitude": None,
        "transportation": "",
        "url": "",
        "external_identifier": "",
        "coord_source": CoordSource.AREA,
        "coord_datum": "",
        "precision": Precision.COUNTY,
        "geocoded_at": None,
        "no_address_reason": NoAddress.CONFIDENTIAL,
        "translations": {},
    }


def _forget(location: Location, *, by: User) -> None:
    """Delete the rows that say where it is, and every trace of them."""
    addresses, phones = location.addresses.all(), location.phones.all()
    for address in addresses:
        geography.forget(queries.geocoding_text(address), by=by, area=location.area)
    kept: dict[Any, list[int]] = {
        Address: [row.pk for row in addresses],
        Language: list(Language.objects.filter(phone__in=phones).values_list("pk", flat=True)),
        Phone: [row.pk for row in phones],
    }
    for model, ids in kept.items():
        model.objects.filter(pk__in=ids).delete()
        model.history.filter(id__in=ids).delete()
    # Rows that were removed earlier have a history too.
    Address.history.filter(location=location.pk).delete()
    Phone.history.filter(location=location.pk).delete()


def _district(location: Location) -> Area | None:
    """Return the district a location lies in; a town would narrow the search too far."""
    area = location.area
    while area is not None and area.level == Level.TOWN:
        area = area.parent
    return area
