"""What all catalogue rows share: public names, translations, history, versions."""

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, overload

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.models import Record, Translated, Versioned
from directory.catalogue.states import Freshness, KeptBy

if TYPE_CHECKING:
    from django.db.models.enums import Choices

# Columns that change without anybody having edited the record: they would fill the history.
EXCLUDED = [
    "updated_at",
    "version",
    "last_modified",
    "plain_text",
    "sort_key",
    "verified_on",
    "verified_how",
    "verified_role",
    "verify_by",
    "referral_confirmed_on",
    "policy_code",
    "doubt",
    "freshness",
]

T = TypeVar("T")


class Computed(Generic[T]):
    """A property that an annotation of the same name may replace."""

    def __init__(self, compute: Callable[[Any], T]) -> None:
        """Keep the function; without `__set__` the instance's own value wins."""
        self.compute = compute

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: object | None, owner: type) -> Self | T:
        return self if instance is None else self.compute(instance)


def known(name: str, field: str, choices: "type[Choices]") -> models.CheckConstraint:
    """Return the constraint that holds a column to its enum."""
    return models.CheckConstraint(name=name, condition=models.Q((f"{field}__in", choices.values)))


def has_parent(name: str, *parents: str) -> models.CheckConstraint:
    """Return the constraint that a child belongs to something; foreign data name several."""
    condition = models.Q()
    for parent in parents:
        condition |= models.Q((f"{parent}__isnull", False))
    return models.CheckConstraint(name=name, condition=condition)


class Child(Record, Translated):
    """A row with no life of its own: its history is kept, its version is its parent's."""

    history = HistoricalRecords(inherit=True, excluded_fields=EXCLUDED)

    class Meta:
        abstract = True


class Root(Record, Versioned, Translated):
    """A row with an address of its own in the API."""

    # Moves with the record and with everything that is shown inside it.
    last_modified = models.DateTimeField(default=timezone.now, editable=False)
    source = models.ForeignKey(
        "catalogue.Source", models.PROTECT, null=True, blank=True, related_name="+"
    )
    kept_by = models.CharField(max_length=10, choices=KeptBy, default=KeptBy.OPERATOR)
    # Entered in error, by an administrator only; what merely ended is closed.
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    history = HistoricalRecords(inherit=True, excluded_fields=EXCLUDED)

    class Meta:
        abstract = True


class Verifiable(models.Model):
    """When and how somebody last confirmed the content; written by `record_freshness` alone."""

    verified_on = models.DateField(_("verified on"), null=True, editable=False)
    verified_how = models.CharField(max_length=20, blank=True, editable=False)
    # A role's code or the name of the body that confirmed, never a person.
    verified_role = models.CharField(max_length=120, blank=True, editable=False)
    # Stored, not computed, so that "what is due" is one comparison on an index.
    verify_by = models.DateField(_("verify by"), null=True, db_index=True, editable=False)
    referral_confirmed_on = models.DateField(null=True, editable=False)
    policy_code = models.CharField(max_length=40, blank=True, editable=False)
    doubt = models.PositiveSmallIntegerField(default=0, editable=False)
    freshness = models.CharField(
        max_length=10, choices=Freshness, default=Freshness.UNVERIFIED, editable=False
    )

    class Meta:
        abstract = True


def fingerprint(text: str) -> str:
    """Return what tells a changed base text from the one that was translated."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def translation_state(record: Translated, name: str, language: str) -> str:
    """Say how far a translation can be relied on: `current`, `outdated`, `machine`, or empty."""
    if not record.translations.get(language, {}).get(name):
        return ""
    made = record.translation_meta.get(language, {}).get(name, {})
    if made.get("source_hash") not in (None, fingerprint(getattr(record, name))):
        return "outdated"
    by_machine = made.get("origin") == "machine" and not made.get("reviewed_on")
    return "machine" if by_machine else "current"


def default_zone() -> str:
    """Return the zone of the installation, for columns that hold one."""
    return str(settings.TIME_ZONE)
