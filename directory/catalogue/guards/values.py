"""One value, from JSON to what its column holds."""

from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from core.text import clean
from directory.catalogue.errors import InvalidListing
from directory.catalogue.models import TaxonomyTerm, Unit
from directory.catalogue.models.paths import Path
from directory.geography.models import Area

# Columns that hold web addresses, whatever their type.
WEB: Final = frozenset({"url", "website", "uri", "schedule_link", "term_uri", "logo"})
# Vocabulary from which the terms of a link type are taken when they are given by code.
VOCABULARIES: Final = {
    "service_type": "shegong-cn",
    "target_population": "population",
    "eligibility": "eligibility",
    "fee": "fee",
    "application": "application",
    "accessibility": "accessibility",
}


def wrong(path: object, message: str, code: str = "invalid") -> InvalidListing:
    """Return the refusal of one field, to be raised or gathered."""
    return InvalidListing(message, errors=[{"field": str(path), "code": code, "message": message}])


def cleaned(model: type[models.Model], name: str, value: Any, path: Path | str) -> Any:
    """Return a value as its column holds it; what the column refuses is an error of that field."""
    field = model._meta.get_field(name)
    if isinstance(field, models.ForeignKey):
        return referred(field.related_model, value, path)
    value = _text(value, path)
    if value in ("", None):
        if isinstance(field, models.CharField | models.TextField):
            value = ""
        elif isinstance(field, models.Field) and field.null:
            return None
    if name in WEB and value and not _is_web(value):
        raise wrong(path, _("Enter a web address that begins with http:// or https://."))
    if not isinstance(field, models.Field):
        raise wrong(path, _("This cannot be written."))
    try:
        return field.clean(value, None)
    except ValidationError as error:
        raise wrong(path, " ".join(error.messages), _code(error)) from error


def _code(error: ValidationError) -> str:
    codes = {one.code for one in error.error_list} if hasattr(error, "error_list") else set()
    return "too_long" if "max_length" in codes else "invalid"


def _text(value: Any, path: Path | str) -> Any:
    """Clean every string inside a value; a NUL in a JSON column would break PostgreSQL."""
    if isinstance(value, str):
        return clean(value).strip()
    if isinstance(value, list):
        return [_text(one, path) for one in value]
    if isinstance(value, dict):
        return {clean(str(key)): _text(one, path) for key, one in value.items()}
    return value


def _is_web(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return (
            parts.scheme in {"http", "https"}
            and bool(parts.hostname)
            and parts.username is None
            and parts.password is None
        )
    except ValueError:
        return False


def referred(model: Any, value: Any, path: Path | str, *, kind: str = "") -> Any:
    """Return the row a public key names: areas by code, units by name, terms by uid or code."""
    if value in ("", None):
        return None
    if isinstance(value, model):
        return value
    if model is Unit:
        name = clean(str(value)).strip()[:200]
        return Unit.objects.filter(name=name).first() or Unit(name=name)
    found: Any = None
    if model is Area:
        areas = Area.objects.filter(code=str(value)[:12])
        found = areas.filter(country=settings.COUNTRY).first() or areas.first()
    elif _is_uid(value):
        found = model.objects.filter(uid=value).first()
    elif model is TaxonomyTerm:
        terms = TaxonomyTerm.objects.current().filter(
            code=str(value)[:100], taxonomy__code=VOCABULARIES.get(kind, "shegong-cn")
        )
        found = terms.first()
    if found is None:
        raise wrong(
            path, _("“%(value)s” is not known here.") % {"value": str(value)[:80]}, "bad_code"
        )
    return found


def _is_uid(value: Any) -> bool:
    try:
        UUID(str(value))
    except ValueError:
        return False
    return True
