import pytest
from django.db.models import Count, Prefetch

from core.errors import UnscopedQuery
from core.models import unscoped
from tests.core.tables import Person, Visit

pytestmark = pytest.mark.usefixtures("small_tables")


@pytest.fixture
def people() -> list[Person]:
    return [Person.objects.create(owner=owner, name=f"张{owner}") for owner in (1, 1, 2)]


READS = {
    "list": list,
    "len": len,
    "bool": bool,
    "index": lambda rows: rows[0],
    "slice": lambda rows: list(rows[:1]),
    "first": lambda rows: rows.first(),
    "last": lambda rows: rows.last(),
    "get": lambda rows: rows.get(pk=1),
    "count": lambda rows: rows.count(),
    "exists": lambda rows: rows.exists(),
    "contains": lambda rows: rows.contains(Person(pk=1)),
    "aggregate": lambda rows: rows.aggregate(n=Count("pk")),
    "in_bulk": lambda rows: rows.in_bulk(),
    "latest": lambda rows: rows.latest("pk"),
    "values": lambda rows: list(rows.values()),
    "values_list": lambda rows: list(rows.values_list("pk", flat=True)),
    "dates": lambda rows: list(rows.dates("created_at", "day")),
    "iterator": lambda rows: list(rows.iterator()),
    "aiterator": lambda rows: rows.aiterator(),
    "raw": lambda rows: rows.raw("SELECT 1"),
    "get_or_create": lambda rows: rows.get_or_create(owner=1),
    "chain": lambda rows: list(rows.filter(owner=1).exclude(pk=0).order_by("pk")),
}


@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_no_way_of_reading_goes_without_a_user(people: list[Person], read) -> None:
    with pytest.raises(UnscopedQuery):
        read(Person.objects.all())


def test_the_manager_itself_is_as_strict(people: list[Person]) -> None:
    with pytest.raises(UnscopedQuery):
        Person.objects.count()


def test_what_is_visible_can_be_read_and_narrowed_in_every_way(people: list[Person]) -> None:
    seen = Person.objects.visible_to(1)

    assert seen.count() == 2
    assert [p.pk for p in seen.filter(pk=people[0].pk)] == [people[0].pk]
    assert seen.order_by("-pk")[0].pk == people[1].pk
    assert list(seen.values_list("owner", flat=True)) == [1, 1]
    assert seen.filter(owner=2).exists() is False
    assert {p.pk for p in seen.iterator()} == {people[0].pk, people[1].pk}


def test_the_relation_of_a_loaded_row_can_be_read(people: list[Person]) -> None:
    Visit.objects.create(person=people[0], place="家")

    assert people[0].visits.count() == 1
    assert [visit.place for visit in people[0].visits.filter(place="家")] == ["家"]


def test_a_foreign_key_and_a_refresh_stay_free(people: list[Person]) -> None:
    visit = people[0].visits.create(place="家")
    visit.refresh_from_db()

    assert visit.person.owner == 1


def test_relations_are_prefetched_with_their_row(people: list[Person]) -> None:
    Visit.objects.create(person=people[0], place="家")
    rows = Person.objects.visible_to(1).prefetch_related("visits")
    chosen = Person.objects.visible_to(1).prefetch_related(
        Prefetch("visits", Visit.objects.filter(place="家"))
    )

    assert [len(person.visits.all()) for person in rows] == [1, 0]
    assert [len(person.visits.all()) for person in chosen] == [1, 0]


def test_a_prefetch_does_not_open_the_outer_table(people: list[Person]) -> None:
    with pytest.raises(UnscopedQuery):
        list(Person.objects.prefetch_related("visits"))


def test_a_subquery_narrows_but_does_not_open(people: list[Person]) -> None:
    Visit.objects.create(person=people[0])
    narrowed = Visit.objects.filter(person__in=Person.objects.visible_to(1))

    with pytest.raises(UnscopedQuery):
        list(narrowed)
    assert narrowed.scoped().count() == 1


JOINS = {
    "or": lambda seen, rest: seen | rest,
    "or, turned round": lambda seen, rest: rest | seen,
    "xor": lambda seen, rest: seen ^ rest,
    "union": lambda seen, rest: seen.union(rest),
    "union, turned round": lambda seen, rest: rest.union(seen),
}


@pytest.mark.parametrize("join", JOINS.values(), ids=JOINS)
def test_joining_with_everybody_is_everybody(people: list[Person], join) -> None:
    with pytest.raises(UnscopedQuery):
        list(join(Person.objects.visible_to(1), Person.objects.all()))


def test_a_relation_joined_with_everybody_is_everybody(people: list[Person]) -> None:
    with pytest.raises(UnscopedQuery):
        list(people[0].visits.all() | Visit.objects.all())


def test_two_visible_parts_join_to_something_visible(people: list[Person]) -> None:
    both = Person.objects.visible_to(1) | Person.objects.visible_to(2)

    assert both.count() == 3
    assert (Person.objects.visible_to(1) & Person.objects.all()).count() == 2


def test_nothing_may_be_read_by_anybody() -> None:
    assert list(Person.objects.none()) == []


def test_writing_is_no_reading(people: list[Person]) -> None:
    moved = Person.objects.filter(pk=people[0].pk, version=1).update(version=2)
    people[1].visits.create()
    removed, _per_table = Person.objects.filter(pk=people[1].pk).delete()

    assert (moved, removed) == (1, 2)


def test_a_reason_opens_the_table_for_a_block(people: list[Person]) -> None:
    with unscoped("counts every row"):
        assert Person.objects.count() == 3
    with pytest.raises(UnscopedQuery):
        Person.objects.count()


def test_without_the_safeguard_foreign_rows_appear(people: list[Person], settings) -> None:
    settings.SAFEGUARDS_OFF = {"scope"}

    assert {person.owner for person in Person.objects.all()} == {1, 2}
