import json

import pytest

from search import queries
from search.models import UseReference
from tests.factories import accounts, catalogue, search

pytestmark = pytest.mark.django_db
SEARCH = "/api/v1/search"


@pytest.fixture(autouse=True)
def _no_limits(monkeypatch):
    monkeypatch.setattr("search.forms.SearchThrottle.per_minute", 10_000)
    monkeypatch.setattr("search.forms.SuggestThrottle.per_minute", 10_000)


@pytest.fixture
def meals(live):
    """Three services: meals near, meals far, and legal aid without a place."""
    near = catalogue.complete(name="柳汀送餐")
    catalogue.place(near, catalogue.measured())
    far = catalogue.complete(name="桂井送餐")
    catalogue.place(far, catalogue.measured(latitude="30.4000", longitude="120.3000"))
    law = catalogue.service(name="法律援助窗口", description="免费律师")
    catalogue.tag(law, "LE02")
    catalogue.nationwide(law)
    search.index(near, far, law)
    return near, far, law


def names(answer):
    return [hit["service"]["name"] for hit in answer.json()["hits"]]


# ---- Finding --------------------------------------------------------------------------------
def test_everyday_words_find_by_meaning(client, meals):
    answer = client.get(SEARCH, {"q": "老人没人做饭"})

    assert answer.status_code == 200
    assert set(names(answer)[:2]) == {"柳汀送餐", "桂井送餐"}
    assert {w["kind"] for w in answer.json()["hits"][0]["why"]} >= {"category"}


def test_two_words_mean_both(client, meals):
    assert names(client.get(SEARCH, {"q": "柳汀 送餐"}))[0] == "柳汀送餐"


@pytest.mark.parametrize("q", ["flyz", "falv yuanzhu", "法律援助", "LEGAL  AID", "法律援助窗口"])
def test_a_service_is_found_in_every_spelling(client, meals, q):
    assert names(client.get(SEARCH, {"q": q}))[0] == "法律援助窗口"


def test_nearest_comes_first_by_distance(client, meals):
    answer = client.get(SEARCH, {"q": "送餐", "lat": "30.26", "lon": "120.13", "sort": "distance"})

    assert names(answer)[:2] == ["柳汀送餐", "桂井送餐"]
    assert answer.json()["hits"][0]["place"]["distance_m"] < 100


def test_a_radius_lets_in_what_is_near_or_covers(client, meals):
    facts = {"lat": "30.26", "lon": "120.13", "radius": "2000"}

    answer = client.get(SEARCH, {"category": "EL"} | facts).json()

    # Both cover the whole country; only one is near.
    told = {hit["service"]["name"]: hit["covers_you"] for hit in answer["hits"]}
    assert told == {"柳汀送餐": False, "桂井送餐": True}


def test_a_unknown_category_finds_nothing_and_says_so(client, meals):
    answer = client.get(SEARCH, {"category": "XX99"}).json()

    assert answer["total"] == 0
    assert answer["interpreted"]["unknown"] == ["category"]


def test_nothing_found_names_the_way_out(client, meals):
    answer = client.get(SEARCH, {"q": "送餐", "category": "LE", "lang": "zh"}).json()

    assert answer["total"] == 0
    assert {"param": "category", "value": "LE", "total": 2} in answer["zero"]["without"]
    assert answer["zero"]["hotlines"]


def test_post_answers_as_get_does(client, meals):
    given = {"q": "送餐", "category": ["EL", "GT"], "facets": ["fee", "term"], "per_page": 5}

    by_get = client.get(
        SEARCH, {"q": "送餐", "category": "EL,GT", "facets": "fee,term", "per_page": 5}
    )
    by_post = client.post(SEARCH, json.dumps(given), content_type="application/json")

    assert by_post.status_code == 200
    drop = ("meta",)
    assert {k: v for k, v in by_get.json().items() if k not in drop} == {
        k: v for k, v in by_post.json().items() if k not in drop
    }
    assert by_post["Cache-Control"] == "no-store"


def test_a_facet_is_counted_without_its_own_filter(client, meals):
    answer = client.get(SEARCH, {"category": "EL", "facets": "category"}).json()

    counts = {row["value"]: row["count"] for row in answer["facets"]["category"]}
    assert answer["total"] == 2
    assert counts["LE"] >= 1
    assert counts["EL"] == 2


