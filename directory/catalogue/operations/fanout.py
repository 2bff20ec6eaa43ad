"""What a write reaches: versions of everything that shows the row, the change feed, the news."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, Q

from accounts.models import User
from directory.catalogue import signals
from directory.catalogue.models import (
    Attribute,
    Language,
    ListingChange,
    Location,
    Organization,
    Phone,
    Program,
    ServedArea,
    Service,
    ServiceAtLocation,
    Taxonomy,
    TaxonomyTerm,
)
from directory.catalogue.models.record import Root
from directory.catalogue.models.shapes import table_of
from directory.catalogue.states import ChangeAction, PlaceState

SEND: Final = 1000
ANYBODY: Final = AnonymousUser()
PARENTS: Final[dict[str, type[Root]]] = {
    "organization_id": Organization,
    "service_id": Service,
    "service_at_location_id": ServiceAtLocation,
    "place_id": ServiceAtLocation,
    "location_id": Location,
}
ROOTS: Final[tuple[type[Root], ...]] = (
    Taxonomy,
    TaxonomyTerm,
    Organization,
    Program,
    Location,
    ServiceAtLocation,
    Service,
)


class Fanout:
    """Collects the roots that a batch writes and passes the news on to all that show them."""

    def __init__(self, *, by: User, event: str):
        """Remember who writes and what the event is called."""
        self.by = by
        self.event = event
        self.merged: dict[Any, Any] = {}
        self.quiet = False
        self._written: dict[type[Root], set[int]] = defaultdict(set)
        self._new: set[tuple[type[Root], int]] = set()
        self._claimed: set[tuple[type[Root], int]] = set()
        self._paths: set[str] = set()

    def claimed(self, root: Any) -> None:
        """Leave the version of this root alone: it was raised when it was claimed."""
        self._claimed.add((type(root), root.pk))

    def root(self, root: Any, paths: Iterable[str]) -> None:
        """Count a root as written."""
        self._written[type(root)].add(root.pk)
        self._paths.update(f"{table_of(type(root))}.{path}" for path in paths)

    def row(self, row: Any, names: set[str] | None) -> None:
        """Count the roots that hold a row; no names = the row is new or gone."""
        if isinstance(row, Root):
            self.root(row, names or ())
            if names is None:
                self._new.add((type(row), row.pk))
            return
        listed = _list_name(row)
        for holder in _holders(row):
            for key, model in PARENTS.items():
                pk = getattr(holder, key, None)
                if pk is not None:
                    self._written[model].add(pk)
                    self._paths.add(f"{table_of(model)}.{listed}")

    def spread(self, at: datetime) -> None:
        """Raise versions, write the change feed, send the news; each table once."""
        reached = self._reached()
        for model in ROOTS:
            ids = reached[model]
            if not ids:
                continue
            self._stamp(model, ids, at)
            _feed(model, ids, at, self.merged)
            self._tell(model, sorted(ids))

    def _stamp(self, model: Any, ids: set[int], at: datetime) -> None:
        new = {pk for kind, pk in self._new if kind is model}
        kept = ids if self.quiet else {pk for kind, pk in self._claimed if kind is model}
        for chunk in _chunks(sorted(kept - new)):
            model.objects.filter(pk__in=chunk).update(last_modified=at)
        for chunk in _chunks(sorted(ids - new - kept)):
            model.objects.filter(pk__in=chunk).update(last_modified=at, version=F("version") + 1)

    def _tell(self, model: type[Root], ids: list[int]) -> None:
        for chunk in _chunks(ids):
            signals.listing_changed.send(
                model,
                table=table_of(model),
                ids=chunk,
                event=self.event,
                fields=frozenset(self._paths),
                by=self.by,
            )

    def _reached(self) -> dict[type[Root], set[int]]:
        """Add to the written roots all whose JSON shows them."""
        seen = {model: set(self._written[model]) for model in ROOTS}
        organizations, programs = self._written[Organization], self._written[Program]
        locations, places = self._written[Location], self._written[ServiceAtLocation]
        if locations:
            here = ServiceAtLocation.objects.filter(location__in=locations)
            seen[ServiceAtLocation].update(here.values_list("pk", flat=True))
        for condition, keys in (
            ("organization__in", organizations),
            ("program__in", programs),
            ("places__location__in", locations),
            ("places__in", places),
            ("attributes__term__in", self._terms()),
        ):
            if keys:
                found = Service.objects.filter(Q((condition, keys)))
                seen[Service].update(found.values_list("pk", flat=True))
        shown_at = self._written[Service] | (seen[Service] if organizations or programs else set())
        if shown_at:
            at = ServiceAtLocation.objects.filter(service__in=shown_at)
            seen[ServiceAtLocation].update(at.values_list("pk", flat=True))
        seen[Organization] |= self._owners()
        return seen

    def _terms(self) -> set[int]:
        terms = set(self._written[TaxonomyTerm])
        if self._written[Taxonomy]:
            inside = TaxonomyTerm.objects.filter(taxonomy__in=self._written[Taxonomy])
            terms.update(inside.values_list("pk", flat=True))
        return terms

    def _owners(self) -> set[int]:
        """Return organizations whose JSON names a written service, program or location."""
        owners: set[int | None] = set()
        for model in (Service, Program, Location):
            if self._written[model]:
                rows: Any = model.objects.filter(pk__in=self._written[model])
                owners.update(rows.values_list("organization", flat=True))
        return {pk for pk in owners if pk is not None}


def _list_name(row: Any) -> str:
    """Return by which name a root lists a child: `phones`, `terms.fee`."""
    if isinstance(row, Attribute):
        return f"terms.{row.kind}" if row.term_id else "attributes"
    if isinstance(row, ServedArea):
        return "service_areas"
    for field in row._meta.concrete_fields:
        if field.is_relation and field.attname in PARENTS:
            return str(field.remote_field.related_name)
    return table_of(type(row))


def _holders(row: Any) -> list[Any]:
    """Return the rows whose keys lead to a root: the row itself, or what it hangs on."""
    holders = [row]
    if isinstance(row, Language) and row.phone_id:
        holders.append(row.phone)
    if isinstance(row, ServedArea):
        holders.append(row.service_area)
    inner = [one.contact for one in holders if isinstance(one, Phone) and one.contact_id]
    return [*holders, *inner]


def _feed(model: Any, ids: set[int], at: datetime, merged: dict[Any, Any]) -> None:
    """Add a line of the change feed per root; what the public may not see is withdrawn."""
    rows = model.objects.filter(pk__in=ids)
    uids = dict(rows.values_list("pk", "uid"))
    shown = _public(model, ids)
    hidden = [uid for pk, uid in uids.items() if pk not in shown and uid not in merged]
    # What was never published is not withdrawn either: a draft's uid is nobody's affair.
    known = set(
        ListingChange.objects.filter(
            table=table_of(model), uid__in=hidden, action=ChangeAction.UPSERT
        ).values_list("uid", flat=True)
    )
    lines = [(uids[pk], ChangeAction.UPSERT) for pk in sorted(shown)]
    lines += [(uid, ChangeAction.DELETE) for uid in hidden if uid in known]
    lines += [(uid, ChangeAction.MERGE) for uid in uids.values() if uid in merged]
    ListingChange.objects.bulk_create(
        [
            ListingChange(
                table=table_of(model), uid=uid, action=action, at=at, merged_into=merged.get(uid)
            )
            for uid, action in lines
        ],
        batch_size=SEND,
    )


def _public(model: Any, ids: set[int]) -> set[int]:
    """Return which roots anybody may read."""
    rows = model.objects.filter(pk__in=ids)
    if model in (Taxonomy, TaxonomyTerm):
        shown = rows.filter(deleted_at__isnull=True)
    elif model is Program:
        owners = Organization.objects.visible_to(ANYBODY).values("pk")
        shown = rows.filter(organization__in=owners, deleted_at__isnull=True)
    elif model is ServiceAtLocation:
        shown = rows.filter(state=PlaceState.ACTIVE).visible_to(ANYBODY)
    else:
        shown = rows.visible_to(ANYBODY)
    return set(shown.values_list("pk", flat=True))


def _chunks(ids: list[int]) -> Iterable[list[int]]:
    for start in range(0, len(ids), SEND):
        yield ids[start : start + SEND]
