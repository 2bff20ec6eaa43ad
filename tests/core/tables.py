"""Three small tables, because core has none of its own: a person, their visits, a log."""

from typing import Any, ClassVar, Self

from django.apps.registry import Apps
from django.db import models

from core.crypto import EncryptedJSONField, EncryptedTextField
from core.models import AppendOnly, Record, ScopedModel, ScopedQuerySet, Versioned

# A registry of their own: no migration, no system check and no other test sees these tables.
registry = Apps(["core"])
DATA_KEYS: dict[str, bytes] = {}


def load_data_keys(ids: set[str]) -> dict[str, bytes]:
    return {key_id: DATA_KEYS[key_id] for key_id in ids if key_id in DATA_KEYS}


class PersonQuerySet(ScopedQuerySet["Person"]):
    def visible_to(self, owner: int) -> Self:
        return self.filter(owner=owner).scoped()


class Person(Record, Versioned, ScopedModel):
    owner = models.IntegerField()
    name = EncryptedTextField(blank=True)
    facts = EncryptedJSONField(default=dict)
    data_key_id = models.CharField(max_length=64, blank=True)
    visits: Any

    objects = PersonQuerySet.as_manager()

    class Meta:
        app_label = "core"
        apps = registry

    def __str__(self) -> str:
        return str(self.pk)


class VisitQuerySet(ScopedQuerySet["Visit"]):
    pass


class Visit(Record, ScopedModel):
    person = models.ForeignKey(Person, models.CASCADE, related_name="visits")
    place = models.CharField(max_length=20, blank=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        app_label = "core"
        apps = registry

    def __str__(self) -> str:
        return str(self.pk)


class Entry(AppendOnly):
    seq = models.BigIntegerField(primary_key=True)
    step = models.CharField(max_length=20, unique=True)
    text = models.CharField(max_length=20)

    objects: ClassVar[models.Manager["Entry"]] = models.Manager()

    class Meta:
        app_label = "core"
        apps = registry

    def __str__(self) -> str:
        return self.text


TABLES: tuple[Any, ...] = (Person, Visit, Entry)
