"""Imports: staged, quarantined, merged, resumed; a check writes nothing."""

from collections import Counter
from datetime import timedelta

import pytest

from accounts.models import AuditEntry
from accounts.queries import system
from core.errors import Conflict
from core.jobs import shifted
from core.models import unscoped
from directory.catalogue.models import (
    Address,
    Attribute,
    Contact,
    Language,
    Location,
    Organization,
    Phone,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    Source,
)
from directory.catalogue.operations import protected
from directory.exchange import queries
from directory.exchange.errors import AnotherImportRuns, Refused
from directory.exchange.imports import pipeline
from directory.exchange.models import ForeignMetadata, ImportRow, SourceRecord
from directory.exchange.operations import batches
from directory.upkeep.models import ListingProposal
from tests.factories import exchange as make

pytestmark = pytest.mark.django_db


@pytest.fixture(name="files")
def _files():
    return make.small()


@pytest.fixture(name="run")
def _run(tmp_path):
    """Give a function that imports a folder of files."""

    def run(files, **options):
        return make.imported(make.folder(tmp_path / "in", files), **options)

    return run


def outcomes(batch):
    return Counter(batch.rows.values_list("outcome", flat=True))


def codes(batch):
    return Counter(each["code"] for each in queries.observations(batch))


def service():
    return Service.objects.get(uid=make.uid(2))


def dump():
    """Return what the catalogue holds, without its own keys and clocks."""
    return [
        list(model.objects.order_by("uid").values_list("uid", *names))
        for model, names in (
            (Organization, ["name", "website", "state"]),
            (Service, ["name", "description", "state"]),
            (Location, ["name", "latitude", "longitude"]),
            (ServiceAtLocation, ["service__uid", "location__uid"]),
            (Address, ["address_1", "location__uid"]),
            (Phone, ["number", "service__uid"]),
            (Schedule, ["byday", "opens_at", "service__uid"]),
        )
    ]


class TestFirstRun:
    def test_every_record_is_there_under_its_own_id(self, run, files):
        batch = run(files)

        assert set(outcomes(batch)) == {"created"}
        made = service()
        assert (made.state, made.kept_by, made.source.code) == ("active", "source", "test")
        assert made.organization.state == "listed"
        assert str(made.phones.get().number) == "0571-88880000"
        assert made.schedules.get().opens_at.isoformat() == "09:00:00"
        assert made.places.get().location.addresses.get().city == "Hangzhou"

    def test_an_import_confirms_nothing(self, run, files):
        run(files)

        assert service().verified_on is None
        assert service().freshness == "unverified"

    def test_other_ids_become_uids_that_follow_from_source_table_and_id(self, run, files):
        files["organizations.csv"][0]["id"] = "7"
        files["services.csv"][0]["organization_id"] = "7"

        run(files)
        first = Organization.objects.get(name="Food Bank").uid
        run(files)

        assert Organization.objects.get(name="Food Bank").uid == first

    def test_the_source_of_a_record_is_kept(self, run, files):
        batch = run(files)

        record = SourceRecord.objects.get(table="service")
        assert str(record.uid) == make.uid(2)
        assert batches.unpack(record.raw)["values"]["name"] == "Food parcels"
        assert record.last_seen == batch

    def test_history_says_who_brought_a_row(self, run, files):
        run(files)

        assert service().history.get().history_change_reason.startswith("import:test:")

    def test_a_run_is_in_the_access_log(self, run, files):
        batch = run(files)

        actions = set(
            AuditEntry.objects.filter(object_uid=batch.uid).values_list("action", flat=True)
        )
        assert {"import.receive", "import.checked", "import.applied"} <= actions

    def test_metadata_of_the_source_is_kept_apart(self, run, files):
        files["metadata.csv"] = [
            {"id": make.uid(90), "resource_id": make.uid(2), "field_name": "name",
             "last_action_type": "update", "previous_value": "A"},
        ]  # fmt: skip

        run(files)

        assert ForeignMetadata.objects.get().previous_value == "A"
        assert service().history.count() == 1

    def test_one_phone_of_several_organizations_is_one_row_each(self, tmp_path):
        path = tmp_path / "organization.json"
        phone = {"id": make.uid(6), "number": "110"}
        owners = [
            {"id": make.uid(n), "name": f"O{n}", "description": "-", "phones": [phone]}
            for n in (10, 11, 12)
        ]
        path.write_text(make.as_json(owners))

        make.imported(path)
        again = make.imported(path)

        assert Phone.objects.filter(number="110", organization__name__startswith="O").count() == 3
        assert Phone.objects.filter(uid=make.uid(6)).count() == 1
        assert set(outcomes(again)) == {"unchanged"}


