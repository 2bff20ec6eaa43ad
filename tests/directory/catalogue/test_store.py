import time
from datetime import time as clock

import pytest

from core.errors import NotPermitted
from directory.catalogue.errors import DuplicateRecord
from directory.catalogue.models import (
    Address,
    Attribute,
    ListingChange,
    Location,
    Organization,
    Phone,
    Schedule,
    Service,
    ServiceAtLocation,
)
from directory.catalogue.operations import listing
from directory.catalogue.signals import listing_changed
from tests.factories import accounts, catalogue

pytestmark = pytest.mark.django_db


def rows(n, term, source):
    """Return an organization, a service, a location and their children, unsaved, n times."""
    made = []
    for number in range(n):
        owner = Organization(name=f"机构 {number}", state="listed", source=source)
        service = Service(organization=owner, name=f"服务 {number}", state="active", source=source)
        spot = Location(name=f"地点 {number}", organization=owner)
        site = ServiceAtLocation(service=service, location=spot)
        made += [
            Phone(service_at_location=site, number="0571-88880000转8"),
            Schedule(service=service, byday="MO", opens_at=clock(9), closes_at=clock(17)),
            Address(location=spot, address_1="文三路 1 号"),
            Attribute(
                service=service, link_entity="service", link_uid=service.uid,
                link_type="service_type", term=term,
            ),
            site, spot, service, owner,
        ]  # fmt: skip
    return made


def test_an_import_writes_rows_of_all_tables_in_any_order_with_their_history():
    importer = accounts.member("coordinator")

    written = listing.store(
        by=importer, key="batch-1", added=rows(3, catalogue.term("EL04"), catalogue.source())
    )

    assert written == 24
    service = Service.objects.get(name="服务 1")
    assert service.places.get().phones.get().extension == "8"
    assert service.plain_text == "服务 1 机构 1"
    assert service.sort_key
    assert service.history.get().history_change_reason == "import:batch-1"
    assert service.history.get().history_user == importer
    assert Phone.history.filter(history_type="+").count() == 3
    told = ListingChange.objects.filter(uid=service.uid).values_list("action", flat=True)
    assert set(told) == {"upsert"}


def test_two_hundred_roots_with_all_their_children_take_a_second_or_so(
    django_assert_max_num_queries,
):
    importer = accounts.member("coordinator")
    batch = rows(200, catalogue.term("EL04"), catalogue.source())
    receivers, listing_changed.receivers = listing_changed.receivers, []
    listing_changed.sender_receivers_cache.clear()

    begun = time.perf_counter()
    with django_assert_max_num_queries(160):
        listing.store(by=importer, key="batch-2", added=batch)
    taken = time.perf_counter() - begun
    listing_changed.receivers = receivers
    listing_changed.sender_receivers_cache.clear()

    assert Service.objects.filter(name__startswith="服务 ").count() >= 200
    assert taken < 20, taken


def test_one_batch_is_one_send_per_table():
    heard = []

    def listen(sender, **facts):
        heard.append((facts["table"], facts["event"], len(facts["ids"])))

    receivers, listing_changed.receivers = listing_changed.receivers, []
    listing_changed.sender_receivers_cache.clear()
    listing_changed.connect(listen)
    listing.store(
        by=accounts.member("coordinator"), key="b",
        added=rows(5, catalogue.term("EL04"), catalogue.source()),
    )  # fmt: skip
    listing_changed.receivers = receivers
    listing_changed.sender_receivers_cache.clear()

    assert sorted(heard) == [
        ("location", "import", 5), ("organization", "import", 5), ("service", "import", 5),
        ("service_at_location", "import", 5),
    ]  # fmt: skip


def test_a_second_run_that_changes_nothing_writes_nothing():
    service = catalogue.service(name="不变")

    written = listing.store(
        by=accounts.member("coordinator"), key="b", changed=[(service, {"name": "不变"})]
    )

    service.refresh_from_db()
    assert (written, service.version) == (0, 1)
    assert not ListingChange.objects.filter(uid=service.uid).exists()


def test_changed_rows_are_counted_and_remembered():
    service = catalogue.service()
    phone = catalogue.phone(service=service)
    gone = catalogue.phone(service=service, number="0571-88881111", e164="+8657188881111")

    written = listing.store(
        by=accounts.member("coordinator"), key="b",
        changed=[(service, {"description": "新"}), (phone, {"number": "0571-88882222"})],
        removed=[gone],
    )  # fmt: skip

    service.refresh_from_db()
    phone.refresh_from_db()
    assert (written, service.version, phone.e164) == (3, 2, "+8657188882222")
    assert Phone.history.filter(number="0571-88881111", history_type="-").exists()


def test_parents_of_a_tree_are_written_before_their_children():
    top = Organization(name="上级", state="listed")
    middle = Organization(name="中级", state="listed", parent=top)
    low = Organization(name="下级", state="listed", parent=middle)

    listing.store(by=accounts.member("coordinator"), key="b", added=[low, middle, top])

    assert Organization.objects.get(name="下级").parent.parent.name == "上级"


def test_states_do_not_move_by_an_import_of_values():
    with pytest.raises(ValueError, match="operations of their own"):
        listing.store(
            by=accounts.member("coordinator"), key="b",
            changed=[(catalogue.service(), {"state": "closed"})],
        )  # fmt: skip


def test_who_may_not_import_stores_nothing():
    with pytest.raises(NotPermitted):
        listing.store(by=accounts.member("worker"), key="b", added=[Organization(name="x")])


def test_a_row_that_breaks_a_unique_rule_is_a_conflict_with_a_code():
    site = catalogue.place()

    with pytest.raises(DuplicateRecord):
        listing.store(
            by=accounts.member("coordinator"), key="b",
            added=[ServiceAtLocation(service=site.service, location=site.location)],
        )  # fmt: skip


def test_numbers_that_are_none_are_kept_as_written():
    service = catalogue.service()

    listing.store(
        by=accounts.member("coordinator"), key="b", country="US",
        added=[
            Phone(service=service, number="(202) 555-0123"),
            Phone(service=service, number="call us"),
        ],
    )  # fmt: skip

    assert set(service.phones.values_list("number", "e164")) == {
        ("(202) 555-0123", "+12025550123"), ("call us", ""),
    }  # fmt: skip
