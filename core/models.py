"""Abstract tables that every application builds on."""

import contextlib
import uuid
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.errors import UnscopedQuery

_reason: ContextVar[str] = ContextVar("unscoped_reason", default="")


class Record(models.Model):
    """A row with a public name: `id` stays inside, `uid` goes out."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        abstract = True


class Versioned(models.Model):
    """A row that two people may edit: `version` is its ETag and its compare-and-set."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True


class Translated(models.Model):
    """A row with a base text in `language` and other languages beside it."""

    language = models.CharField(_("language"), max_length=35, default="zh-Hans")
    translations = models.JSONField(default=dict, blank=True)
    translation_meta = models.JSONField(default=dict, blank=True, editable=False)

    class Meta:
        abstract = True

    def text(self, field: str, language: str | None = None) -> tuple[str, str]:
        """Return the text and its language: the translation if there is one, else the base text."""
        wanted = language or get_language() or self.language
        for tag in (wanted, wanted.split("-", 1)[0]):
            found = self.translations.get(tag, {}).get(field)
            if found:
                return found, tag
        return getattr(self, field), self.language


@contextlib.contextmanager
def unscoped(reason: str) -> Iterator[None]:
    """Allow reading scoped tables without a user; every call site is listed in a test."""
    token = _reason.set(reason)
    try:
        yield
    finally:
        _reason.reset(token)


class ScopedQuerySet(models.QuerySet[Any]):
    """A queryset that refuses to be read before it was told for whom (rule WR8)."""

    is_scoped = False

    def scoped(self) -> Self:
        """Mark the queryset as narrowed to what somebody may see; called by `visible_to`."""
        clone = self._chain()
        clone.is_scoped = True
        return clone

    def _clone(self) -> Self:
        clone = super()._clone()  # type: ignore[misc]  # private in the stubs
        clone.is_scoped = self.is_scoped
        return clone  # type: ignore[no-any-return]

    def _check_scope(self) -> None:
        # A queryset made by a relation carries the loaded object it belongs to in its hints.
        if not (self.is_scoped or self._hints.get("instance") or _reason.get()):
            raise UnscopedQuery(f"{self.model.__name__} was read without visible_to(user)")

    def _fetch_all(self) -> None:
        self._check_scope()
        super()._fetch_all()  # type: ignore[misc]  # private in the stubs

    def iterator(self, *args: Any, **kwargs: Any) -> Iterator[Any]:
        """Iterate without a cache, under the same check."""
        self._check_scope()
        return super().iterator(*args, **kwargs)

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


class ScopedModel(models.Model):
    """A table that reaches a client; its `objects` must be a `ScopedQuerySet` manager."""

    class Meta:
        abstract = True


class AppendOnly(models.Model):
    """A log: database triggers refuse UPDATE and DELETE (put back after every migrate)."""

    class Meta:
        abstract = True