class TestSecondRun:
    def test_the_same_file_changes_nothing(self, run, files):
        run(files)
        before = [(s.version, s.last_modified) for s in Service.objects.order_by("pk")]

        batch = run(files)

        assert set(outcomes(batch)) == {"unchanged"}
        assert before == [(s.version, s.last_modified) for s in Service.objects.order_by("pk")]

    def test_what_the_source_changed_is_taken(self, run, files):
        run(files)
        files["services.csv"][0]["description"] = "Parcels on Mondays."

        batch = run(files)

        assert outcomes(batch) == {"updated": 1, "unchanged": 6}
        assert service().description == "Parcels on Mondays."

    def test_what_we_corrected_stays(self, run, files):
        run(files)
        Service.objects.update(description="Ours")

        batch = run(files)

        assert set(outcomes(batch)) == {"unchanged"}
        assert service().description == "Ours"

    def test_where_both_changed_ours_stays_and_theirs_is_proposed(self, run, files):
        run(files)
        Service.objects.update(description="Ours")
        files["services.csv"][0]["description"] = "Theirs"

        batch = run(files)

        assert outcomes(batch)["conflict"] == 1
        assert service().description == "Ours"
        [proposal] = service_proposals()
        assert proposal.changes["service.description"] == ["Ours", "Theirs"]

    def test_a_conflict_is_reported_once(self, run, files):
        run(files)
        Service.objects.update(description="Ours")
        files["services.csv"][0]["description"] = "Theirs"
        run(files)

        batch = run(files)

        assert outcomes(batch)["conflict"] == 0

    def test_an_authoritative_source_wins(self, run, files):
        make.trust("test", "authoritative")
        run(files)
        Service.objects.update(description="Ours")
        files["services.csv"][0]["description"] = "Theirs"

        run(files)

        assert service().description == "Theirs"

    def test_a_source_of_low_trust_makes_drafts_and_changes_nothing_by_itself(self, run, files):
        make.trust("test", "low")
        run(files)
        assert (service().state, service().organization.state) == ("draft", "candidate")
        files["services.csv"][0]["description"] = "Theirs"

        batch = run(files)

        assert service().description == "Parcels on Fridays."
        assert outcomes(batch)["conflict"] == 1

    def test_a_child_that_is_gone_is_taken_out_if_nobody_changed_it(self, run, files):
        files["phones.csv"].append({**files["phones.csv"][0], "id": make.uid(60), "number": "110"})
        run(files)
        files["phones.csv"].pop()

        run(files)

        assert set(Phone.objects.filter(service=service()).values_list("number", flat=True)) == {
            "0571-88880000"
        }

    def test_a_child_that_we_corrected_stays(self, run, files):
        files["phones.csv"].append({**files["phones.csv"][0], "id": make.uid(60), "number": "110"})
        run(files)
        Phone.objects.filter(uid=make.uid(60)).update(description="Ours")
        files["phones.csv"].pop()

        run(files)

        assert Phone.objects.filter(uid=make.uid(60)).exists()

    def test_a_phone_may_move_to_another_parent(self, run, files):
        run(files)
        files["phones.csv"][0] |= {"service_id": "", "organization_id": make.uid(1)}

        run(files)

        phone = Phone.objects.get(uid=make.uid(6))
        assert (phone.service, str(phone.organization.uid)) == (None, make.uid(1))

    @pytest.mark.parametrize(
        ("status", "state", "reason"),
        [
            ("inactive", "suspended", "upstream_inactive"),
            ("temporarily closed", "suspended", "provider_break"),
            ("defunct", "closed", ""),
        ],
    )
    def test_a_status_of_the_source_moves_the_listing(self, run, files, status, state, reason):
        run(files)
        files["services.csv"][0]["status"] = status

        run(files)

        assert (service().state, service().state_reason) == (state, reason)

    def test_what_we_suspended_the_source_does_not_lift(self, run, files):
        files["services.csv"][0]["status"] = "inactive"
        run(files)
        Service.objects.filter(uid=make.uid(2)).update(state_reason="operator")
        files["services.csv"][0]["status"] = "active"

        run(files)

        assert service().state == "suspended"


