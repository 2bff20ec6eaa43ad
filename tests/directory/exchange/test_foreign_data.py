"""Whole foreign data sets: every row accounted for, nothing lost, nothing changed twice."""

import json
from collections import Counter
from datetime import datetime

import pytest

from directory.catalogue.models import Location, Organization, Service
from directory.exchange import queries
from directory.exchange.exports.hsds import Writer
from directory.exchange.exports.shelf import ANYBODY, Shelf
from tests.directory.exchange import conformance
from tests.factories import exchange as make

pytestmark = [pytest.mark.django_db, pytest.mark.data]
# How that directory numbers the life of a service, and what its files leave unsaid.
DC = {
    "country": "US",
    "language": "en",
    "tz": "America/New_York",
    "values": {
        "service.status": {
            "1": "active", "2": "active", "3": "inactive", "4": "inactive", "5": "defunct",
            "6": "inactive", "Verified": "active",
        },
    },
    "defaults": {"address.country": "US"},
}  # fmt: skip
# What the standard's own examples get wrong, so that a loss of it is right.
IMPOSSIBLE = {"latitude", "longitude"}


def add_up(batch):
    """Assert that every row read has exactly one outcome."""
    for table, counts in queries.totals(batch).items():
        read = counts.pop("read")
        assert sum(counts.values()) == read, table
    return queries.totals(batch)


def codes(batch, table=""):
    return Counter(
        each["code"]
        for each in queries.observations(batch)
        if not table or each.get("table") == table
    )


def changed(batch):
    """Return how many rows a run has changed."""
    return batch.rows.filter(outcome__in=["created", "updated", "conflict"]).count()


def written(services):
    return Writer(Shelf(services=services), "en").services(services, full=True)


def public_services():
    rows = Service.objects.visible_to(ANYBODY).select_related("organization__parent", "program")
    return list(rows.order_by("pk"))


def losses(original, ours, path=""):
    """Yield the paths of what stands in the original and not in ours."""
    if isinstance(original, dict):
        for name, value in original.items():
            if name in {"metadata", "last_modified"}:
                continue
            inside = ours.get(name) if isinstance(ours, dict) else None
            yield from losses(value, inside, f"{path}/{name}")
    elif isinstance(original, list):
        known = {each.get("id"): each for each in ours or []}
        for each in original:
            yield from losses(each, known.get(each.get("id")), path)
    elif not _equal(original, ours):
        yield path


def _equal(original, ours):
    if not (isinstance(original, str) and isinstance(ours, str)):
        return original == ours
    if ours == original.strip() or ours.split("+")[0] == original:
        # Times come back with the offset that a neighboring field gave.
        return True
    try:
        return datetime.fromisoformat(original) == datetime.fromisoformat(ours)
    except ValueError:
        return False


class TestWashington:
    @pytest.fixture(name="path")
    def _path(self):
        return conformance.folder("dc-orservices-2.0")

    def test_every_row_is_accounted_for_and_a_second_run_changes_nothing(self, path):
        batch = make.imported(path, source="dc", **DC)

        totals = add_up(batch)
        assert batch.format == "csv-2"
        assert totals["organization"]["read"] == 400
        assert totals["service"]["read"] == 1667
        assert totals["location"]["read"] == 1202
        assert codes(batch)["zero_coordinate"] == 87
        assert codes(batch, "service")["orphan"] == totals["service"]["quarantined"] == 19
        assert totals["service_at_location"]["read"] == 2154
        assert codes(batch, "service_at_location")["orphan"] == 55
        assert totals["attribute"]["read"] == 7211
        assert codes(batch, "attribute")["orphan"] == 148
        assert codes(batch, "service")["bad_code"] == 1
        for each in queries.observations(batch):
            assert each["file"]
            assert each["message"]

        services = public_services()
        for start in range(0, len(services), 100):
            for item in written(services[start : start + 100]):
                assert conformance.faults("service", item) == []

        again = make.imported(path, source="dc", **DC)
        assert changed(again) == 0


class TestIllinois:
    def test_services_and_locations_without_organization_wait(self):
        path = conformance.folder("ilao-legal-aid-1.1/output")

        batch = make.imported(path, source="ilao", country="US")

        totals = add_up(batch)
        assert batch.format == "csv-1"
        assert codes(batch, "service")["orphan"] == 341
        assert codes(batch, "location")["orphan"] == 448
        assert totals["schedule"]["read"] == 2492
        again = make.imported(path, source="ilao", country="US")
        assert changed(again) == 0


class TestOhana:
    def test_no_service_is_lost(self):
        path = conformance.folder("ohana-sample")

        batch = make.imported(path, source="ohana", country="US")

        totals = add_up(batch)
        assert totals["service"] == {"created": 23, "read": 23}
        assert totals["location"] == {"created": 22, "read": 22}
        assert changed(make.imported(path, source="ohana", country="US")) == 0


class TestOfficialExamples:
    def test_json_goes_in_and_out_without_a_lost_field(self):
        folder = conformance.folder("official-3.2/examples")

        batch = make.imported(folder, source="official", country="US")

        add_up(batch)
        for name, model, write in (
            ("service_full.json", Service, _service),
            ("organization_full.json", Organization, _organization),
        ):
            original = json.loads((folder / name).read_text("utf-8"))
            item = write(model.objects.get(uid=original["id"]))
            lost = set(losses(original, item))
            assert {path.rsplit("/", 1)[1] for path in lost} <= IMPOSSIBLE | {
                # The term names a parent that is in no file; the report says so.
                "parent_id",
                # Two files contradict each other; the first one counts.
                "external_identifier",
                "external_identifier_type",
            }, lost
        assert codes(batch)["coordinate_out_of_range"] == 1
        assert codes(batch)["optional_orphan"] >= 1
        assert changed(make.imported(folder, source="official", country="US")) == 0

    def test_csv_goes_in_and_every_dangling_key_is_named(self):
        folder = conformance.folder("official-3.2/examples/csv")

        batch = make.imported(folder, source="official-csv", country="US")

        totals = add_up(batch)
        assert batch.format == "csv-3"
        named = {
            (each["table"], each["column"])
            for each in queries.observations(batch)
            if each["code"] in {"orphan", "optional_orphan"}
        }
        assert {
            ("location", "organization_id"),
            ("contact", "organization_id"),
            ("contact", "service_at_location_id"),
            ("taxonomy_term", "taxonomy_id"),
        } <= named
        assert totals["attribute"] == {"quarantined": 1, "read": 1}
        location = Location.objects.get(external_identifier="10092008082")
        assert location.latitude is None
        assert changed(make.imported(folder, source="official-csv", country="US")) == 0

    def test_what_csv_says_comes_out_as_json(self):
        folder = conformance.folder("official-3.2/examples/csv")
        full = json.loads(
            (conformance.folder("official-3.2/examples") / "service_full.json").read_text("utf-8")
        )

        make.imported(folder, source="official-csv", country="US")

        item = _service(Service.objects.get(uid=full["id"]))
        own = {name: value for name, value in full.items() if not isinstance(value, list | dict)}
        assert set(losses(own, item)) == set()
        for name in ("phones", "schedules", "languages", "funding", "cost_options", "capacities"):
            assert set(losses({name: full[name]}, item)) == set(), name


def _service(row):
    shelf = Shelf(services=[row], organizations=[row.organization])
    return Writer(shelf, "en").services([row], full=True)[0]


def _organization(row):
    services = list(row.services.select_related("organization__parent", "program"))
    shelf = Shelf(services=services, organizations=[row])
    return Writer(shelf, "en").organizations([row], full=True, services="full")[0]
