import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from core.errors import AlreadyThere, as_domain_error
from core.models import guard
from tests.core.tables import Entry

pytestmark = pytest.mark.usefixtures("small_tables")

CHANGES = {
    "update": "UPDATE core_entry SET text = 'other'",
    "delete": "DELETE FROM core_entry",
    "replace": "INSERT OR REPLACE INTO core_entry VALUES (1, 'one', 'other')",
    "replace by another key": "INSERT OR REPLACE INTO core_entry VALUES (2, 'one', 'other')",
    "update or replace": "UPDATE OR REPLACE core_entry SET seq = 3",
    "truncate": "TRUNCATE core_entry",
}
ON_SQLITE = {"replace", "replace by another key", "update or replace"}


@pytest.fixture
def entry() -> Entry:
    guard(Entry, connection)
    return Entry.objects.create(seq=1, step="one", text="as it was")


def run(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def possible(change: str) -> bool:
    if connection.vendor == "postgresql":
        return change not in ON_SQLITE
    return change != "truncate"


@pytest.mark.parametrize("change", CHANGES)
def test_sql_cannot_change_what_was_written(entry: Entry, change: str) -> None:
    if not possible(change):
        pytest.skip("not a statement of this database")

    with pytest.raises(DatabaseError):
        run(CHANGES[change])

    assert list(Entry.objects.values_list()) == [(1, "one", "as it was")]


def test_the_orm_cannot_either(entry: Entry) -> None:
    entry.text = "other"
    with pytest.raises(DatabaseError), transaction.atomic():
        entry.save()
    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.update(text="other")
    with pytest.raises(DatabaseError), transaction.atomic():
        entry.delete()

    assert Entry.objects.get().text == "as it was"


def test_the_log_grows(entry: Entry) -> None:
    Entry.objects.create(seq=2, step="two", text="next")

    assert Entry.objects.count() == 2


@pytest.mark.parametrize(("seq", "step"), [(1, "two"), (2, "one")])
def test_a_duplicate_is_known_as_one(entry: Entry, seq: int, step: str) -> None:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Entry.objects.bulk_create([Entry(seq=seq, step=step, text="again")])

    assert isinstance(as_domain_error(refused.value), AlreadyThere)


def test_putting_the_guards_back_is_safe_to_repeat(entry: Entry) -> None:
    guard(Entry, connection)
    guard(Entry, connection)

    with pytest.raises(DatabaseError):
        run(CHANGES["delete"])


def test_without_the_guard_a_row_is_changed_by_sql(settings) -> None:
    settings.SAFEGUARDS_OFF = {"audit_guard"}
    guard(Entry, connection)
    Entry.objects.create(seq=1, step="one", text="as it was")

    run(CHANGES["update"])

    assert Entry.objects.get().text == "other"