def test_a_listing_for_staff_is_in_no_answer_of_a_visitor(client, live):
    secret = catalogue.complete(name="内部送餐", audience="staff")
    search.index(secret)
    worker = accounts.browser(accounts.member("worker"))

    for address in (SEARCH, f"{SEARCH}/facets", f"{SEARCH}/map", "/api/v1/suggest"):
        assert "内部" not in client.get(address, {"q": "内部送餐"}).content.decode().replace(
            '"q"', ""
        )
    assert names(worker.get(SEARCH, {"q": "内部送餐"})) == ["内部送餐"]


def test_a_hit_that_vanished_since_is_dropped(client, meals):
    near, *_rest = meals
    type(near).objects.filter(pk=near.pk).update(state="closed")

    assert "柳汀送餐" not in names(client.get(SEARCH, {"q": "送餐"}))


def test_danger_stands_above_the_list_whatever_the_filters(client, live):
    shelter = catalogue.service(name="妇女庇护所")
    catalogue.tag(shelter, "FM02")
    search.index(shelter)

    answer = client.get(SEARCH, {"q": "老公打我", "fee": "free", "open": "now"}).json()

    assert answer["safety"]["topics"] == ["family_violence"]
    assert [line["number"] for line in answer["safety"]["hotlines"]][:2] == ["110", "12338"]
    assert [hit["service"]["name"] for hit in answer["safety"]["services"]] == ["妇女庇护所"]


def test_without_an_engine_the_answer_is_503_with_what_the_database_knows(
    client, meals, settings, tmp_path
):
    settings.SEARCH_DIR = str(tmp_path / "nothing")
    queries.forget()

    answer = client.get(SEARCH, {"q": "柳汀送餐"})
    danger = client.get(SEARCH, {"q": "不想活了"})

    assert answer.status_code == 503
    assert answer["Retry-After"] == "15"
    assert answer.json()["code"] == "search_unavailable"
    assert names(answer) == ["柳汀送餐"]
    assert danger.json()["safety"]["topics"] == ["self_harm"]


def test_an_explanation_multiplies_to_the_score(live):
    service = catalogue.complete(name="柳汀送餐")
    catalogue.place(service, catalogue.measured())
    search.index(service)
    worker = accounts.browser(accounts.member("worker"))

    hit = worker.get(
        SEARCH, {"q": "送餐", "lat": "30.27", "lon": "120.14", "explain": "true"}
    ).json()["hits"][0]

    points = hit["points"]
    parts = sum(v for name, v in points.items() if name not in {"quality", "place"})
    assert parts * points["quality"] * points["place"] == pytest.approx(hit["score"], rel=1e-5)


# ---- What is refused ------------------------------------------------------------------------
WRONG = [
    ("nothing", {"nothing": "1"}),
    ("lat", {"lat": "abc", "lon": "1"}),
    ("lat", {"lat": "121.4", "lon": "31.2"}),
    ("lat", {"lat": "nan", "lon": "1"}),
    ("lon", {"lat": "1"}),
    ("lat", {"lon": "1"}),
    ("lon", {"lat": "1", "lon": "181"}),
    ("lon", {"lat": "1", "lon": "inf"}),
    ("datum", {"datum": "mars", "lat": "1", "lon": "1"}),
    ("radius", {"radius": "-1", "lat": "1", "lon": "1"}),
    ("radius", {"radius": "0", "lat": "1", "lon": "1"}),
    ("radius", {"radius": "1e9", "lat": "1", "lon": "1"}),
    ("radius", {"radius": "500"}),
    ("radius", {"radius": "１０００", "lat": "1", "lon": "1"}),
    ("bbox", {"bbox": "1,2,3"}),
    ("bbox", {"bbox": "1,3,2,3"}),
    ("bbox", {"bbox": "1,1,1,3"}),
    ("bbox", {"bbox": "1,nan,2,3"}),
    ("bbox", {"bbox": "1,-91,2,3"}),
    ("sort", {"sort": "distance"}),
    ("sort", {"sort": "random"}),
    ("page", {"page": "0"}),
    ("page", {"page": "x"}),
    ("page", {"page": "999999999999999999999"}),
    ("page", {"page": "11", "per_page": "100"}),
    ("per_page", {"per_page": "101"}),
    ("per_page", {"per_page": "-5"}),
    ("age", {"age": "-1"}),
    ("age", {"age": "200"}),
    ("age", {"age": "old"}),
    ("area", {"area": "31"}),
    ("home", {"home": "abcdef"}),
    ("mode", {"mode": "fax"}),
    ("org", {"org": "7"}),
    ("status", {"status": "draft"}),
    ("verified_within", {"verified_within": "0"}),
    ("verified_within", {"verified_within": "4000"}),
    ("open", {"open": "2026-01-01T10:00:00"}),
    ("open", {"open": "soon"}),
    ("facets", {"facets": "secret"}),
    ("explain", {"explain": "maybe"}),
    ("lang", {"lang": "fr"}),
    ("q", {"q": "x" * 1001}),
]


