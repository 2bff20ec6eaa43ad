"""What may come in: bodies, parameters, preconditions, addresses."""

import json
import math
import re
from collections.abc import Collection
from typing import IO, Any, NoReturn

from django.conf import settings
from django.forms import ModelMultipleChoiceField, MultipleChoiceField
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.parsers import JSONParser
from rest_framework.request import Request

from core.errors import InvalidParameter, Malformed, PreconditionRequired
from core.text import UncleanText, clean

MAX_BODY = 1_048_576
MAX_DEPTH = 32
# A string, or its beginning where the text ends inside it: linear on any input.
STRING = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)', re.DOTALL)
BRACKET = re.compile(rb"[\[{\]}]")
MultipleChoices = (ModelMultipleChoiceField, MultipleChoiceField)
INT64 = range(-(2**63), 2**63)


class StrictJSONParser(JSONParser):
    """Takes JSON of sensible size and depth, without duplicate keys, NaN or unclean text."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None
    ) -> Any:
        """Return the parsed body, or say with a pointer what is wrong with it."""
        body: bytes = stream.read(MAX_BODY + 1)
        if len(body) > MAX_BODY:
            raise Malformed(_("The body is larger than 1 MB."))
        _check_depth(body)
        try:
            data = json.loads(
                body.decode("utf-8"),
                object_pairs_hook=_object,
                parse_constant=_no_number,
                parse_float=_float,
                parse_int=_int,
            )
        except ValueError as error:
            raise Malformed(_("The body is not valid JSON.")) from error
        return _cleaned(data, "")


def _check_depth(body: bytes) -> None:
    depth = 0
    for bracket in BRACKET.finditer(STRING.sub(b"", body)):
        depth += 1 if bracket[0] in b"[{" else -1
        if depth > MAX_DEPTH:
            raise Malformed(_("The body is nested too deeply."))


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise Malformed(_("The body names a key twice."))
    return result


def _no_number(name: str) -> NoReturn:
    raise Malformed(_("%(name)s is not a number.") % {"name": name})


def _float(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        _no_number(text)
    return number


def _int(text: str) -> int:
    # Counted before it is converted: that takes quadratic time.
    if len(text) > 20 or int(text) not in INT64:
        raise Malformed(_("The body holds a whole number that is too large."))
    return int(text)


def _cleaned(value: Any, pointer: str) -> Any:
    match value:
        case str():
            try:
                return clean(value)
            except UncleanText as error:
                place = {"pointer": pointer, "detail": str(error)}
                raise UncleanText(error.message, errors=[place]) from None
        case list():
            return [_cleaned(item, f"{pointer}/{index}") for index, item in enumerate(value)]
        case dict():
            return {_cleaned(k, pointer): _cleaned(v, f"{pointer}/{k}") for k, v in value.items()}
    return value


def check_parameters(
    query: QueryDict, *, known: Collection[str], several: Collection[str] = ()
) -> None:
    """Refuse unknown query parameters, and a second value where one is meant."""
    for name, values in query.lists():
        if name not in known and name not in several:
            raise InvalidParameter(
                _("There is no parameter “%(name)s”.") % {"name": name}, parameter=name
            )
        if len(values) > 1 and name not in several:
            raise InvalidParameter(
                _("The parameter “%(name)s” is given twice.") % {"name": name}, parameter=name
            )


class Filters(DjangoFilterBackend):
    """Narrows a list by its filterset; a name that the filterset does not know is refused.

    A view lists what else it reads in `query_parameters`.
    """

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        """Check the names first, then filter."""
        filterset = self.get_filterset(request, queryset, view)
        fields = filterset.form.fields if filterset else {}
        several = {name for name, field in fields.items() if isinstance(field, MultipleChoices)}
        extra = set(getattr(view, "query_parameters", ()))
        known = {"page", "per_page", "lang", *fields, *extra} - several
        check_parameters(request.query_params, known=known, several=several)
        return super().filter_queryset(request, queryset, view)


def if_match(request: HttpRequest | Request) -> int:
    """Return the version that a change is based on; a change without one is refused (428)."""
    given = request.headers.get("If-Match", "")
    if not given:
        raise PreconditionRequired(_("Name the version your change is based on (If-Match)."))
    version = re.fullmatch(r'(?:W/)?"?(\d{1,9})"?', given)
    if version is None:
        raise Malformed(_("If-Match must be the ETag of what you read."))
    return int(version[1])


def posted_version(request: HttpRequest, name: str = "version") -> int:
    """Return the version that the form of a page was based on; 0, which is stale, without one."""
    given = request.POST.get(name, "")
    return int(given) if re.fullmatch(r"[0-9]{1,9}", given) else 0


def client_ip(request: HttpRequest | Request) -> str:
    """Return the address of the client; the only reader of forwarded headers.

    Of the chain only what trusted proxies wrote counts: the entry the outermost of them added.
    """
    hops = settings.TRUSTED_PROXIES
    chain = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    if hops and chain[0] and len(chain) >= hops:
        return str(chain[-hops])
    return str(request.META.get("REMOTE_ADDR", ""))


def etag(version: int) -> str:
    """Return the header value that `if_match` reads back."""
    return f'"{version}"'
