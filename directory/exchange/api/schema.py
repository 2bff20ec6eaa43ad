"""The OpenAPI document and the profile, written from the one list of tables. Pure."""

from typing import Any, Final

from directory.exchange.api import selecting
from directory.exchange.fields import TABLES, Kind, Table

JSON_OF: Final[dict[Kind, dict[str, Any]]] = {
    Kind.URL: {"type": "string", "format": "uri"},
    Kind.URI: {"type": "string", "format": "uri"},
    Kind.EMAIL: {"type": "string", "format": "email"},
    Kind.INSTANT: {"type": "string", "format": "date-time"},
    Kind.DATE: {"type": "string", "format": "date"},
    Kind.INTEGER: {"type": "number"},
    Kind.NUMBER: {"type": "number"},
}
UUID: Final = {"type": "string", "format": "uuid"}
# Objects that stand inside others, beside the lists that tables name themselves.
INSIDE: Final[dict[str, dict[str, str]]] = {
    "service": {
        "organization": "organization",
        "program": "program",
        "service_at_locations[]": "service_at_location",
    },
    "organization": {"locations[]": "location", "programs[]": "program", "services[]": "service"},
    "service_at_location": {"location": "location"},
    "service_capacity": {"unit": "unit"},
    "attribute": {"taxonomy_term": "taxonomy_term"},
    "taxonomy_term": {"taxonomy_detail": "taxonomy"},
}
# What we say beyond the standard, per table.
EXTENSIONS: Final[dict[str, dict[str, Any]]] = {
    "service": {
        "x_language": {"type": "string", "description": "Language of the texts (BCP 47)."},
        "x_translations": {"type": "object", "description": "Texts by language and field."},
        "x_referral_mode": {"enum": ["open", "referral_only", "self_only", "none"]},
        "x_freshness": {
            "type": "object",
            "description": "When and how the listing was last confirmed.",
            "properties": {
                "state": {"enum": ["unverified", "fresh", "due", "stale"]},
                "verified_on": {"type": "string", "format": "date"},
                "method": {"type": "string"},
                "verify_by": {"type": "string", "format": "date"},
            },
        },
    },
    "organization": {
        "x_language": {"type": "string"},
        "x_translations": {"type": "object"},
        "services": {"type": "array", "description": "Names, or whole with full_service."},
    },
    "location": {
        "x_precision": {
            "enum": ["exact", "street", "town", "county", "city", "province", "none"],
            "description": "How closely the point is known; only the first two are measured.",
        },
        "x_admin_code": {"type": "string", "description": "Code of the division it lies in."},
        "x_language": {"type": "string"},
        "x_translations": {"type": "object"},
    },
    "schedule": {
        "x_tz": {"type": "string", "description": "IANA time zone."},
        "x_on_holidays": {"enum": ["closed", "open"]},
        "x_exceptions": {"type": "array", "description": "Dates that come every year."},
    },
    "service_capacity": {
        "x_availability": {"enum": ["open", "limited", "waitlist", "full", "paused", "unknown"]}
    },
    "attribute": {"x_polarity": {"enum": ["excludes"], "description": "Who is not taken."}},
}
DESCRIPTIONS: Final[dict[str, str]] = {
    "search": "Words, at most 200 characters.",
    "page": "Number of the page, from 1.",
    "per_page": "Length of a page, at most 100; 10,000 with minimal.",
    "perPage": "Another name of per_page.",
    "format": "json, or ndjson for everything as one object per line.",
    "lang": "Language of the answer; Accept-Language does the same.",
    "taxonomy_term_id": "Ids of terms; what lies below them counts.",
    "taxonomy_id": "Ids of vocabularies.",
    "organization_id": "Ids of organizations.",
    "modified_after": "Instant or date (UTC), inclusive.",
    "minimal": "Only id and last_modified.",
    "full": "With everything that hangs on a record.",
    "full_service": "With the services of an organization, whole.",
    "language": "Languages in which people are served: codes or names.",
    "minimum_age": "Youngest age asked for; ranges overlap.",
    "maximum_age": "Oldest age asked for.",
    "lat": "Latitude (WGS-84).",
    "lon": "Longitude (WGS-84).",
    "radius_m": "Straight distance in meters.",
    "bbox": "minLon,minLat,maxLon,maxLat.",
    "postcode": "Postcode; with proximity the distance from it.",
    "proximity": "Distance from the postcode in meters, 5,000 where left out.",
    "admin_code": "Codes of divisions: served, or standing there.",
}
OF_THE_STANDARD: Final = frozenset(
    {"search", "page", "per_page", "format", "taxonomy_term_id", "taxonomy_id", "organization_id"}
    | {"modified_after", "minimal", "full", "full_service", "postcode", "proximity"}
)


def profile_schema(table: str) -> dict[str, Any]:
    """Return the JSON merge patch that our extensions make of an official schema."""
    return {"properties": EXTENSIONS[table]}


