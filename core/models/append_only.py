"""Logs that the database itself keeps from being rewritten."""

from collections.abc import Iterator

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from core.safeguards import safeguard

REFUSE = "linkwell_append_only"


class AppendOnly(models.Model):
    """A log: database triggers refuse UPDATE and DELETE (put back after every migrate)."""

    class Meta:
        abstract = True


def append_only_models() -> list[type[AppendOnly]]:
    """Return every table of this kind in the installation."""
    return [model for model in apps.get_models() if issubclass(model, AppendOnly)]


def guard(model: type[models.Model], database: BaseDatabaseWrapper) -> None:
    """Put the triggers of a log in place; Django drops them when it rebuilds a SQLite table."""
    if not safeguard("audit_guard"):
        return
    statements = _postgresql if database.vendor == "postgresql" else _sqlite
    with database.cursor() as cursor:
        for statement in statements(model, database):
            cursor.execute(statement)


def missing_guards(database: BaseDatabaseWrapper) -> list[str]:
    """Return the names of triggers that ought to be there and are not (E017)."""
    query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if database.vendor == "postgresql":
        query = "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'"
    with database.cursor() as cursor:
        tables = database.introspection.table_names(cursor)
        cursor.execute(query)
        there = {row[0] for row in cursor.fetchall()}
    return [
        name
        for model in append_only_models()
        if model._meta.db_table in tables
        for name in _names(model, database)
        if name not in there
    ]


def _names(model: type[models.Model], database: BaseDatabaseWrapper) -> list[str]:
    kinds = ("change", "truncate") if database.vendor == "postgresql" else _SQLITE_EVENTS
    return [f"{model._meta.db_table}_no_{kind}" for kind in kinds]


def _postgresql(model: type[models.Model], database: BaseDatabaseWrapper) -> Iterator[str]:
    table = database.ops.quote_name(model._meta.db_table)
    change, truncate = map(database.ops.quote_name, _names(model, database))
    yield (
        f"CREATE OR REPLACE FUNCTION {REFUSE}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION '% only grows', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; "
        "END $$"
    )
    yield (
        f"CREATE OR REPLACE TRIGGER {change} BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {REFUSE}()"
    )
    yield (
        f"CREATE OR REPLACE TRIGGER {truncate} BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {REFUSE}()"
    )


_SQLITE_EVENTS = ("update", "delete", "insert")


def _sqlite(model: type[models.Model], database: BaseDatabaseWrapper) -> Iterator[str]:
    quote = database.ops.quote_name
    table, name = quote(model._meta.db_table), model._meta.db_table
    for trigger, event in zip(_names(model, database), _SQLITE_EVENTS, strict=True):
        when, text = "", f"{name} only grows"
        if event == "insert":
            # INSERT OR REPLACE would take the old row away without asking the delete trigger.
            # The text is SQLite's own, so that a duplicate is known as one.
            same = " OR ".join(
                " AND ".join(f"{quote(column)} = NEW.{quote(column)}" for column in key)
                for key in _keys(model)
            )
            when = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) "  # noqa: S608  # nosec B608  # names only
            text = f"UNIQUE constraint failed: {name}"
        yield f"DROP TRIGGER IF EXISTS {quote(trigger)}"
        yield (
            f"CREATE TRIGGER {quote(trigger)} BEFORE {event.upper()} ON {table} {when}"
            f"BEGIN SELECT RAISE(ABORT, '{text}'); END"
        )


def _keys(model: type[models.Model]) -> Iterator[list[str]]:
    """Yield the columns of everything that is unique in the table."""
    meta = model._meta
    for field in meta.concrete_fields:
        if field.unique and field.column:
            yield [field.column]
    sets = [
        constraint.fields
        for constraint in meta.constraints
        if isinstance(constraint, models.UniqueConstraint) and constraint.condition is None
    ]
    for fields in (*sets, *meta.unique_together):
        if fields:
            yield [column for name in fields if (column := _column(model, name))]


def _column(model: type[models.Model], name: str) -> str | None:
    field = model._meta.get_field(name)
    return field.column if isinstance(field, models.Field) else None
