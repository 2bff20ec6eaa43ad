"""Copies of a file and of referrals, with every row that hangs on them, moved in time.

Rows are prepared for the database once; a copy changes the few columns that differ. Through model
instances two hundred thousand referrals would take half an hour.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from itertools import chain, count
from types import SimpleNamespace
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.models import Max

from accounts.models import User
from config.demo.city import PHONE_PREFIX, names
from config.load.chance import Chance
from config.load.templates import STORIES, Desk, Stage
from core.crypto import EncryptedTextField, blind_index, keys_in_use, prime
from directory.catalogue.models import Organization, Service, TaxonomyTerm
from referrals.casefiles.models import ClientKey
from referrals.handoffs.models import ReferralNeed

FILES_AT_ONCE: Final = 200
# Open ones are recent, so that their clocks still run; ended ones go back three years.
OPEN_DAYS, ENDED_DAYS, FILE_DAYS = 5, 1_000, 300

# What a copy speaks of, by what its original does: uids, texts, and keys as (model, key).
Known = dict[Any, Any]
Row = tuple[type[models.Model], list[Any]]


class Column(NamedTuple):
    """A column that differs from copy to copy."""

    place: int
    field: models.Field[Any, Any]
    value: Any


class Original:
    """One row that is copied."""

    def __init__(self, row: models.Model, changing: Iterable[object], key_id: str) -> None:
        """Read each column once; sealed ones are opened by it."""
        self.model, self.key, self.uid = type(row), row.pk, row.uid  # type: ignore[attr-defined]  # Record
        self.target: tuple[type[models.Model], Any] = (self.model, row.pk)
        self._key_id, texts = key_id, set(changing)
        self._same: list[Any] = []
        self._others: list[Column] = []
        for place, field in enumerate(row._meta.concrete_fields):
            value = getattr(row, field.attname)
            if field.name == "idempotency_key":
                # A key that was used once would replay; a copy was made by no request.
                value = ""
            is_sealed = isinstance(field, EncryptedTextField) and bool(value)
            if field.is_relation or field.primary_key:
                model = field.related_model or self.model
                differs, value = value is not None, (model, value)
            else:
                differs = isinstance(value, UUID | date | list | dict) or value in texts
            if differs or is_sealed:
                self._others.append(Column(place, field, value))
            self._same.append(None if differs or is_sealed else self._stored(field, value))

    @staticmethod
    def _stored(field: models.Field[Any, Any], value: Any) -> Any:
        if field.is_relation or field.primary_key:
            return None
        return field.get_db_prep_save(value, connection)

    def copy(self, known: Known, back: timedelta) -> Row:
        """Return the columns of a copy."""
        values = self._same.copy()
        for place, field, original in self._others:
            if field.is_relation or field.primary_key:
                value = known.get(original, original[1])
            else:
                value = _changed(original, known, back)
            if isinstance(field, EncryptedTextField):
                value = self._sealed(field, value, known)
            values[place] = field.get_db_prep_save(value, connection)
        return self.model, values

    def _sealed(self, field: EncryptedTextField, value: Any, known: Known) -> Any:
        key_id = known[ClientKey, self._key_id]
        row = SimpleNamespace(uid=known[self.uid], data_key_id=key_id, **{field.attname: value})
        return field.pre_save(row, add=True)  # type: ignore[arg-type]  # all that it asks of a row


class Pattern:
    """Rows that belong together."""

    def __init__(
        self, rows: Iterable[models.Model], changing: Iterable[object], key_id: str
    ) -> None:
        self._rows = [Original(row, changing, key_id) for row in rows]

    @property
    def tables(self) -> set[type[models.Model]]:
        """Return the tables that copies go into."""
        return {row.model for row in self._rows}

    def begin(self, chance: Chance, keys: dict[type[models.Model], Iterator[int]]) -> Known:
        """Give the copies of all rows uids and keys, so that they can name each other."""
        known: Known = {}
        for row in self._rows:
            known[row.uid] = uid = chance.uid()
            known[str(row.uid)] = str(uid)
            known[row.target] = next(keys[row.model])
        return known

    def copy(self, known: Known, back: timedelta) -> list[Row]:
        """Return copies that speak of other things and happened earlier."""
        return [row.copy(known, back) for row in self._rows]


def _changed(value: Any, known: Known, back: timedelta) -> Any:
    """Put new names and earlier instants into a value, however deep they stand."""
    if isinstance(value, dict):
        return {key: _changed(inner, known, back) for key, inner in value.items()}
    if isinstance(value, list):
        return [_changed(inner, known, back) for inner in value]
    if isinstance(value, date):
        return value - back
    if isinstance(value, str) and value not in known and value[4:5] == value[7:8] == "-":
        with suppress(ValueError):
            kind = date if len(value) == len("2026-01-01") else datetime
            return (kind.fromisoformat(value) - back).isoformat()
    return known.get(value, value) if isinstance(value, str | UUID) else value


class Copies:
    """Files like the one of the stage, and in them referrals like those of the stage."""

    def __init__(self, stage: Stage, chance: Chance, *, open_percent: float) -> None:
        self._stage, self._chance = stage, chance
        self._worker, self._intake = stage.workers[0], stage.recipients[0]
        client, phone, case = stage.client, stage.client.phones.get(), stage.client.cases.get()
        self._client = client
        # Whoever is called and reached like everybody else would be nobody.
        self._said = (
            *(client.name, client.name_bidx, client.file_no, client.address),
            *(phone.number, phone.bidx, case.case_no),
        )
        consents = list(client.consents.all())
        self._file = Pattern(
            [
                *(client, phone, client.contact_safety, case, *case.assignments.all(), *consents),
                *chain.from_iterable(consent.scopes.all() for consent in consents),
            ],
            self._said,
            client.key_id,
        )
        self._patterns = [self._pattern(referral.pk) for referral in stage.patterns]
        self._shares = self._weigh(open_percent)
        tables = self._file.tables.union(*(pattern.tables for _row, pattern in self._patterns))
        self._keys = {model: _following(model) for model in tables}
        self._files = self._referrals = 0

    def _pattern(self, pk: int) -> tuple[ReferralNeed, Pattern]:
        referral = self._client.referrals.get(pk=pk)
        served = referral.needs.select_related("need", "referral").get()
        rows: list[models.Model] = [served.need, referral, served]
        rows += [*referral.events.all(), *referral.clocks.all(), *referral.packets.all()]
        rows += self._client.grants.filter(context_uid=referral.uid)
        term = self._intake.offers[0][1]
        changing = (*self._said, referral.ref_no, term.code, served.open_key)
        return served, Pattern(rows, changing, self._client.key_id)

    def _weigh(self, open_percent: float) -> list[float]:
        """Return how often each pattern is copied, so that so many of a hundred are open."""
        is_open = [served.referral.is_open for served, _pattern in self._patterns]
        sums = dict.fromkeys((True, False), 0.0)
        for story, group in zip(STORIES, is_open, strict=True):
            sums[group] += story.share
        wanted = {True: open_percent, False: 100 - open_percent}
        return [
            story.share * wanted[group] / sums[group]
            for story, group in zip(STORIES, is_open, strict=True)
        ]

    def write(self, *, clients: int, referrals: int) -> None:
        """Write so many files and referrals, some hundred files at a time."""
        for start in range(0, clients, FILES_AT_ONCE):
            end = min(clients, start + FILES_AT_ONCE)
            share = referrals * end // clients - referrals * start // clients
            with transaction.atomic(), keys_in_use():
                files = self._write_files(end - start)
                _write(chain.from_iterable(self._referral(files) for _n in range(share)))
        _settle(self._keys)

    def _write_files(self, wanted: int) -> list[Known]:
        """Write files; return by each what its referrals speak of."""
        chance, files = self._chance, list[Known]()
        keys = [ClientKey.wrap(f"c{chance.uid().hex}") for _n in range(wanted)]
        ClientKey.objects.bulk_create(keys)
        prime({key.pk for key in keys})
        for key in keys:
            desk = chance.skewed(self._stage.workers)
            known = self._file.begin(chance, self._keys) | self._at(self._worker, desk)
            known |= dict(zip(self._said, self._person(), strict=True))
            known[ClientKey, self._client.key_id] = key.pk
            files.append(known)
        _write(
            chain.from_iterable(
                self._file.copy(known, timedelta(days=chance.randrange(FILE_DAYS)))
                for known in files
            )
        )
        return files

    def _person(self) -> Sequence[str]:
        """Return what is said of a person, in the order of `_said`."""
        chance = self._chance
        self._files += 1
        name = chance.choice(names("person"))
        number = f"{PHONE_PREFIX}{chance.randint(61100000, 61999999)}"
        return (
            *(name, blind_index("client.name", name), self._number("", self._files)),
            f"{chance.choice(names('street'))} {chance.randint(1, 260)} 号",
            *(number, blind_index("client.phone", number), self._number("C", self._files)),
        )

    def _referral(self, files: Sequence[Known]) -> list[Row]:
        chance = self._chance
        self._referrals += 1
        recipient = chance.skewed(self._stage.recipients)
        (service, term), (old, was) = chance.choice(recipient.offers), self._intake.offers[0]
        served, pattern = chance.choices(self._patterns, self._shares)[0]
        known = chance.skewed(files) | pattern.begin(chance, self._keys)
        known |= self._at(self._intake, recipient)
        known |= {
            (Service, old.pk): service.pk,
            (TaxonomyTerm, was.pk): term.pk,
            was.code: term.code,
            served.referral.ref_no: self._number("R", self._referrals),
            # As `packet.open_key` has it.
            served.open_key: f"{known[type(served.need), served.need_id]}:{service.pk}",
        }
        days = OPEN_DAYS if served.referral.is_open else ENDED_DAYS
        return pattern.copy(known, timedelta(days=days * chance.random()))

    @staticmethod
    def _at(original: Desk, desk: Desk) -> Known:
        return {
            (User, original.user.pk): desk.user.pk,
            (Organization, original.organization.pk): desk.organization.pk,
        }

    def _number(self, kind: str, number: int) -> str:
        return f"L{self._stage.seed}-{kind}{number:07d}"


def _following(model: type[models.Model]) -> Iterator[int]:
    """Yield the keys behind those that are taken."""
    last = model._base_manager.aggregate(last=Max("pk"))["last"]
    return count((last or 0) + 1)


def _write(rows: Iterable[Row]) -> None:
    """Write rows table by table; parents come before their children."""
    tables: dict[type[models.Model], list[list[Any]]] = defaultdict(list)
    for model, values in rows:
        tables[model].append(values)
    with connection.cursor() as cursor:
        for model, found in tables.items():
            _insert(cursor, model, found)


def _insert(cursor: Any, model: type[models.Model], rows: Sequence[Sequence[Any]]) -> None:
    """Write rows of one table as fast as the database takes them."""
    quote, fields = connection.ops.quote_name, model._meta.concrete_fields
    columns = ", ".join(quote(str(field.column)) for field in fields)
    into = f"{quote(model._meta.db_table)} ({columns})"
    if connection.vendor == "postgresql":
        with cursor.copy(f"COPY {into} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    else:
        places = ", ".join(["%s"] * len(fields))
        insert = f"INSERT INTO {into} VALUES ({places})"  # noqa: S608  # nosec B608  # names only
        cursor.executemany(insert, rows)


def _settle(tables: Iterable[type[models.Model]]) -> None:
    """Let the database go on counting behind the keys that were given here."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(tables)):
            cursor.execute(statement)
