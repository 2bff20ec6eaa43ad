"""Every address that our applications answer, found by walking the URLconf."""

import inspect
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver

# Not ours to list; each is held by tests of its own.
LEFT_OUT = {
    "admin": "read-only tables of Django's admin, behind their own door (tests/accounts)",
    "": "allauth's pages of signing in have no namespace (tests/accounts/test_sign_in.py)",
}
WRITING = ("POST", "PUT", "PATCH", "DELETE")


class Route(NamedTuple):
    """One address: its name, its path as written, its methods."""

    name: str
    path: str
    methods: frozenset[str]

    @property
    def is_api(self) -> bool:
        return self.path.startswith(("api/", "hsds/"))


def routes() -> list[Route]:
    """Return the routes of our applications, each once, in the order of the URLconf."""
    found: dict[str, Route] = {}
    for namespace, name, path, callback in _walk(get_resolver().url_patterns):
        if namespace in LEFT_OUT:
            continue
        route = Route(f"{namespace}:{name}", path, methods(callback))
        if (known := found.get(route.name)) is not None:
            route = Route(route.name, known.path, known.methods | route.methods)
        found[route.name] = route
    return list(found.values())


def _walk(
    patterns: list[URLPattern | URLResolver], namespace: str = "", before: str = ""
) -> Iterator[tuple[str, str, str, Callable[..., Any]]]:
    for pattern in patterns:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, pattern.namespace or namespace, path)
        else:
            yield namespace, pattern.name or "", path, pattern.callback


def methods(callback: Callable[..., Any]) -> frozenset[str]:
    """Return which methods a view answers, HEAD and OPTIONS left out."""
    if actions := getattr(callback, "actions", None):
        return frozenset(name.upper() for name in actions)
    view = getattr(callback, "view_class", None) or getattr(callback, "cls", None)
    if view is not None:
        offered = {name.upper() for name in view.http_method_names}
        return frozenset(m for m in ("GET", *WRITING) if m in offered and hasattr(view, m.lower()))
    return frozenset(_declared(callback)) - {"HEAD"}


def _declared(view: Callable[..., Any]) -> list[str]:
    """Return what `require_http_methods` was told; a view without it only reads."""
    step: Any = view
    while step is not None:
        if declared := inspect.getclosurevars(step).nonlocals.get("request_method_list"):
            return list(declared)
        step = getattr(step, "__wrapped__", None)
    return ["GET"]