class TestIdentity:
    def test_an_organization_is_known_by_its_number(self, run, files):
        number = {"id": make.uid(8), "organization_id": make.uid(1), "identifier_type": "USCC",
                  "identifier_scheme": "CN-USCC", "identifier": "91350100M000100Y43"}  # fmt: skip
        files["organization_identifiers.csv"] = [number]
        run(files)
        files["organizations.csv"][0] |= {"id": "x1", "name": "Foodbank Ltd."}
        files["services.csv"][0] |= {"id": "x2", "organization_id": "x1"}
        files["organization_identifiers.csv"] = [number | {"id": "x8", "organization_id": "x1"}]

        run(files, source="other")

        assert Organization.objects.filter(name__startswith="Food").count() == 1

    def test_an_organization_is_known_by_name_and_city(self, run, files):
        files["locations.csv"][0]["organization_id"] = make.uid(1)
        run(files)
        theirs = make.small()
        theirs["organizations.csv"][0]["id"] = theirs["services.csv"][0]["organization_id"] = "o"
        theirs["organizations.csv"][0]["name"] = "FOOD BANK"
        theirs["locations.csv"][0] |= {"id": "l", "organization_id": "o"}
        theirs["addresses.csv"][0] |= {"id": "a", "location_id": "l"}
        theirs["service_at_location.csv"][0]["location_id"] = "l"
        theirs["services.csv"][0]["id"] = theirs["service_at_location.csv"][0]["service_id"] = "s"
        theirs["phones.csv"][0] |= {"id": "p", "service_id": "s"}
        theirs["schedules.csv"][0] |= {"id": "h", "service_id": "s"}

        run(theirs, source="other")

        assert Organization.objects.filter(name__iexact="food bank").count() == 1
        assert Service.objects.filter(name="Food parcels").count() == 1

    def test_the_same_name_in_another_city_is_another_organization(self, run, files):
        files["locations.csv"][0]["organization_id"] = make.uid(1)
        run(files)
        files["organizations.csv"][0]["id"] = files["services.csv"][0]["organization_id"] = "o"
        files["locations.csv"][0] |= {"id": "l", "organization_id": "o"}
        files["addresses.csv"][0] |= {"id": "a", "location_id": "l", "city": "Ningbo"}
        files["service_at_location.csv"][0]["location_id"] = "l"

        run(files, source="other")

        assert Organization.objects.filter(name="Food Bank").count() == 2

    def test_two_records_of_one_source_are_two(self, run, files):
        files["organizations.csv"].append({**files["organizations.csv"][0], "id": make.uid(10)})

        run(files)

        assert Organization.objects.filter(name="Food Bank").count() == 2


class TestOrphans:
    def test_a_row_without_its_parent_waits_and_is_named(self, run, files):
        files["phones.csv"][0]["service_id"] = make.uid(99)

        batch = run(files)

        row = batch.rows.get(table="phone")
        assert row.outcome == "quarantined"
        [said] = [each for each in queries.observations(batch) if each["code"] == "orphan"]
        assert (said["file"], said["row"], said["column"]) == ("phones.csv", 2, "service_id")
        assert said["value"] == make.uid(99)
        assert not Phone.objects.filter(uid=make.uid(6)).exists()

    def test_what_hangs_on_a_waiting_row_waits_too(self, run, files):
        files["services.csv"][0]["organization_id"] = make.uid(99)

        batch = run(files)

        assert codes(batch)["orphan"] == 1
        assert codes(batch)["parent_quarantined"] == 3
        assert outcomes(batch) == {"created": 3, "quarantined": 4}

    def test_a_waiting_row_is_placed_when_its_parent_comes(self, run, files):
        organizations = files.pop("organizations.csv")
        run(files)
        assert not Service.objects.filter(uid=make.uid(2)).exists()

        batch = run({"organizations.csv": organizations})

        assert service().phones.count() == 1
        assert outcomes(batch) == {"created": 5}
        assert not SourceRecord.objects.waiting().exists()

    def test_an_optional_link_that_dangles_is_left_out_with_a_warning(self, run, files):
        files["locations.csv"][0]["organization_id"] = make.uid(99)

        batch = run(files)

        assert outcomes(batch) == {"created": 7}
        assert codes(batch)["optional_orphan"] == 1

    def test_a_foreign_parent_organization_keeps_its_id(self, run, files):
        files["organizations.csv"][0]["parent_organization_id"] = make.uid(99)

        run(files)

        assert str(Organization.objects.get(uid=make.uid(1)).parent_uid) == make.uid(99)

    def test_organizations_may_lie_inside_each_other_in_any_order(self, run, files):
        files["organizations.csv"][0]["parent_organization_id"] = make.uid(10)
        files["organizations.csv"].append({"id": make.uid(10), "name": "Umbrella"})

        run(files)

        assert Organization.objects.get(uid=make.uid(1)).parent.name == "Umbrella"

    def test_a_circle_of_parents_is_cut(self, run, files):
        files["organizations.csv"][0]["parent_organization_id"] = make.uid(10)
        files["organizations.csv"].append(
            {"id": make.uid(10), "name": "B", "parent_organization_id": make.uid(1)}
        )

        batch = run(files)

        assert codes(batch)["circular"] == 1
        assert outcomes(batch)["created"] == 8


