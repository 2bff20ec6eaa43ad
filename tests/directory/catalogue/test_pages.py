from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from accounts.permissions import Role
from core.jobs import now, today
from directory.catalogue import exports
from directory.catalogue.models import (
    Accessibility,
    CostOption,
    RequiredDocument,
    ScheduleException,
    ServedArea,
    ServiceArea,
    Url,
)
from directory.catalogue.operations import listing, protected
from directory.catalogue.queries import pages
from tests.factories import accounts, catalogue

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def page(client, service, name="service", **headers):
    return client.get(reverse(f"catalogue:{name}", args=[service.uid]), headers=headers)


def text(response):
    return response.content.decode()


@pytest.fixture
def kitchen():
    """A service with something of everything."""
    owner = catalogue.organization(name="银杏树社会工作服务中心")
    made = catalogue.service(
        owner, name="送餐上门", description="午餐送到家", minimum_age=60, handling_days=2,
        application_process="打电话或到窗口说明情况", fees_description="午餐 10 元",
        translations={"en": {"name": "Meals on wheels"}},
    )  # fmt: skip
    catalogue.tag(made, "EL04")
    catalogue.tag(made, "population:elder", "target_population")
    catalogue.tag(made, "fee:low_cost", "fee")
    catalogue.tag(made, "application:phone", "application")
    catalogue.tag(made, "accessibility:wheelchair", "accessibility")
    out = catalogue.tag(made, "eligibility:referral_only", "eligibility")
    out.__class__.objects.filter(pk=out.pk).update(polarity="excludes")
    site = catalogue.place(made, catalogue.measured(name="柳汀长者食堂"))
    catalogue.phone(service_at_location=site)
    catalogue.schedule(service=made)
    catalogue.capacity(made, place=site, availability="limited")
    ScheduleException.objects.create(
        service=made, starts_on=today() + timedelta(days=3), ends_on=today() + timedelta(days=3),
        label="盘点",
    )  # fmt: skip
    RequiredDocument.objects.create(service=made, document="身份证")
    CostOption.objects.create(service=made, option="晚餐", amount=8, currency="CNY")
    Url.objects.create(service=made, label="公众号", url="https://example.org/wechat")
    Accessibility.objects.create(location=site.location, description="门口坡道")
    area = ServiceArea.objects.create(service=made, name="西湖")
    ServedArea.objects.create(service_area=area, area=catalogue.area())
    for name in ("电话问安", "手机教学"):
        catalogue.service(owner, name=name)
    return made


def test_the_page_tells_all_a_person_needs(client, kitchen):
    said = text(page(client, kitchen))

    for words in (
        "送餐上门", "银杏树社会工作服务中心", "午餐送到家", "打电话或到窗口说明情况", "身份证",
        "午餐 10 元", "门口坡道", "轮椅可通行", "公众号", "tel:057188880000", "文三路 1 号",
        "电话问安", "手机教学", "60", "西湖区", "低偿", "盘点",
    ):  # fmt: skip
        assert words in said, words


def test_the_page_costs_no_more_than_fifteen_statements(
    client, kitchen, django_assert_max_num_queries
):
    with django_assert_max_num_queries(15):
        page(client, kitchen)


def test_more_places_cost_no_more_statements(client, kitchen, django_assert_max_num_queries):
    for _ in range(5):
        catalogue.place(kitchen, catalogue.measured())

    with django_assert_max_num_queries(15):
        page(client, kitchen)


def test_text_without_a_translation_is_marked_and_never_blank(client, kitchen):
    said = text(page(client, kitchen, accept_language="en"))

    assert "Meals on wheels" in said
    assert '<p lang="zh-Hans">' in said or 'lang="zh-Hans">' in said
    assert "午餐送到家" in said


def test_a_merged_listing_leads_on_for_good(client, kitchen):
    survivor = catalogue.complete()
    listing.merge(kitchen, survivor, by=accounts.member("coordinator"))

    answer = page(client, kitchen)

    assert answer.status_code == 301
    assert answer.url == reverse("catalogue:service", args=[survivor.uid])


@pytest.mark.parametrize(
    "facts", [{"state": "draft"}, {"state": "rejected"}, {"audience": "staff"}]
)
def test_what_is_not_public_is_not_found(client, facts):
    assert page(client, catalogue.service(**facts)).status_code == 404


def test_a_listing_nobody_ever_made_is_not_found(client):
    answer = client.get("/services/00000000-0000-4000-8000-000000000000/")

    assert answer.status_code == 404


def test_a_closed_listing_answers_with_alternatives_and_without_its_numbers(client, kitchen):
    other = catalogue.service(name="另一家送餐")
    catalogue.tag(other, "EL04")
    listing.close(kitchen, by=accounts.member("coordinator"), note="停办")

    answer = page(client, kitchen)

    said = text(answer)
    assert answer.status_code == 200
    assert "noindex" in said
    assert "另一家送餐" in said
    assert "057188880000" not in said
    assert "文三路" not in said


def test_an_unconfirmed_listing_warns_and_keeps_its_number(client, kitchen):
    kitchen.__class__.objects.filter(pk=kitchen.pk).update(
        state="suspended", state_reason="unconfirmed"
    )

    said = text(page(client, kitchen, accept_language="en"))

    assert "Nobody could confirm" in said
    assert "tel:057188880000" in said
    assert "noindex" in said


def test_alternatives_of_a_suspended_listing_keep_to_the_budget(
    client, kitchen, django_assert_max_num_queries
):
    kitchen.__class__.objects.filter(pk=kitchen.pk).update(
        state="suspended", state_reason="operator"
    )

    with django_assert_max_num_queries(15):
        page(client, kitchen)