def openapi(server: str) -> dict[str, Any]:
    """Return the whole document; every reference is local."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Human Services Data API",
            "version": "3.2",
            "description": "Public listings in the words of Open Referral's HSDS 3.2.",
        },
        "servers": [{"url": server}],
        "tags": [{"name": "required"}, {"name": "optional"}],
        "paths": _paths(),
        "components": {
            "schemas": {
                table.name: _object(table) for table in TABLES if table.lists or _is_seen(table)
            }
            | {"page": _page(), "problem": _problem()},
        },
    }


def _is_seen(table: Table) -> bool:
    """Say whether a table of ours is an object of the standard."""
    return table.name != "schedule_exception"


def _object(table: Table) -> dict[str, Any]:
    properties: dict[str, Any] = {"id": UUID}
    for each in table.fields:
        if not each.is_ours:
            kind = dict(JSON_OF.get(each.kind, {"type": "string"}))
            properties[each.name] = kind | ({"enum": list(each.codes)} if each.codes else {})
    for other in TABLES:
        if any(link.table == table.name for link in other.links) or other.name == "attribute":
            for name in _lists(table.name, other):
                properties[name] = {"type": "array", "items": _ref(other.name)}
    for name, inner in INSIDE.get(table.name, {}).items():
        bare = name.removesuffix("[]")
        listed: dict[str, Any] = {"type": "array", "items": _ref(inner)}
        properties[bare] = listed if name != bare else _ref(inner)
    if table.name == "service":
        properties["last_modified"] = {"type": "string", "format": "date-time"}
    required = ["id", *(each.name for each in table.fields if each.required)]
    return {
        "type": "object",
        "required": required,
        "properties": properties | EXTENSIONS.get(table.name, {}),
    }


def _lists(owner: str, table: Table) -> list[str]:
    """Return under which names an object lists the rows of a table."""
    if table.name == "url":
        return ["additional_websites"] if owner == "organization" else ["additional_urls"]
    return [] if table.name == "metadata" else list(table.lists)


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _page() -> dict[str, Any]:
    number, flag = {"type": "integer"}, {"type": "boolean"}
    counts = ("total_items", "total_pages", "page_number", "size")
    properties: dict[str, Any] = dict.fromkeys(counts, number)
    properties |= dict.fromkeys(("first_page", "last_page", "empty"), flag)
    properties["contents"] = {"type": "array", "items": {"type": "object"}}
    return {"type": "object", "required": list(properties), "properties": properties}


def _problem() -> dict[str, Any]:
    text = {"type": "string"}
    return {
        "type": "object",
        "required": ["title", "status", "code", "detail"],
        "properties": {
            "title": text,
            "status": {"type": "integer"},
            "code": text,
            "detail": text,
            "errors": {"type": "array", "items": {"type": "object"}},
        },
    }


def _paths() -> dict[str, Any]:
    return {
        "/": {"get": _operation("getBase", "About this directory", {"type": "object"})},
        "/services": _list("Services", "service", selecting.SERVICES),
        "/services/{id}": _item("Service", "service", ("lang",)),
        "/organizations": _list("Organizations", "organization", selecting.ORGANIZATIONS),
        "/organizations/{id}": _item("Organization", "organization", ("lang", "full_service")),
    }


def _list(name: str, table: str, known: tuple[str, ...]) -> dict[str, Any]:
    contents = {"properties": {"contents": {"type": "array", "items": _ref(table)}}}
    page = {"allOf": [_ref("page"), contents]}
    read = _operation(f"list{name}", f"A page of {name.lower()}", page)
    read["parameters"] = [_parameter(each) for each in known]
    ask = _operation(
        f"search{name}", f"The same page of {name.lower()}; the body is not logged", page
    )
    body = {each: {"type": ["string", "array", "number", "boolean"]} for each in known}
    ask["requestBody"] = {
        "content": {"application/json": {"schema": {"type": "object", "properties": body}}}
    }
    ask["tags"] = ["optional"]
    return {"get": read, "post": ask}


def _item(name: str, table: str, known: tuple[str, ...]) -> dict[str, Any]:
    read = _operation(f"get{name}", f"One {table}", _ref(table))
    ident = {"name": "id", "in": "path", "required": True, "schema": UUID}
    read["parameters"] = [ident, *(_parameter(each) for each in known)]
    read["responses"]["404"] = _refusal("Nothing public has this id.")
    return {"get": read}


def _parameter(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": DESCRIPTIONS[name]
        + ("" if name in OF_THE_STANDARD else " Beyond the standard."),
        "schema": {"type": "string"},
    }


def _operation(ident: str, summary: str, answer: dict[str, Any]) -> dict[str, Any]:
    return {
        "operationId": ident,
        "summary": summary,
        "tags": ["required"],
        "responses": {
            "200": {
                "description": summary,
                "content": {"application/json": {"schema": answer}},
            },
            "400": _refusal("A parameter is unknown or cannot be read; the answer names it."),
            "429": _refusal("Too many requests; Retry-After says when to come back."),
        },
    }


def _refusal(description: str) -> dict[str, Any]:
    return {
        "description": description,
        "content": {"application/problem+json": {"schema": _ref("problem")}},
    }
