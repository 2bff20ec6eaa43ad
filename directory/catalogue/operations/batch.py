"""The one writer of catalogue rows: history, versions, change feed and news with every write."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import IntegrityError, models
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Conflict, DomainError
from core.jobs import now
from core.text import fold, pinyin
from directory.catalogue import phones
from directory.catalogue.errors import DuplicateRecord, InvalidListing
from directory.catalogue.models import (
    Accessibility,
    Address,
    Attribute,
    Code,
    Contact,
    CostOption,
    Funding,
    Language,
    Location,
    Organization,
    OrganizationIdentifier,
    Phone,
    Program,
    RequiredDocument,
    Schedule,
    ScheduleException,
    ServedArea,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceCapacity,
    Taxonomy,
    TaxonomyTerm,
    Unit,
    Url,
)
from directory.catalogue.models.record import Root
from directory.catalogue.operations.fanout import Fanout
from directory.catalogue.states import Audience

# Parents before children: rows are inserted in this order and removed in the opposite one.
ORDER: Final[tuple[type[models.Model], ...]] = (
    Taxonomy,
    TaxonomyTerm,
    Organization,
    OrganizationIdentifier,
    Program,
    Unit,
    Service,
    Location,
    ServiceAtLocation,
    Address,
    Accessibility,
    CostOption,
    RequiredDocument,
    Funding,
    Url,
    ServiceArea,
    ServedArea,
    ServiceCapacity,
    Schedule,
    ScheduleException,
    Contact,
    Phone,
    Language,
    Attribute,
)
NAMED: Final = (Organization, Service)
CHUNK: Final = 500
SPOKEN: Final = ("name", "alternate_name", "description")


class Batch:
    """Rows that are written together, in one transaction that the caller has opened."""

    def __init__(self, *, by: User, event: str = "change", reason: str = "", country: str = ""):
        """Remember who writes, and why: `reason` is `<origin>:<key>` in every history row."""
        self.by = by
        self.event = event
        self.reason = reason[:100]
        self.country = country or settings.COUNTRY
        self._added: dict[type[models.Model], list[Any]] = defaultdict(list)
        self._changed: dict[type[models.Model], dict[Any, tuple[Any, set[str]]]] = defaultdict(dict)
        self._removed: dict[type[models.Model], list[Any]] = defaultdict(list)
        self._fanout = Fanout(by=by, event=event)
        self._prefixes: list[str] | None = None

    def add(self, row: models.Model) -> None:
        """Take up a row that is not in the database yet."""
        self._added[type(row)].append(row)

    def change(self, row: models.Model, **values: Any) -> set[str]:
        """Set values on a loaded row; return the fields that really change."""
        differing = {name for name, value in values.items() if getattr(row, name) != value}
        for name in differing:
            setattr(row, name, values[name])
        if differing and row.pk is not None:
            _row, names = self._changed[type(row)].setdefault(row.pk, (row, set()))
            names |= differing
        return differing

    def remove(self, row: models.Model) -> None:
        """Take a child row out; roots are never removed, they are closed or merged."""
        self._removed[type(row)].append(row)

    def claim(self, root: Any, base_version: int) -> None:
        """Take the next version of a root; of two people who edit at once, one wins."""
        taken = type(root).objects.filter(pk=root.pk, version=base_version)
        if not taken.update(version=F("version") + 1):
            raise Conflict(_("The listing was changed since you opened it. Please look again."))
        root.version = base_version + 1
        self._fanout.claimed(root)

    def merged(self, loser: Any, survivor: Any) -> None:
        """Tell the change feed that a root lives on in another."""
        self._fanout.merged[loser.uid] = survivor.uid

    def touch(self, root: models.Model, *paths: str) -> None:
        """Count a root as changed although its own columns did not move."""
        self._fanout.root(root, paths)

    def write(self) -> None:
        """Write everything, then tell: versions, change feed, `listing_changed`."""
        at = now()
        try:
            for model in reversed(ORDER):
                self._delete(model)
            for model in ORDER:
                self._insert(model, at)
            for model in ORDER:
                self._update(model, at)
        except IntegrityError as error:
            raise _refusal(error) from error
        self._fanout.spread(at)

    def _insert(self, model: type[models.Model], at: datetime) -> None:
        rows = self._added.pop(model, [])
        if not rows:
            return
        for row in rows:
            self._prepare(row, None)
            if isinstance(row, Root):
                row.last_modified = at
        for level in _parents_first(model, rows):
            model._default_manager.bulk_create(level, batch_size=CHUNK)
        self._remember(model, rows, "+", at)
        for row in rows:
            self._fanout.row(row, None)
        if model is TaxonomyTerm:
            _lay_paths(rows)

    def _update(self, model: type[models.Model], at: datetime) -> None:
        entries = list(self._changed.pop(model, {}).values())
        by_fields: dict[frozenset[str], list[Any]] = defaultdict(list)
        for row, names in entries:
            derived = self._prepare(row, names)
            by_fields[frozenset(names | derived)].append(row)
            self._fanout.row(row, names)
        for columns, rows in by_fields.items():
            self._set(model, rows, sorted(columns), at)
        if entries:
            self._remember(model, [row for row, _names in entries], "~", at)

    def _set(self, model: Any, rows: list[Any], names: list[str], at: datetime) -> None:
        if hasattr(model, "updated_at"):
            names = [*names, "updated_at"]
            for row in rows:
                row.updated_at = at
        if len(rows) == 1:
            values = {name: getattr(rows[0], name) for name in names}
            model.objects.filter(pk=rows[0].pk).update(**values)
        else:
            model.objects.bulk_update(rows, names, batch_size=CHUNK)

    def _delete(self, model: Any) -> None:
        rows = self._removed.pop(model, [])
        for row in rows:
            self._fanout.row(row, None)
            # The names by which simple-history takes author and reason of a deletion.
            row._history_user = self.by  # noqa: SLF001
            row._change_reason = self.reason  # noqa: SLF001
            row.delete()

    def _remember(self, model: Any, rows: list[Any], kind: str, at: datetime) -> None:
        if not hasattr(model, "history"):
            return
        past = model.history.model
        names = [field.attname for field in past.tracked_fields]
        past.objects.bulk_create(
            [
                past(
                    history_date=at,
                    history_user_id=self.by.pk,
                    history_change_reason=self.reason,
                    history_type=kind,
                    **{name: getattr(row, name) for name in names},
                )
                for row in rows
            ],
            batch_size=CHUNK,
        )

    def _prepare(self, row: Any, names: set[str] | None) -> set[str]:
        """Derive the columns that follow from others; return their names."""
        if isinstance(row, Phone) and (names is None or names & {"number", "audience"}):
            return self._prepare_phone(row)
        if isinstance(row, OrganizationIdentifier):
            row.normalized = normalized(row.identifier)
            return {"normalized"}
        derived: set[str] = set()
        if isinstance(row, NAMED) and (names is None or "name" in names):
            row.sort_key = pinyin(row.name)[:300]
            derived.add("sort_key")
        spoken = {*SPOKEN, "translations", "organization"}
        if isinstance(row, Service) and (names is None or names & spoken):
            row.plain_text = plain_text(row, row.organization)
            derived.add("plain_text")
        if isinstance(row, Organization) and names and names & spoken:
            self._retell(row)
        return derived

    def _prepare_phone(self, row: Phone) -> set[str]:
        if self._prefixes is None:
            self._prefixes = list(Code.objects.of("extra_number").values_list("code", flat=True))
        try:
            read = phones.parse(
                row.number,
                extension=row.extension,
                country=self.country,
                extra_prefixes=self._prefixes,
            )
        except phones.NotANumber:
            # Foreign records hold what is no number; it is kept and shown as written.
            row.e164 = ""
        else:
            row.number, row.e164, row.extension = read
        if phones.is_mainland_mobile(row.e164) and not row.is_published:
            row.audience = Audience.STAFF
        return {"number", "e164", "extension", "audience"}

    def _retell(self, organization: Organization) -> None:
        """Renew the services' text: they are found by their organization's name too."""
        services = list(Service.objects.filter(organization=organization))
        for service in services:
            service.plain_text = plain_text(service, organization)
        Service.objects.bulk_update(services, ["plain_text"], batch_size=CHUNK)


def normalized(identifier: str) -> str:
    """Return an identifier as it compares: folded, capital letters and digits only."""
    return "".join(c for c in fold(identifier).upper() if c.isalnum())


def plain_text(service: Service, organization: Organization) -> str:
    """Return what a listing says in all its languages, folded, for plain comparison."""
    said: list[str] = []
    for record in (service, organization):
        said += [getattr(record, name) for name in SPOKEN]
        for texts in record.translations.values():
            said += [texts.get(name, "") for name in SPOKEN]
    return fold("\n".join(text for text in said if text))


def _refusal(error: IntegrityError) -> DomainError:
    """Say what a constraint of the database says, without its words."""
    if "unique" in str(error).lower():
        return DuplicateRecord(_("The directory has this record already."))
    return InvalidListing(_("These values do not go together; the directory cannot keep them."))


def _parents_first(model: type[models.Model], rows: list[Any]) -> Iterable[list[Any]]:
    """Split rows of a tree into levels, because a child's key exists only after its parent's."""
    if model not in (Organization, TaxonomyTerm):
        yield rows
        return
    waiting = rows
    while waiting:
        new = {id(row) for row in waiting}
        ready = [row for row in waiting if row.parent is None or id(row.parent) not in new]
        if not ready:
            raise ValueError("parents form a circle")
        yield ready
        waiting = [row for row in waiting if row.parent is not None and id(row.parent) in new]


def _lay_paths(terms: list[TaxonomyTerm]) -> None:
    for term in terms:
        term.path = f"{term.parent.path if term.parent else '/'}{term.pk}/"
    TaxonomyTerm.objects.bulk_update(terms, ["path"], batch_size=CHUNK)
