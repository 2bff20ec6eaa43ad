"""A protected address: in no answer, and not to be measured by moving the place one asks from."""

import pytest
from django.test import Client as Browser

from accounts.permissions import Role
from directory.catalogue.operations import listing, protected
from tests.factories import accounts, catalogue, search
from tests.support.canary import Canary, leaks

pytestmark = pytest.mark.django_db
ADDRESS = [
    Canary("street", "榆棠梓弄七十七号", "Yutangzi Lane 77"),
    Canary("phone", "0571-86868686", "86868686"),
    Canary("point", "30.2512345", "120.1234567"),
    Canary("coarse point", "30.25123", "120.12345"),
    Canary("way", "坐到金桦雀站", "jinhuaque"),
]
# Around the refuge and far from it: who asks from several sides could cross the distances.
ASKED_FROM = [
    (30.2512, 120.1235), (30.2512, 120.1335), (30.2612, 120.1235), (30.2412, 120.1135),
    (30.3512, 120.2235), (31.2304, 121.4737),
]  # fmt: skip


@pytest.fixture(name="refuge")
def _refuge(settings, tmp_path):
    """Give a listed refuge beside an open kitchen; its address was changed, then protected."""
    search.live(settings, tmp_path / "index")
    coordinator = accounts.member(Role.COORDINATOR)
    spot = catalogue.measured(
        latitude="30.2512345", longitude="120.1234567", transportation="坐到金桦雀站 jinhuaque",
        area=catalogue.area(),
    )  # fmt: skip
    spot.addresses.update(address_1="榆棠梓弄七十七号 Yutangzi Lane 77")
    catalogue.phone(location=spot, number="0571-86868686", e164="+8657186868686")
    spot.refresh_from_db()
    hidden = catalogue.service(name="临时庇护助浴", description="给需要离开家的人", state="active")
    catalogue.tag(hidden, "EL02")
    catalogue.place(hidden, spot)
    kitchen = catalogue.service(name="社区助浴", description="助浴", state="active")
    catalogue.tag(kitchen, "EL02")
    catalogue.place(kitchen, catalogue.measured(area=spot.area))
    listing.change(
        spot, by=coordinator, base_version=1,
        changes={"addresses": [{"address_1": "榆棠梓弄七十七号 Yutangzi Lane 77"}]},
    )  # fmt: skip
    spot.refresh_from_db()
    protected.protect(spot, by=coordinator, reason="violence")
    search.index(hidden, kitchen)
    hidden.spot, hidden.coordinator = spot, coordinator
    yield hidden
    search.forget()


def _near(lat, lon):
    return f"q=助浴&lat={lat}&lon={lon}"


def _addresses(refuge):
    near = [_near(*point) for point in ASKED_FROM[:2]]
    return [
        f"/services/{refuge.uid}/", f"/services/{refuge.uid}/slip/",
        f"/locations/{refuge.spot.uid}/", f"/organizations/{refuge.organization.uid}/",
        "/search/?q=助浴", "/search/suggestions/?q=榆棠", "/search/?q=榆棠梓弄",
        "/search/?q=0571-86868686", "/hsds/v3/services", f"/hsds/v3/services/{refuge.uid}",
        f"/hsds/v3/organizations/{refuge.organization.uid}", "/hsds/v3/openapi.json",
        "/api/v1/search?q=助浴", "/api/v1/search/map?q=助浴", "/api/v1/search/facets?q=助浴",
        "/api/v1/suggest?q=榆棠", *(f"/api/v1/search?{one}" for one in near),
        *(f"/search/?{one}" for one in near),
    ]  # fmt: skip


def test_the_public_reads_it_nowhere(refuge):
    visitor, found, seen = Browser(), [], 0
    for url in _addresses(refuge):
        answer = visitor.get(url)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        seen += "临时庇护助浴" in body.decode("utf-8", "replace")
        # What was asked for is shown again; the address must not be in what answers.
        body = body.replace("榆棠梓弄".encode(), b"").replace(b"0571-86868686", b"")
        found += leaks(ADDRESS, url, body)

    assert found == []
    assert seen >= 5


def test_colleagues_read_it_in_no_endpoint_and_no_history(refuge):
    worker = accounts.browser(accounts.member(Role.WORKER))
    found = []
    for url in (
        "/api/v1/locations", f"/api/v1/locations/{refuge.spot.uid}", "/api/v1/services",
        f"/api/v1/services/{refuge.uid}", f"/api/v1/services/{refuge.uid}/history",
        "/api/v1/service_at_locations",
    ):  # fmt: skip
        answer = worker.get(url)
        assert answer.status_code == 200, url
        found += leaks(ADDRESS, url, answer.content)

    assert found == []


def test_no_distance_and_no_order_tells_where_it_is(refuge):
    twin = catalogue.service(name="临时庇护助浴", description="给需要离开家的人", state="active")
    catalogue.tag(twin, "EL02")
    far = catalogue.measured(latitude="30.3512", longitude="120.2235", area=refuge.spot.area)
    catalogue.place(twin, far)
    protected.protect(far, by=refuge.coordinator, reason="violence")
    search.index(twin)
    visitor, entries, steps = Browser(), [], set()

    for lat, lon in ASKED_FROM:
        for sort in ("best", "distance"):
            hits = visitor.get(f"/api/v1/search?{_near(lat, lon)}&sort={sort}").json()["hits"]
            ranks = [n for n, hit in enumerate(hits) if "临时庇护" in str(hit)]
            entries += [hits[rank] for rank in ranks]
            steps.add(ranks[1] - ranks[0])
    pinned = visitor.get(f"/api/v1/search/map?{_near(*ASKED_FROM[0])}").content.decode()

    assert str(refuge.uid) not in pinned
    assert all(place["distance_m"] is place["lat"] is None for place in _places(entries))
    # Two refuges of one district stand side by side, however near one of them is to who asks.
    assert steps == {1}


def _places(entries):
    return [place for entry in entries for place in (entry.get("place"),) if place]


def test_no_circle_holds_it_however_small_or_wide(refuge):
    # If a radius found it, three radii would find the house.
    visitor, inside = Browser(), set()
    for radius in (500, 2000, 20000, 100000):
        for lat, lon in ASKED_FROM:
            answer = visitor.get(f"/api/v1/search?{_near(lat, lon)}&radius={radius}")
            assert answer.status_code == 200, answer.content
            inside.add(str(refuge.uid) in answer.content.decode())

    assert len(inside) == 1
