"""`docs/data_classes.csv` says of each column what kind of data it holds and how it is kept."""

import csv
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models

from core.crypto import EncryptedFileStorage, EncryptedJSONField, EncryptedTextField
from tests.conftest import ROOT

TABLE = ROOT / "docs" / "data_classes.csv"
APPS = {
    "accounts", "geography", "catalogue", "upkeep", "search", "exchange", "casefiles", "handoffs",
    "reports",
}  # fmt: skip
CLASSES = {"personal", "sensitive", "secret", "work contact", "account", "internal", "public"}
# Free words and names about a client; whatever column has such a name must be sealed.
PERSONAL_NAMES = {
    "name", "pseudonym", "birth_date", "id_number", "address", "phone", "number", "narrative",
    "note", "witnesses", "grantor", "summary", "text",
}  # fmt: skip


def _rows() -> dict[tuple[str, str], dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = {(row["model"], row["field"]): row for row in rows}
    assert len(found) == len(rows), "a column has two rows"
    return found


def _columns() -> Iterator[tuple[type[models.Model], models.Field[Any, Any]]]:
    for model in apps.get_models(include_auto_created=True):
        # History tables repeat the columns of the tables whose history they are.
        if model._meta.app_label in APPS and not hasattr(model, "history_object"):
            yield from ((model, field) for field in model._meta.concrete_fields)


def _key(model: type[models.Model], field: models.Field[Any, Any]) -> tuple[str, str]:
    return model._meta.label, field.name


def test_every_column_has_a_row_and_no_row_is_stale():
    assert set(_rows()) == {_key(*column) for column in _columns()}


def test_rows_use_known_words():
    for key, row in _rows().items():
        assert row["class"] in CLASSES, key
        assert row["retention"], key
        answers = {row[name] for name in ("encrypted", "exportable", "loggable")}
        assert answers <= {"yes", "no"}, key


def test_the_table_says_of_exactly_the_sealed_columns_that_they_are_encrypted():
    sealed = {
        _key(model, field)
        for model, field in _columns()
        if isinstance(field, EncryptedTextField | EncryptedJSONField)
        or isinstance(getattr(field, "storage", None), EncryptedFileStorage)
    }

    assert {key for key, row in _rows().items() if row["encrypted"] == "yes"} == sealed


def test_nothing_personal_or_secret_may_be_logged():
    loggable = [
        key
        for key, row in _rows().items()
        if row["class"] in {"personal", "sensitive", "secret"} and row["loggable"] == "yes"
    ]

    assert loggable == []


def test_words_about_a_client_are_sealed():
    rows = _rows()
    open_words = [
        _key(model, field)
        for model, field in _columns()
        if model._meta.app_label == "casefiles"
        and model.__name__ not in {"ConsentText", "PriorityScheme"}
        and field.name in PERSONAL_NAMES
        and not field.is_relation
        and rows[_key(model, field)]["encrypted"] == "no"
    ]

    assert open_words == []


def test_where_somebody_was_sent_and_what_came_of_it_goes_into_the_persons_copy():
    rows = _rows()
    told = ("service", "recipient_org", "status", "end_reason")

    assert {rows["handoffs.Referral", name]["exportable"] for name in told} == {"yes"}
    assert {rows["handoffs.Referral", name]["class"] for name in told} <= {"personal", "sensitive"}
