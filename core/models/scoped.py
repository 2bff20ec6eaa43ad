"""Tables that reach a client: no reading before it is said for whom."""

import contextlib
from collections.abc import AsyncIterator, Iterator
from contextvars import ContextVar
from typing import Any, Self

from django.core import checks
from django.db import models
from typing_extensions import TypeVar

from core.errors import UnscopedQuery
from core.safeguards import safeguard

Row = TypeVar("Row", bound=models.Model, default=Any)
_reason: ContextVar[str] = ContextVar("unscoped_reason", default="")


@contextlib.contextmanager
def unscoped(reason: str) -> Iterator[None]:
    """Allow reading scoped tables without a user; every call site is listed in a test."""
    token = _reason.set(reason)
    try:
        yield
    finally:
        _reason.reset(token)


class ScopedQuerySet(models.QuerySet[Row]):
    """A queryset that refuses to be read before it was told for whom (rule WR8).

    It is narrow when it came through `visible_to(user)` (which ends in `.scoped()`) or through a
    relation of a loaded object, whose hints hold the instance. Writing needs no scope.
    """

    is_scoped = False

    def scoped(self) -> Self:
        """Mark the queryset as narrowed to what somebody may see; called by `visible_to`."""
        clone: Self = self._chain()  # type: ignore[attr-defined]  # private in the stubs
        clone.is_scoped = True
        return clone

    @property
    def is_narrow(self) -> bool:
        """Say whether reading is allowed: it is known for whom, or there is nothing to read."""
        hints: dict[str, Any] = self._hints  # type: ignore[attr-defined]  # private in the stubs
        return self.is_scoped or "instance" in hints or self.query.is_empty()

    def _check_scope(self) -> None:
        if safeguard("scope") and not (self.is_narrow or _reason.get()):
            raise UnscopedQuery(f"{self.model.__name__} was read without visible_to(user)")

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]  # private in the stubs
        clone.is_scoped = self.is_scoped
        return clone

    # Joining with rows of nobody in particular gives rows of nobody in particular.
    def _joined(self, result: Any, *others: Any) -> Any:
        if not all(getattr(one, "is_narrow", False) for one in (self, *others)):
            result.is_scoped = False
            result._hints = {}  # noqa: SLF001  # of our own kind
        return result

    def __or__(self, other: Any) -> Any:
        return self._joined(super().__or__(other), other)

    def __xor__(self, other: Any) -> Any:
        return self._joined(super().__xor__(other), other)

    def union(self, *other_qs: Any, all: bool = False) -> Any:  # noqa: A002  # Django's name
        """Unite; narrow only if every part is."""
        return self._joined(super().union(*other_qs, all=all), *other_qs)

    def _fetch_all(self) -> None:
        self._check_scope()
        super()._fetch_all()

    def iterator(self, *args: Any, **kwargs: Any) -> Iterator[Row]:
        """Iterate without a cache, under the same check."""
        self._check_scope()
        return super().iterator(*args, **kwargs)

    def aiterator(self, *args: Any, **kwargs: Any) -> AsyncIterator[Row]:
        """Iterate asynchronously, under the same check."""
        self._check_scope()
        return super().aiterator(*args, **kwargs)

    def count(self) -> int:
        """Count, under the same check."""
        self._check_scope()
        return super().count()

    def exists(self) -> bool:
        """Say whether there is a row, under the same check."""
        self._check_scope()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Aggregate, under the same check."""
        self._check_scope()
        return super().aggregate(*args, **kwargs)

    def raw(self, *args: Any, **kwargs: Any) -> Any:
        """Read by SQL, under the same check."""
        self._check_scope()
        return super().raw(*args, **kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete: no reading, even where Django loads rows to find what hangs on them."""
        return super(ScopedQuerySet, self.scoped()).delete()

    delete.alters_data = True  # type: ignore[attr-defined]  # as on Django's
    delete.queryset_only = True  # type: ignore[attr-defined]  # managers must not offer it


class ScopedModel(models.Model):
    """A table that reaches a client; its `objects` must be a `ScopedQuerySet` manager."""

    class Meta:
        abstract = True

    @classmethod
    def check(cls, **kwargs: Any) -> list[checks.CheckMessage]:
        """Refuse a model whose manager would read without asking."""
        found = super().check(**kwargs)
        if not issubclass(type(cls._default_manager.none()), ScopedQuerySet):
            found.append(checks.Error("A scoped model reads through a ScopedQuerySet.", obj=cls))
        return found