def test_a_stale_listing_asks_to_call_first(client):
    said = text(page(client, catalogue.service(freshness="stale"), accept_language="en"))

    assert "Please call before you go" in said


def test_missing_hours_are_unknown_and_never_closed(client):
    said = text(page(client, catalogue.service(), accept_language="en"))

    assert "Hours unknown" in said
    assert "Closed now" not in said


def test_a_listing_says_when_how_and_by_which_role_it_was_verified(client):
    service = catalogue.service(
        verified_on=today() - timedelta(days=12), verified_how="phone", verified_role="worker",
        freshness="fresh",
    )  # fmt: skip

    said = text(page(client, service, accept_language="en"))

    assert "Verified 12 days ago" in said
    assert "By phone" in said or "Phone" in said
    assert str(Role.WORKER.label) in said


def test_a_listing_nobody_verified_says_where_it_comes_from(client):
    service = catalogue.service(source=catalogue.source(name="杭州市民政局", license="CC BY 4.0"))

    said = text(page(client, service, accept_language="en"))

    assert "Not verified yet" in said
    assert "杭州市民政局" in said
    assert "CC BY 4.0" in said


def test_a_protected_place_shows_its_district_and_no_map(client, kitchen):
    site = kitchen.places.get()
    protected.protect(site.location, by=accounts.member("coordinator"), reason="庇护")

    said = text(page(client, kitchen))

    assert "西湖区" in said
    assert "文三路" not in said
    assert "<svg xmlns" not in said
    assert "geo:" not in said


def test_contacts_and_staff_numbers_are_not_on_the_public_page(client, kitchen):
    catalogue.contact(service=kitchen, name="方师傅")
    catalogue.phone(service=kitchen, number="138 1234 5678", audience="staff")

    said = text(page(client, kitchen))

    assert "方师傅" not in said
    assert "1234 5678" not in said
    worker = accounts.browser(accounts.member("worker"))
    assert "方师傅" in text(page(worker, kitchen))


def test_a_page_read_in_danger_can_be_left_at_once_and_is_not_kept(client):
    service = catalogue.service(name="庇护热线")
    catalogue.tag(service, "FM01")

    answer = page(client, service)

    said = text(answer)
    assert "data-quick-exit" in said
    assert "no-store" in answer.headers["Cache-Control"]
    assert "庇护热线" not in said.split("</title>")[0]


def test_a_notice_disappears_after_its_last_day(client):
    shown = catalogue.service(alert="下周搬家", alert_until=today())
    over = catalogue.service(alert="下周搬家", alert_until=today() - timedelta(days=1))

    assert "下周搬家" in text(page(client, shown))
    assert "下周搬家" not in text(page(client, over))


def test_the_editor_finds_the_way_to_edit(kitchen):
    editor = accounts.browser(accounts.member("partner_editor", kitchen.organization))
    stranger = accounts.browser(accounts.member("partner_editor"))

    assert reverse("upkeep:listing_edit", args=[kitchen.uid]) in text(page(editor, kitchen))
    assert reverse("upkeep:listing_edit", args=[kitchen.uid]) not in text(page(stranger, kitchen))


def test_the_slip_holds_what_one_takes_along(client, kitchen):
    said = text(page(client, kitchen, "slip"))

    for words in ("送餐上门", "0571-8888 0000", "文三路 1 号", "身份证", "qr", "data-print"):
        assert words in said, words


def test_the_slip_can_be_set_in_large_type(client, kitchen):
    address = reverse("catalogue:slip", args=[kitchen.uid])

    assert 'data-text="150"' in text(client.get(f"{address}?size=large"))
    assert 'data-text="150"' not in text(client.get(address))


def test_the_message_fits_into_two_segments(client):
    service = catalogue.service(name="很长的名称" * 40)
    catalogue.phone(service=service)

    slip = exports.slip(pages.listing_view(service.uid, to=AnonymousUser()))

    assert len(slip.message) <= 134
    assert slip.message.endswith(slip.url)
    assert "0571-88880000" in slip.message


def test_an_organization_shows_its_services_and_places(client, kitchen):
    said = text(page(client, kitchen.organization, "organization"))

    assert "送餐上门" in said
    assert "电话问安" in said


def test_an_organization_hides_what_its_reader_may_not_see(client, kitchen):
    catalogue.service(kitchen.organization, name="内部服务", audience="staff")
    catalogue.service(kitchen.organization, name="草稿服务", state="draft")

    said = text(page(client, kitchen.organization, "organization"))

    assert "内部服务" not in said
    assert "草稿服务" not in said


def test_a_location_shows_what_is_given_there(client, kitchen):
    site = kitchen.places.get()
    other = catalogue.place(catalogue.service(name="助浴"), site.location)

    said = text(page(client, site.location, "location"))

    assert "助浴" in said
    assert "送餐上门" in said
    assert "文三路 1 号" in said
    listing.close(other, by=accounts.member("coordinator"), note="停办")
    assert "助浴" not in text(page(client, site.location, "location"))


def test_a_candidate_organization_is_not_found(client):
    owner = catalogue.organization(state="candidate")

    assert page(client, owner, "organization").status_code == 404


def test_an_expired_word_on_free_places_is_shown_as_unknown(client):
    service = catalogue.service()
    catalogue.capacity(service, availability="open", expires_at=now() - timedelta(days=1))

    assert "Capacity unknown" in text(page(client, service, accept_language="en"))
