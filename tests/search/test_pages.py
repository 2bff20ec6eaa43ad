import re

import pytest

from search import queries
from tests.factories import accounts, catalogue, search

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(autouse=True)
def _steady(monkeypatch):
    """Lift the limits, and look for changes once, so that statements can be counted."""
    monkeypatch.setattr("search.queries.state._LOOK_EVERY", 1000.0)
    monkeypatch.setattr("search.lexicon.store._LOOK_EVERY", 1000.0)
    monkeypatch.setattr("search.forms.SearchThrottle.per_minute", 10_000)


@pytest.fixture
def many(live):
    services = []
    for number in range(30):
        service = catalogue.complete(
            name=f"柳汀送餐 {number}", translations={"en": {"name": f"Meals {number}"}}
        )
        place = catalogue.place(service, catalogue.measured())
        catalogue.schedule(service_at_location=place)
        catalogue.capacity(service)
        services.append(service)
    search.index(*services)
    return services


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    "address", ["/", "/search/", "/search/?q=送餐", "/search/?q=zzz&area=330106"]
)
def test_pages_are_open_to_everybody_in_both_languages(client, many, language, address):
    answer = client.get(address, HTTP_ACCEPT_LANGUAGE=language)

    assert answer.status_code == 200
    assert "Cookie" in answer["Vary"]


def test_pages_carry_nothing_inline(client, many):
    for address in ("/", "/search/?q=送餐&lat=30.26&lon=120.13"):
        page = client.get(address).content.decode()

        assert not re.search(r'\sstyle="|\son[a-z]+="|<script>(?!</)', page)


def test_htmx_gets_the_part_alone(client, many):
    part = client.get("/search/?q=送餐", HTTP_HX_REQUEST="true")

    assert part.content.decode().lstrip().startswith('<div id="results"')
    assert "HX-Request" in part["Vary"]


def test_a_results_page_takes_eight_statements(client, many, django_assert_max_num_queries):
    address = "/search/?q=送餐&lat=30.26&lon=120.13"
    client.get(address)

    with django_assert_max_num_queries(8):
        client.get(address)


def test_the_start_page_takes_four_statements(client, many, django_assert_max_num_queries):
    client.get("/")

    with django_assert_max_num_queries(4):
        client.get("/")


def test_statements_do_not_grow_with_the_hits(client, many, django_assert_max_num_queries):
    client.get("/search/?q=送餐&per_page=5")

    with django_assert_max_num_queries(8):
        client.get("/search/?q=送餐&per_page=30")


def test_numbers_of_list_and_map_are_the_same(client, many):
    page = client.get("/search/?q=送餐&lat=30.26&lon=120.13").content.decode()

    listed = re.findall(r'<article class="card-service" id="s(\d+)"', page)
    pinned = re.findall(r'class="pin" href="#s(\d+)"', page)
    assert listed == pinned == [str(n) for n in range(1, 26)]


def test_a_filter_survives_the_next_page_and_can_be_taken_away(client, many):
    catalogue.tag(many[0], "fee:free", "fee")
    search.index(many[0])

    page = client.get("/search/?q=送餐&fee=free", HTTP_ACCEPT_LANGUAGE="en").content.decode()

    assert 'id="f-fee-free" name="fee" value="free" checked' in page
    assert "remove this filter" in page


def test_a_page_after_the_last_leads_back(client, many):
    answer = client.get("/search/?q=送餐&page=9", HTTP_ACCEPT_LANGUAGE="en")

    assert answer.status_code == 404
    assert "Go to page 1" in answer.content.decode()


def test_a_wrong_parameter_is_a_page_that_names_it(client, live):
    answer = client.get("/search/?radius=-1&lat=1&lon=1", HTTP_ACCEPT_LANGUAGE="en")

    assert answer.status_code == 400
    assert "radius" in answer.content.decode()


def test_empty_fields_of_the_form_are_no_parameters(client, many):
    assert client.get("/search/?q=&place=&lat=&lon=").status_code == 200


def test_an_unknown_place_is_said_and_is_no_error(client, many):
    page = client.get("/search/?q=送餐&place=zzqqxx", HTTP_ACCEPT_LANGUAGE="en")

    assert page.status_code == 200
    assert "was not found on the map" in page.content.decode()


def test_a_known_place_sorts_by_nearness(client, many):
    address = "/search/?q=送餐&place=杭州市西湖区&sort=distance"

    page = client.get(address, HTTP_ACCEPT_LANGUAGE="en").content.decode()

    assert "nearest to 杭州市西湖区 first" in page


def test_of_two_districts_with_one_name_none_is_guessed(client, many):
    page = client.get("/search/?q=送餐&place=西湖区", HTTP_ACCEPT_LANGUAGE="en").content.decode()

    assert "杭州市 西湖区" in page
    assert "南昌市 西湖区" in page


def test_danger_shows_numbers_and_the_way_out(client, live):
    answer = client.get("/search/?q=不想活了", HTTP_ACCEPT_LANGUAGE="zh-hans")
    page = answer.content.decode()

    assert 'href="tel:12356"' in page
    assert "data-quick-exit" in page
    assert answer["Cache-Control"] == "no-store"


def test_nothing_found_is_never_a_bare_list(client, live):
    page = client.get("/search/?q=qqzzxx", HTTP_ACCEPT_LANGUAGE="en").content.decode()

    assert "Nothing was found" in page
    assert "Tell us what is missing" in page
    assert 'href="tel:12345"' in page


def test_without_an_index_the_page_says_so(client, settings, tmp_path):
    settings.SEARCH_DIR = str(tmp_path / "nothing")
    queries.forget()

    answer = client.get("/search/?q=送餐", HTTP_ACCEPT_LANGUAGE="en")

    assert answer.status_code == 503
    assert "not available at the moment" in answer.content.decode()
    assert client.get("/").status_code == 200


def test_the_box_suggests_in_the_form_the_script_reads(client, many):
    told = client.get("/search/suggestions/?q=柳汀").json()

    assert told["results"][0]["label"].startswith("柳汀送餐")


def test_missing_services_are_told_to_the_moderators(client, live):
    answer = client.get("/search/missing/?q=助听器")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/suggest/?q=")


def test_signed_in_pages_are_kept_by_no_cache(live):
    worker = accounts.browser(accounts.member("worker"))

    assert "no-store" in worker.get("/search/?q=x")["Cache-Control"]


@pytest.mark.parametrize("payload", ["<script>alert(1)</script>", '"><img src=x>', "'\"<b>x</b>"])
def test_words_are_shown_as_words(client, live, payload):
    page = client.get("/search/", {"q": payload}).content.decode()

    assert payload not in page
