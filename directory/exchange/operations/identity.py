"""Who is who: under which uid a foreign row lives here, and which of our records it is."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from django.apps import apps

from core.text import fold
from directory.catalogue.models import (
    Organization,
    OrganizationIdentifier,
    Redirect,
    Service,
    ServiceAtLocation,
    Source,
)
from directory.catalogue.models.shapes import table_of
from directory.exchange.fields import BY_NAME
from directory.exchange.models import ImportBatch, ImportRow, SourceRecord

NAMESPACE: Final = uuid.UUID("5b0d4f7e-36c1-5d0a-9c55-0f6a2f6a3a10")


def model_of(table: str) -> Any:
    """Return our model of an HSDS table."""
    return apps.get_model("catalogue", BY_NAME[table].model)


def uid_of(source: Source, table: str, external_id: str) -> UUID:
    """Return the uid of a new record: a hyphenated UUID stays, anything else is derived."""
    if len(external_id) == 36:
        try:
            return UUID(external_id)
        except ValueError:
            pass
    return uuid.uuid5(NAMESPACE, f"{source.code}:{table}:{external_id}")


class Directory:
    """Looks up foreign ids and the records they stand for, a chunk at a time."""

    def __init__(self, batch: ImportBatch) -> None:
        """Remember the source."""
        self.batch = batch
        self.source = batch.source
        self._rows: dict[str, dict[UUID, Any]] = defaultdict(dict)
        self._uids: dict[str, dict[str, UUID]] = defaultdict(dict)

    def load(self, rows: Iterable[ImportRow]) -> None:
        """Load everything that a chunk of rows refers to."""
        self._rows.clear()
        self._uids.clear()
        wanted: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            for link in BY_NAME[row.table].links:
                ids = row.links.get(link.ours, [])
                wanted[link.table or _entity(row)].update(ids)
        loose = wanted.pop("", set())
        for table, ids in wanted.items():
            self._load(table, ids)
        if loose:
            # What names no table may be any record that this source brought.
            found = SourceRecord.objects.placed().filter(source=self.source, external_id__in=loose)
            for table, external_id, uid in found.values_list("table", "external_id", "uid"):
                if uid is not None:
                    self._uids[""].setdefault(external_id, uid)
                    self._uids[table][external_id] = uid

    def _load(self, table: str, ids: set[str]) -> None:
        records = SourceRecord.objects.placed().filter(
            source=self.source, table=table, external_id__in=ids
        )
        placed = records.values_list("external_id", "uid")
        self._uids[table] = {external_id: uid for external_id, uid in placed if uid is not None}
        found = model_of(table).objects.filter(uid__in=self._uids[table].values())
        self._rows[table] = {each.uid: each for each in found}

    def add(self, table: str, external_id: str, row: Any) -> None:
        """Take up a record that this chunk makes, so that later rows find it."""
        self._uids[table][external_id] = row.uid
        self._rows[table][row.uid] = row

    def row(self, table: str, external_id: str) -> Any | None:
        """Return the record a foreign id stands for."""
        uid = self._uids[table].get(external_id)
        return self._rows[table].get(uid) if uid else None

    def uid(self, table: str, external_id: str) -> UUID | None:
        """Return the uid a foreign id stands for, whatever table it is in."""
        return self._uids[table].get(external_id)


def _entity(row: ImportRow) -> str:
    entity = str(row.mapped.get("link_entity", ""))
    return entity if entity in BY_NAME and BY_NAME[entity].model else ""


class Matcher:
    """Finds our records for rows that their source has not brought before."""

    def __init__(self, batch: ImportBatch) -> None:
        """Names and numbers are loaded once per run of apply, records once per chunk."""
        self.batch = batch
        self.source = batch.source
        self._organizations: dict[str, list[int]] | None = None
        self._numbers: dict[str, set[str]] | None = None
        self._by_uid: dict[UUID, Any] = {}
        self._services: dict[tuple[int, str], Service] = {}
        self._places: dict[tuple[int, int], ServiceAtLocation] = {}

    def prepare(self, table: str, rows: Iterable[ImportRow], directory: Directory) -> None:
        """Load what new rows of a chunk may turn out to be."""
        model, new = model_of(table), list(rows)
        uids = {uid_of(self.source, table, row.external_id) for row in new}
        moved = dict(
            Redirect.objects.filter(table=table_of(model), old_uid__in=uids).values_list(
                "old_uid", "new_uid"
            )
        )
        here = {each.uid: each for each in model.objects.filter(uid__in=uids | set(moved.values()))}
        self._by_uid = {
            uid: here[moved.get(uid, uid)] for uid in uids if moved.get(uid, uid) in here
        }
        if table == "service":
            owners = [
                directory.row("organization", each) for each in _named_by(new, "organization")
            ]
            self._load_services([owner.pk for owner in owners if owner])
        elif table == "service_at_location":
            services = [directory.row("service", each) for each in _named_by(new, "service")]
            places = ServiceAtLocation.objects.filter(
                service__in=[each.pk for each in services if each], deleted_at=None
            )
            self._places = {(each.service_id, each.location_id): each for each in places}

    def find(self, row: ImportRow, links: dict[str, Any]) -> Any | None:
        """Return the record a new row stands for: by uid, number, or name; else none."""
        found = self._by_uid.get(uid_of(self.source, row.table, row.external_id))
        if found is not None:
            return found
        if row.table == "organization":
            return self._organization(row)
        if row.table == "service" and links["organization"]:
            return self._services.get((links["organization"].pk, fold(row.mapped["name"])))
        if row.table == "service_at_location" and links["service"] and links["location"]:
            return self._places.get((links["service"].pk, links["location"].pk))
        return None

    def _load_services(self, owners: list[int]) -> None:
        brought = SourceRecord.objects.placed().filter(source=self.source, table="service")
        ours = Service.objects.filter(organization__in=owners, deleted_at=None)
        self._services = {
            (each.organization_id, fold(each.name)): each
            for each in ours.exclude(uid__in=brought.values("uid"))
        }

    def _organization(self, row: ImportRow) -> Organization | None:
        """Match by a register's number, else by the folded name if a city of both is the same."""
        for number in self._numbers_of(row.external_id):
            scheme, _colon, normalized = number.partition(":")
            known = OrganizationIdentifier.objects.filter(
                identifier_scheme=scheme, normalized=normalized
            )
            if found := known.select_related("organization").first():
                return found.organization
        named = self._named(fold(row.mapped["name"]))
        theirs = self._cities(row.external_id) if named else set()
        for organization in Organization.objects.filter(pk__in=named) if theirs else ():
            if theirs & _cities_of(organization):
                return organization
        return None

    def _named(self, name: str) -> list[int]:
        """Return organizations of this name that the same source did not bring as another one."""
        if self._organizations is None:
            brought = SourceRecord.objects.placed().filter(source=self.source, table="organization")
            rows = Organization.objects.filter(deleted_at=None).exclude(
                uid__in=brought.values("uid")
            )
            self._organizations = defaultdict(list)
            for pk, each in rows.values_list("pk", "name").iterator():
                self._organizations[fold(each)].append(pk)
        return self._organizations.get(name, [])

    def _numbers_of(self, external_id: str) -> set[str]:
        """Return the numbers that this file gives an organization."""
        if self._numbers is None:
            self._numbers = defaultdict(set)
            rows = self.batch.rows.filter(table="organization_identifier")
            for mapped, links in rows.values_list("mapped", "links").iterator():
                if mapped.get("identifier_scheme"):
                    number = "".join(c for c in fold(mapped["identifier"]).upper() if c.isalnum())
                    for each in links.get("organization", []):
                        self._numbers[each].add(f"{mapped['identifier_scheme']}:{number}")
        return self._numbers.get(external_id, set())

    def _cities(self, external_id: str) -> set[str]:
        """Return where the file says the organization is: folded cities of its addresses."""
        locations = {
            row.external_id
            for row in self.batch.rows.filter(table="location")
            if external_id in row.links.get("organization", [])
        }
        addresses = self.batch.rows.filter(table="address")
        return {
            fold(row.mapped["city"])
            for row in addresses
            if row.mapped.get("city") and locations & set(row.links.get("location", []))
        }


def _cities_of(organization: Organization) -> set[str]:
    cities = organization.locations.filter(addresses__city__gt="")
    return {fold(city) for city in cities.values_list("addresses__city", flat=True)}


def _named_by(rows: Iterable[ImportRow], link: str) -> set[str]:
    return {each for row in rows for each in row.links.get(link, [])}
