"""The API's description is what the API is: the written file, the routes, the methods."""

import os
import re

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer

from tests.conftest import ROOT

FILE = ROOT / "docs" / "api" / "openapi.yaml"
METHODS = ("get", "post", "put", "patch", "delete")


@pytest.fixture(scope="module", name="schema")
def _schema():
    with translation.override("en"):
        return SchemaGenerator().get_schema(request=None, public=True)


def test_the_written_schema_is_current(schema):
    with translation.override("en"):
        text = OpenApiYamlRenderer().render(schema, renderer_context={}).decode()
    if os.environ.get("WRITE"):
        FILE.parent.mkdir(exist_ok=True)
        FILE.write_text(text, "utf-8")

    assert FILE.read_text("utf-8") == text, "run this test with WRITE=1 and read the difference"


def test_its_operations_are_those_of_the_addresses(schema):
    described = {
        (_plain(path), method)
        for path, item in schema["paths"].items()
        for method in METHODS
        if method in item
    }

    assert described == set(_answered(get_resolver().url_patterns))


def _answered(patterns, before=""):
    for pattern in patterns:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _answered(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern) and path.startswith("api/v1/"):
            callback = pattern.callback
            # A set of views that has answered once also offers "head", which nobody describes.
            offered = getattr(callback, "actions", None) or dir(callback.cls)
            yield from ((_plain("/" + path), method) for method in METHODS if method in offered)


def _plain(path):
    return re.sub(r"<[^>]*>|\{[^}]*\}", "{}", path)