@pytest.mark.parametrize(("parameter", "given"), WRONG)
def test_a_wrong_parameter_is_named(client, live, parameter, given):
    answer = client.get(SEARCH, given)

    assert answer.status_code == 400, answer.content
    assert answer.json()["code"] in {"invalid_parameter", "page_too_deep"}
    assert answer.json()["errors"][0]["parameter"] == parameter


def test_a_second_value_where_one_is_meant_is_refused(client, live):
    answer = client.get(f"{SEARCH}?q=a&q=b")

    assert answer.json()["errors"][0]["parameter"] == "q"


STRANGE = [
    "|",
    "& ( ) : * \" '",
    "😀😀",
    "𠮷",
    "é",
    "の",
    "1" * 300,
    "%",
    "OR NOT AND",
    "a" * 1000,
    "  ",
    "\u200b",
]


@pytest.mark.parametrize("q", STRANGE)
def test_strange_words_are_answered(client, live, q):
    assert client.get(SEARCH, {"q": q}).status_code == 200


@pytest.mark.parametrize("q", ["\x00", "a\x00b", "\ud800"])
def test_invisible_characters_are_never_a_fault(client, live, q):
    assert client.get(f"{SEARCH}?q=%00").status_code in {200, 400}


@pytest.mark.parametrize("body", ["[]", "7", '{"q": {"a": 1}}', '{"lat": null}', "{", '{"q": NaN}'])
def test_a_wrong_body_is_refused(client, live, body):
    answer = client.post(SEARCH, body, content_type="application/json")

    assert answer.status_code == 400


def test_a_page_after_the_last_is_not_found(client, meals):
    assert client.get(SEARCH, {"q": "送餐", "page": "3"}).status_code == 404


def test_searches_of_one_address_are_limited(client, live, monkeypatch):
    monkeypatch.setattr("search.forms.SearchThrottle.per_minute", 2)
    monkeypatch.setattr("search.forms.SearchThrottle.scope", "test_limited:")

    codes = [client.get(SEARCH, {"q": "x"}).status_code for _ in range(3)]

    assert codes == [200, 200, 429]


# ---- Suggestions and map --------------------------------------------------------------------
@pytest.mark.parametrize("q", ["法律", "fal", "flyz", "法援"])
def test_a_category_is_suggested_by_name_sound_and_other_words(client, meals, q):
    rows = client.get("/api/v1/suggest", {"q": q}).json()

    assert any(row["kind"] == "term" and row["code"] == "LE02" for row in rows)


def test_other_wordings_lead_to_a_name_and_are_never_shown(client, meals):
    rows = client.get("/api/v1/suggest", {"q": "吃低保", "kinds": "term"}).json()

    assert rows[0]["label"] == "最低生活保障（低保）"
    assert rows[0]["match"] == []
    assert rows[0]["empty"]


def test_what_was_typed_is_marked_in_the_suggestion(client, meals):
    rows = client.get("/api/v1/suggest", {"q": "柳汀", "kinds": "service"}).json()

    assert rows[0]["label"] == "柳汀送餐"
    assert rows[0]["match"] == [[0, 2]]


def test_suggestions_take_two_statements(client, meals, django_assert_max_num_queries):
    client.get("/api/v1/suggest", {"q": "法"})

    with django_assert_max_num_queries(2):
        client.get("/api/v1/suggest", {"q": "养"})


def test_the_map_gives_points(client, meals):
    points = client.get(f"{SEARCH}/map", {"q": "送餐", "zoom": "11"}).json()["points"]

    assert {point["name"] for point in points} == {"柳汀送餐", "桂井送餐"}


def test_the_map_counts_where_there_is_much(client, live):
    services = []
    for _ in range(205):
        service = catalogue.service()
        catalogue.place(service, catalogue.measured())
        services.append(service)
    search.index(*services)

    clusters = client.get(f"{SEARCH}/map", {"zoom": "9", "bbox": "119,29,121,31"}).json()[
        "clusters"
    ]

    assert [row["count"] for row in clusters] == [205]


def test_no_other_wording_is_in_any_answer(client, meals):
    displayed = client.get(SEARCH, {"q": "老人送餐", "facets": "term,category"}).content.decode()
    blunt = UseReference.objects.filter(
        language="zh", text__in=["老糊涂", "要饭的", "酒鬼", "疯子伤人"]
    )

    assert blunt.count() >= 3
    assert not any(row.text in displayed for row in blunt)