class TestBadCells:
    def test_zero_coordinates_are_left_out_and_named(self, run, files):
        files["locations.csv"][0] |= {"latitude": "0", "longitude": "0"}

        batch = run(files)

        assert codes(batch)["zero_coordinate"] == 1
        assert Location.objects.get(uid=make.uid(3)).latitude is None

    def test_points_are_shifted_from_the_datum_of_the_source(self, run, files):
        run(files, datum="bd09")

        place = Location.objects.get(uid=make.uid(3))
        assert place.coord_datum == "bd09"
        assert abs(float(place.longitude) - 120.1551) > 0.005

    def test_an_unknown_status_is_a_bad_code_and_the_row_goes_in(self, run, files):
        files["services.csv"][0]["status"] = "7"

        batch = run(files)

        assert codes(batch)["bad_code"] == 1
        assert service().state == "active"

    def test_statuses_are_translated_by_the_sources_table(self, run, files):
        files["services.csv"][0]["status"] = "7"

        batch = run(files, values={"service.status": {"7": "inactive"}})

        assert codes(batch)["bad_code"] == 0
        assert (service().state, service().state_reason) == ("suspended", "upstream_inactive")

    def test_columns_are_renamed_by_the_sources_table(self, run, files):
        files["services.csv"][0]["who"] = "Older adults"

        run(files, columns={"service.who": "eligibility_description"})

        assert service().eligibility_description == "Older adults"

    def test_a_row_without_what_is_required_is_rejected(self, run, files):
        files["phones.csv"][0]["number"] = ""

        batch = run(files)

        assert batch.rows.get(table="phone").outcome == "refused"
        assert codes(batch)["missing_required"] == 1

    def test_a_second_row_of_one_id_is_rejected(self, run, files):
        files["phones.csv"].append({**files["phones.csv"][0], "number": "110"})

        batch = run(files)

        assert outcomes(batch)["refused"] == 1
        assert codes(batch)["duplicate_id"] == 1
        assert Phone.objects.get(uid=make.uid(6)).number == "0571-88880000"

    def test_a_second_place_of_one_service_at_one_location_is_rejected(self, run, files):
        files["service_at_location.csv"].append(
            {**files["service_at_location.csv"][0], "id": make.uid(40)}
        )

        batch = run(files)

        assert outcomes(batch)["refused"] + outcomes(batch)["unchanged"] == 1
        assert ServiceAtLocation.objects.filter(service=service()).count() == 1

    def test_ages_that_contradict_each_other_are_left_out(self, run, files):
        files["services.csv"][0] |= {"minimum_age": "80", "maximum_age": "60"}

        batch = run(files)

        assert codes(batch)["bad_range"] == 1
        assert service().minimum_age is None

    def test_a_number_that_is_none_is_kept_as_written(self, run, files):
        files["phones.csv"][0]["number"] = "ask at the desk"

        batch = run(files)

        assert codes(batch)["bad_phone"] == 1
        assert Phone.objects.get(uid=make.uid(6)).number == "ask at the desk"

    def test_the_extension_of_a_number_stands_apart(self, run, files):
        files["phones.csv"][0]["number"] = "0571-88880000转8012"
        run(files)

        batch = run(files)

        phone = Phone.objects.get(uid=make.uid(6))
        assert (phone.number, phone.extension) == ("0571-88880000", "8012")
        assert set(outcomes(batch)) == {"unchanged"}

    def test_a_day_from_midnight_to_its_end_is_the_whole_day(self, run, files):
        files["schedules.csv"][0] |= {"opens_at": "00:00:00+08:00", "closes_at": "23:59:59+08:00"}

        run(files)

        row = service().schedules.get()
        assert (row.all_day, row.opens_at, row.utc_offset) == (True, None, 8)

    def test_a_night_shift_closes_on_the_next_day(self, run, files):
        files["schedules.csv"][0] |= {"opens_at": "22:00", "closes_at": "06:00"}

        run(files)

        assert service().schedules.get().closes_next_day

    def test_unknown_words_for_an_address_are_nothing(self, run, files):
        files["addresses.csv"][0] |= {"address_1": "unknown", "postal_code": "000000"}

        run(files)

        address = Address.objects.get(uid=make.uid(5))
        assert (address.address_1, address.postal_code) == ("", "")

    def test_areas_written_by_us_are_restored(self, run, files):
        files["service_areas.csv"] = [
            {"id": make.uid(70), "service_id": make.uid(2), "extent": "adcode:330106;330108",
             "extent_type": "text"},
        ]  # fmt: skip

        run(files)
        batch = run(files)

        area = ServiceArea.objects.get(uid=make.uid(70))
        assert {each.code for each in area.areas.all()} == {"330106", "330108"}
        assert batch.rows.get(table="service_area").outcome == "unchanged"

    def test_a_term_hangs_on_its_service(self, run, files):
        files["taxonomies.csv"] = [{"id": make.uid(80), "name": "Words"}]
        files["taxonomy_terms.csv"] = [
            {"id": make.uid(82), "name": "Food", "taxonomy_id": make.uid(80),
             "parent_id": make.uid(81)},
            {"id": make.uid(81), "name": "Basics", "taxonomy_id": make.uid(80)},
        ]  # fmt: skip
        files["attributes.csv"] = [
            {"id": make.uid(83), "link_id": make.uid(2), "link_entity": "service",
             "link_type": "service_type", "taxonomy_term_id": make.uid(82)},
        ]  # fmt: skip

        run(files)

        attribute = Attribute.objects.get(uid=make.uid(83))
        assert (attribute.service, str(attribute.link_uid)) == (service(), make.uid(2))
        assert attribute.term.path.startswith(attribute.term.parent.path)

    def test_contacts_are_public_unless_the_source_says_otherwise(self, run, files):
        files["contacts.csv"] = [
            {"id": make.uid(50), "service_id": make.uid(2), "name": "Ann", "title": "Desk"},
        ]

        run(files, defaults={"contact.audience": "staff"})

        assert Contact.objects.get(uid=make.uid(50)).audience == "staff"

    def test_the_language_of_a_record_follows_its_script(self, run, files):
        files["languages.csv"] = [
            {"id": make.uid(51), "service_id": make.uid(2), "name": "英语", "code": "en"},
        ]

        run(files)

        assert service().language == "en"
        assert Language.objects.get(uid=make.uid(51)).language == "zh-Hans"


