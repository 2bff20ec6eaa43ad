from decimal import Decimal

import pytest

from directory.catalogue.models import Service
from directory.catalogue.queries import Tree, effective
from search import documents
from search.documents import applied
from search.sync.words import intern
from tests.factories import catalogue

pytestmark = pytest.mark.django_db


def built(service):
    (doc,) = documents.build([service.pk], intern=intern).docs
    return doc


def test_a_document_says_what_the_listing_says():
    service = catalogue.complete(name="暖灯送餐", translations={"en": {"name": "Warm Lamp Meals"}})
    place = catalogue.place(service, catalogue.measured())
    catalogue.schedule(service_at_location=place)
    catalogue.capacity(service, availability="waitlist")
    catalogue.tag(service, "population:elder", "target_population")
    catalogue.tag(service, "fee:free", "fee")

    doc = built(service)

    assert {"暖灯", "送餐", "餐", "warm", "lamp", "meal"} <= set(doc.name_t.split())
    assert {"长者", "养老"} <= set(doc.tax_t.split())
    assert doc.term == ("EL04", "EL")
    assert doc.category == ("EL",)
    assert doc.population == ("elder",)
    assert doc.fee == ("free",)
    assert doc.availability == ("waitlist",)
    assert {"330106", "330100", "330000", "100000"} == set(doc.area)
    assert doc.covers == ("100000",)
    assert doc.points == ((30.2596, 120.1301),)
    assert len(doc.sched) == 1
    assert doc.quality == pytest.approx(0.9 * 0.9)


def test_equal_hours_share_one_timetable():
    services = [catalogue.complete() for _ in range(3)]
    for service in services:
        catalogue.schedule(service=service)

    schedules = {built(service).sched for service in services}

    assert len(schedules) == 1


def test_statements_do_not_grow_with_the_number_of_services(django_assert_max_num_queries):
    services = [catalogue.complete() for _ in range(12)]
    for service in services:
        catalogue.place(service, catalogue.measured())
    intern([])

    with django_assert_max_num_queries(14):
        documents.build([service.pk for service in services], intern=lambda _specs: {})


@pytest.mark.parametrize(
    "values",
    [{"precision": "county"}, {"precision": "exact", "latitude": None, "longitude": None}],
)
def test_what_is_not_measured_has_no_point(values):
    service = catalogue.complete()
    facts = {"latitude": Decimal("30.25"), "longitude": Decimal("120.13")} | values
    catalogue.place(service, catalogue.location(**facts))

    assert built(service).points == ()


def test_a_protected_location_gives_its_district_and_nothing_else():
    service = catalogue.complete()
    location = catalogue.location(name="望江里密门", protected=True, precision="county")
    catalogue.place(service, location)
    catalogue.phone(location=location, number="0571-99990000")

    doc = built(service)

    said = f"{doc.name_t} {doc.tax_t} {doc.body_t}"
    assert "密门" not in said
    assert "望江" not in said
    assert doc.points == ()
    assert doc.cells("cell_c") == ()
    assert "330106" in doc.area


def test_a_place_for_staff_is_not_in_a_document_for_everybody():
    service = catalogue.complete()
    catalogue.place(service, catalogue.measured(name="内部站点"), audience="staff")

    doc = built(service)

    assert doc.points == ()
    assert "内部" not in doc.body_t


def test_notes_and_contacts_are_not_indexed():
    service = catalogue.complete(intake_note="口令芝麻开门", assurer_email="canary@example.org")
    catalogue.contact(service=service, name="金丝雀")

    doc = built(service)

    said = f"{doc.name_t} {doc.tax_t} {doc.body_t}"
    assert not {"芝麻", "canary", "金丝", "丝雀"} & set(said.split())


def test_one_service_that_cannot_be_built_spares_the_others(monkeypatch):
    bad, good = catalogue.complete(name="坏的"), catalogue.complete()
    build = documents.building._document
    monkeypatch.setattr(
        documents.building,
        "_document",
        lambda service, *rest: 1 / 0 if service.pk == bad.pk else build(service, *rest),
    )

    batch = documents.build([bad.pk, good.pk], intern=intern)

    assert [doc.id for doc in batch.docs] == [good.pk]
    assert batch.failures[0][0] == bad.pk


@pytest.mark.parametrize(
    "holders", [(), ("service",), ("location",), ("service", "location"), ("place", "service")]
)
def test_what_applies_is_what_the_catalogue_says(holders):
    service = catalogue.complete()
    place = catalogue.place(service, catalogue.measured())
    parents = {
        "service": {"service": service},
        "location": {"location": place.location},
        "place": {"service_at_location": place},
    }
    for holder in holders:
        catalogue.schedule(**parents[holder])
        catalogue.phone(
            number=f"0571-888800{len(holder):02d}",
            e164=f"+865718888{len(holder):04d}",
            **parents[holder],
        )
    catalogue.capacity(service)
    tree = Tree([Service.objects.get(pk=service.pk)])
    (site,) = tree.places_of(tree.services[service.pk])

    rule = effective(site, tree=tree)
    rows, exceptions = applied.hours(tree, service, site)

    assert rows == rule.schedules
    assert exceptions == rule.exceptions
    assert applied.capacity(tree, service, site) == rule.capacity
    assert applied.areas(tree, service, site) == rule.areas
    assert [p.pk for p in applied.phones(tree, service, site)][:1] == [
        s.row.pk for s in rule.phones
    ][:1]
    assert {p.pk for p in applied.phones(tree, service, site)} >= {s.row.pk for s in rule.phones}
