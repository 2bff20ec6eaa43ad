"""Copies of a file and of referrals, with every row that hangs on them, moved in time."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import models, transaction

from accounts.models import User
from config.demo.city import PHONE_PREFIX, names
from config.load.chance import Chance
from config.load.templates import STORIES, Desk, Stage
from core.crypto import blind_index, keys_in_use, prime
from directory.catalogue.models import Organization, Service, TaxonomyTerm
from referrals.casefiles.models import CaseFile, Client, ClientKey, ConsentScope
from referrals.handoffs.models import Referral, ReferralNeed
from referrals.handoffs.packet import open_key

FILES_AT_ONCE: Final = 200
CHUNK: Final = 500
# Open ones are recent, so that their clocks still run; ended ones go back three years.
OPEN_DAYS, ENDED_DAYS, FILE_DAYS = 5, 1_000, 300

Changes = Mapping[Any, Any]


class Cells(NamedTuple):
    """One row of a pattern: what every copy has, and what differs from copy to copy."""

    row: models.Model
    same: dict[str, Any]
    keys: list[tuple[str, tuple[Any, Any]]]
    others: list[tuple[str, Any]]

    @classmethod
    def of(cls, row: models.Model, changing: Iterable[object]) -> "Cells":
        """Read each column once; sealed ones are opened by it."""
        cells, texts = cls(row, {}, [], []), set(changing)
        for field in row._meta.concrete_fields:
            value = getattr(row, field.attname)
            if field.is_relation and value is not None:
                cells.keys.append((field.name, (field.related_model, value)))
            elif isinstance(value, UUID | date | list | dict) or value in texts:
                cells.others.append((field.attname, value))
            elif not field.primary_key:
                # A key that was used once would replay; a copy was made by no request.
                cells.same[field.attname] = "" if field.name == "idempotency_key" else value
        return cells


class Pattern:
    """Rows that belong together, parents first."""

    def __init__(self, rows: Iterable[models.Model], changing: Iterable[object]) -> None:
        self._cells = [Cells.of(row, changing) for row in rows]
        self._uids = [cells.row.uid for cells in self._cells]  # type: ignore[attr-defined]  # Records

    def copy(self, chance: Chance, changes: Changes, *, back: timedelta) -> list[Any]:
        """Return unsaved copies that speak of other things and happened earlier."""
        known = dict(changes)
        for uid in self._uids:
            known[uid] = other = chance.uid()
            known[str(uid)] = str(other)
        made = []
        for cells in self._cells:
            values = dict(cells.same)
            for name, target in cells.keys:
                if target in known:
                    values[name] = known[target]
                else:
                    values[f"{name}_id"] = target[1]
            for name, value in cells.others:
                values[name] = _changed(value, known, back)
            copy = type(cells.row)(**values)
            known[type(cells.row), cells.row.pk] = copy
            made.append(copy)
        return made


def _changed(value: Any, known: Changes, back: timedelta) -> Any:
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
        client, (worker, intake) = stage.client, (stage.workers[0], stage.recipients[0])
        self._service, self._term = intake.offers[0]
        self._worker, self._intake = worker, intake
        self._client, self._phone = client, client.phones.get()
        self._case = client.cases.get()
        consents = list(client.consents.all())
        # Whoever is born, called and reached like everybody else would be nobody.
        self._said = (
            *(client.name, client.name_bidx, client.file_no, client.address),
            *(self._phone.number, self._phone.bidx, self._case.case_no),
        )
        self._file = Pattern(
            [
                *(client, self._phone, client.contact_safety, self._case),
                *self._case.assignments.all(),
                *consents,
                *chain.from_iterable(consent.scopes.all() for consent in consents),
            ],
            self._said,
        )
        self._scopes = [scope.pk for consent in consents for scope in consent.scopes.all()]
        self._patterns = [self._pattern(referral) for referral in stage.patterns]
        self._shares = self._weigh(open_percent)
        self._files = self._referrals = 0

    def _pattern(self, stale: Referral) -> tuple[Referral, Pattern]:
        referral = self._client.referrals.get(pk=stale.pk)
        served = list(referral.needs.select_related("need"))
        rows: list[models.Model] = [row.need for row in served]
        rows += [referral, *served, *referral.events.all(), *referral.clocks.all()]
        rows += [*referral.packets.all(), *self._client.grants.filter(context_uid=referral.uid)]
        changing = (*self._said, referral.ref_no, self._term.code)
        return referral, Pattern(rows, changing)

    def _weigh(self, open_percent: float) -> list[float]:
        """Return how often each pattern is copied, so that so many of a hundred are open."""
        is_open = [original.ended_at is None for original, _pattern in self._patterns]
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

    def _write_files(self, count: int) -> list[tuple[Desk, list[Any]]]:
        chance = self._chance
        files, keys = [], []
        for _n in range(count):
            desk = chance.skewed(self._stage.workers)
            key = ClientKey.wrap(f"c{chance.uid().hex}")
            keys.append(key)
            files.append((desk, self._one_file(desk, key)))
        ClientKey.objects.bulk_create(keys)
        prime({key.pk for key in keys})
        _write(chain.from_iterable(rows for _desk, rows in files))
        return files

    def _one_file(self, desk: Desk, key: ClientKey) -> list[Any]:
        chance = self._chance
        self._files += 1
        name, number = (
            chance.choice(names("person")),
            f"{PHONE_PREFIX}{chance.randint(61100000, 61999999)}",
        )
        # In the order of `_said`.
        said = (
            *(name, blind_index("client.name", name), self._number("", self._files)),
            f"{chance.choice(names('street'))} {chance.randint(1, 260)} 号",
            *(number, blind_index("client.phone", number), self._number("C", self._files)),
        )
        changes = self._of(desk) | dict(zip(self._said, said, strict=True))
        changes[ClientKey, self._client.key_id] = key
        back = timedelta(days=chance.randrange(FILE_DAYS))
        return self._file.copy(chance, changes, back=back)

    def _referral(self, files: list[tuple[Desk, list[Any]]]) -> list[Any]:
        chance = self._chance
        self._referrals += 1
        sender, rows = chance.skewed(files)
        recipient = chance.skewed(self._stage.recipients)
        service, term = chance.choice(recipient.offers)
        original, pattern = chance.choices(self._patterns, self._shares)[0]
        client, phone = rows[0], rows[1]
        changes = self._of(sender) | {
            (Client, self._client.pk): client,
            (User, self._intake.user.pk): recipient.user,
            (Organization, self._intake.organization.pk): recipient.organization,
            (Service, self._service.pk): service,
            (TaxonomyTerm, self._term.pk): term,
            self._term.code: term.code,
            self._client.name: client.name,
            self._client.address: client.address,
            self._phone.number: phone.number,
            original.ref_no: self._number("R", self._referrals),
        }
        scopes = [row for row in rows if isinstance(row, ConsentScope)]
        changes |= {(ConsentScope, pk): row for pk, row in zip(self._scopes, scopes, strict=True)}
        changes[CaseFile, self._case.pk] = next(row for row in rows if isinstance(row, CaseFile))
        days = OPEN_DAYS if original.ended_at is None else ENDED_DAYS
        return pattern.copy(chance, changes, back=timedelta(days=days * chance.random()))

    def _of(self, desk: Desk) -> dict[Any, Any]:
        return {
            (User, self._worker.user.pk): desk.user,
            (Organization, self._worker.organization.pk): desk.organization,
        }

    def _number(self, kind: str, number: int) -> str:
        return f"L{self._stage.seed}-{kind}{number:07d}"


def _write(rows: Iterable[Any]) -> None:
    """Write rows table by table; parents come before their children."""
    tables: dict[type[models.Model], list[Any]] = defaultdict(list)
    for row in rows:
        tables[type(row)].append(row)
    for model, found in tables.items():
        if model is ReferralNeed:
            for row in found:
                row.open_key = row.open_key and open_key(row.referral, row.need.pk)
        model._default_manager.bulk_create(found, batch_size=CHUNK)