class TestCheck:
    def test_a_check_writes_staging_rows_and_nothing_else(self, tmp_path, files):
        before = dump()

        batch = make.checked(make.folder(tmp_path / "in", files))

        assert batch.state == "checked"
        assert batch.rows.count() == 7
        assert dump() == before
        assert not SourceRecord.objects.exists()

    def test_a_file_that_cannot_be_read_leaves_nothing(self, tmp_path):
        path = tmp_path / "service.json"
        path.write_text('{"id": ')

        batch = make.checked(path)

        assert (batch.state, batch.rows.count()) == ("failed", 0)
        assert "service.json" in batch.failure

    def test_a_file_without_records_fails(self, tmp_path):
        batch = make.checked(make.folder(tmp_path / "in", {"organizations.csv": "id,name\n"}))

        assert batch.state == "failed"

    def test_totals_add_up_per_table(self, run, files):
        files["phones.csv"] += [
            {"id": make.uid(61), "service_id": make.uid(99), "number": "110"},
            {"id": make.uid(62), "service_id": make.uid(2), "number": ""},
        ]

        totals = queries.totals(run(files))

        for counts in totals.values():
            read = counts.pop("read")
            assert sum(counts.values()) == read
        assert totals["phone"] == {"created": 1, "quarantined": 1, "refused": 1}


class TestOneAtATime:
    def test_a_second_import_is_refused_while_one_runs(self, tmp_path, files):
        by = system()
        source = batches.source("test", by=by)
        first = batches.receive(source, by=by, file_name="a")
        batches.start_checking(first, by=by)

        with pytest.raises(AnotherImportRuns):
            make.checked(make.folder(tmp_path / "in", files))

    def test_an_import_whose_process_died_frees_the_slot(self, tmp_path, files):
        batch = make.checked(make.folder(tmp_path / "in", files))
        batches.start_applying(batch, by=system())

        with shifted(timedelta(minutes=3)):
            batches.bury_dead(by=system())

        batch.refresh_from_db()
        assert batch.state == "interrupted"

    def test_an_applied_import_is_not_applied_again(self, run, files):
        batch = run(files)

        with pytest.raises(Conflict):
            pipeline.apply(batch, by=system())

    def test_an_interrupted_import_goes_on_where_it_stopped(self, tmp_path, files):
        batch = make.checked(make.folder(tmp_path / "in", files))
        steps = pipeline.writing.run(batch, by=system())
        batches.start_applying(batch, by=system())
        for _step in range(3):
            next(steps)
        batches.interrupt(batch, by=system())
        done = set(batch.rows.exclude(outcome="").values_list("pk", flat=True))

        pipeline.apply(batch, by=system())

        assert len(done) == 3
        assert outcomes(batch) == {"created": 7}
        assert service().phones.count() == 1

    def test_a_check_that_died_is_dropped(self):
        by = system()
        batch = batches.receive(batches.source("test", by=by), by=by, file_name="a")
        batches.start_checking(batch, by=by)

        with shifted(timedelta(minutes=3)):
            batches.bury_dead(by=by)

        batch.refresh_from_db()
        assert batch.state == "failed"


class TestMissing:
    def test_a_service_that_is_gone_opens_a_check(self, run, files):
        files["services.csv"].append({**files["services.csv"][0], "id": make.uid(20), "name": "B"})
        run(files)
        files["services.csv"].pop()

        run(files)

        gone = Service.objects.get(uid=make.uid(20))
        assert gone.state == "active"
        assert gone.doubt > 0

    def test_or_is_suspended_where_that_was_asked(self, run, files, tmp_path):
        files["services.csv"] += [
            {**files["services.csv"][0], "id": make.uid(20 + n), "name": f"S{n}"} for n in range(9)
        ]
        run(files)
        files["services.csv"].pop()
        by = system()
        batch = batches.receive(
            Source.objects.get(code="test"), by=by, file_name="in", missing="suspend"
        )
        pipeline.check(batch, make.folder(tmp_path / "in", files), by=by)

        pipeline.apply(batch, by=by)

        gone = Service.objects.get(uid=make.uid(28))
        assert (gone.state, gone.state_reason) == ("suspended", "upstream_gone")

    def test_half_a_file_suspends_nothing(self, run, files, tmp_path):
        files["services.csv"].append({**files["services.csv"][0], "id": make.uid(20), "name": "B"})
        run(files)
        files["services.csv"].pop()
        by = system()
        batch = batches.receive(
            Source.objects.get(code="test"), by=by, file_name="in", missing="suspend"
        )
        pipeline.check(batch, make.folder(tmp_path / "in", files), by=by)

        with pytest.raises(Refused):
            pipeline.apply(batch, by=by)
        assert not Service.objects.filter(state="suspended").exists()

    def test_a_file_of_phones_alone_says_nothing_about_services(self, run, files):
        run(files)

        run({"phones.csv": files["phones.csv"], "datapackage.json": "{}"})

        assert service().doubt == 0


class TestProtected:
    def test_a_protected_location_is_forgotten_and_not_filled_again(self, run, files):
        run(files)
        location = Location.objects.get(uid=make.uid(3))
        protected.protect(location, by=system(), reason="refuge")

        run(files)

        location.refresh_from_db()
        assert location.latitude is None
        assert not location.addresses.exists()
        records = SourceRecord.objects.filter(table__in=["location", "address"])
        kept = b"".join(bytes(batches_raw(record)) for record in records)
        assert b"Main Street" not in kept
        rows = ImportRow.objects.filter(table="address")
        assert not any("Main Street" in str(row.mapped) for row in rows)


def batches_raw(record):
    return str(batches.unpack(record.raw) if record.raw else "").encode()


def service_proposals():
    with unscoped("test"):
        return list(ListingProposal.objects.filter(service=service()))
