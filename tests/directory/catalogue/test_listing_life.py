from datetime import timedelta

import pytest

from core.errors import Conflict, NotPermitted
from core.jobs import today
from directory.catalogue import queries
from directory.catalogue.errors import IncompleteListing, InvalidListing, Restricted
from directory.catalogue.models import ListingChange, ListingRestriction, Redirect, Service
from directory.catalogue.operations import listing, organization, restrictions
from directory.catalogue.signals import listing_changed
from tests.factories import accounts, catalogue

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator():
    return accounts.member("coordinator")


@pytest.fixture
def heard():
    """What listing_changed said, in order."""
    news = []

    def listen(sender, **facts):
        news.append((facts["table"], set(facts["ids"]), facts["event"], set(facts["fields"])))

    listing_changed.connect(listen)
    yield news
    listing_changed.disconnect(listen)


def test_a_partner_submits_a_draft_with_its_children():
    owner = catalogue.organization()
    editor = accounts.member("partner_editor", owner)
    values = {
        "name": "送餐上门",
        "phones": [{"number": "0571-88880000转8012"}],
        "attributes": [{"link_type": "service_type", "term": "EL04"}],
        "service_areas": [{"areas": ["330106", "330108"]}],
        "translations": {"en": {"name": "Meals on wheels"}},
    }
    places = [{"location": {"name": "食堂", "addresses": [{"address_1": "榆钱巷 14 号"}]}}]

    made = listing.submit(owner, by=editor, values=values, places=places)

    assert (made.state, made.text("name", "en")[0]) == ("draft", "Meals on wheels")
    phone = made.phones.get()
    assert (phone.number, phone.extension, phone.e164) == (
        "0571-88880000",
        "8012",
        "+8657188880000",
    )
    assert made.attributes.get().term.code == "EL04"
    assert {area.code for area in made.service_areas.get().areas.all()} == {"330106", "330108"}
    assert made.places.get().location.addresses.get().address_1 == "榆钱巷 14 号"
    assert "送餐上门" in made.plain_text
    assert "meals on wheels" in made.plain_text


def test_a_stranger_submits_nothing():
    with pytest.raises(NotPermitted):
        listing.submit(
            catalogue.organization(), by=accounts.member("partner_editor"), values={"name": "x"}
        )


def test_a_draft_that_says_too_little_is_not_listed(moderator):
    draft = catalogue.service(state="draft")

    with pytest.raises(IncompleteListing) as refusal:
        listing.publish(draft, by=moderator)

    assert {error["code"] for error in refusal.value.errors} == {
        "description_or_term", "service_type", "public_contact", "place_or_area",
    }  # fmt: skip


def test_a_complete_draft_is_listed_and_found_in_the_feed(moderator, heard):
    draft = catalogue.complete(state="draft")

    listing.publish(draft, by=moderator)

    assert (draft.state, draft.listed_on, draft.version) == ("active", today(), 2)
    assert ("service", {draft.pk}, "list", {"service.state", "service.listed_on"}) in heard
    assert ListingChange.objects.filter(uid=draft.uid, action="upsert").exists()


def test_a_trusted_source_needs_no_more_than_the_names(moderator):
    draft = catalogue.service(state="draft", source=catalogue.source(trust="normal"))

    listing.publish(draft, by=moderator)

    assert draft.state == "active"
    assert "service_type" in queries.gaps(draft)


def test_services_of_a_candidate_are_not_listed(moderator):
    draft = catalogue.complete(catalogue.organization(state="candidate"), state="draft")

    with pytest.raises(IncompleteListing):
        listing.publish(draft, by=moderator)


def test_a_rejection_says_why_and_can_be_revised(moderator):
    draft = catalogue.service(state="draft")

    listing.reject(draft, by=moderator, note="与社会服务无关")
    assert (draft.state, draft.state_note) == ("rejected", "与社会服务无关")

    listing.revise(draft, by=moderator)
    assert (draft.state, draft.state_note) == ("draft", "")


def test_a_rejection_without_a_word_is_refused(moderator):
    with pytest.raises(InvalidListing):
        listing.reject(catalogue.service(state="draft"), by=moderator, note=" ")


def test_the_provider_pauses_and_resumes_its_own_listing(heard):
    service = catalogue.complete()
    editor = accounts.member("partner_editor", service.organization)

    listing.pause(service, by=editor, back_on=today() + timedelta(days=9))
    assert (service.state, service.state_reason) == ("suspended", "provider_break")
    assert heard[-1][:3] == ("service", {service.pk}, "pause")

    listing.resume(service, by=editor)
    assert (service.state, service.state_reason, service.back_on) == ("active", "", None)


def test_the_provider_cannot_lift_what_the_directory_suspended(moderator):
    service = catalogue.complete()
    listing.suspend(service, by=moderator, reason="operator")

    with pytest.raises(NotPermitted):
        listing.resume(service, by=accounts.member("partner_editor", service.organization))


def test_a_day_of_return_lies_in_the_future():
    service = catalogue.complete()
    editor = accounts.member("partner_editor", service.organization)

    with pytest.raises(InvalidListing):
        listing.pause(service, by=editor, back_on=today())


def test_of_two_people_who_act_at_once_one_loses(moderator):
    service = catalogue.complete()
    stale = Service.objects.get(pk=service.pk)
    listing.suspend(service, by=moderator, reason="operator")

    with pytest.raises(Conflict):
        listing.suspend(stale, by=moderator, reason="operator")


def test_an_act_on_an_old_version_loses(moderator):
    service = catalogue.complete()

    with pytest.raises(Conflict):
        listing.close(service, by=moderator, note="停办", expected_version=service.version - 1)


def test_the_system_alone_lets_a_listing_lapse_and_a_confirmation_brings_it_back():
    service = catalogue.complete()

    listing.lapse(service, by=accounts.system(), reason="unconfirmed")
    assert service.state_reason == "unconfirmed"

    listing.resume(service, by=accounts.system())
    assert service.state == "active"


def test_closing_withdraws_nothing_from_the_feed_because_closed_is_published(moderator):
    service = catalogue.complete()

    listing.close(service, by=moderator, note="停办")

    assert (service.state, service.closed_on) == ("closed", today())
    assert ListingChange.objects.get(uid=service.uid).action == "upsert"


def test_reopening_begins_with_a_draft_which_leaves_the_feed(moderator):
    service = catalogue.complete()
    listing.close(service, by=moderator, note="停办")

    listing.reopen(service, by=moderator)

    assert (service.state, service.closed_on) == ("draft", None)
    assert ListingChange.objects.filter(uid=service.uid).order_by("-pk")[0].action == "delete"


def test_a_draft_never_shows_in_the_feed():
    owner = catalogue.organization()

    made = listing.submit(owner, by=accounts.member("partner_editor", owner), values={"name": "x"})

    assert not ListingChange.objects.filter(uid=made.uid).exists()


def test_a_place_stops_and_starts_by_the_same_rules(moderator):
    place = catalogue.place()
    before = place.service.version

    listing.suspend(place, by=moderator, reason="operator")

    assert (place.state, place.state_reason) == ("suspended", "operator")
    place.service.refresh_from_db()
    assert place.service.version == before + 1
    listing.close(place, by=moderator, note="搬走")
    assert listing.reopen(place, by=moderator).state == "active"


def test_a_merged_listing_leads_to_the_survivor_however_often(moderator):
    first, second, third = (catalogue.complete() for _ in range(3))

    listing.merge(first, second, by=moderator)
    listing.merge(second, third, by=moderator)

    assert queries.redirected("service", first.uid) == third.uid
    assert queries.redirected("service", second.uid) == third.uid
    line = ListingChange.objects.filter(uid=first.uid, action="merge").get()
    assert line.merged_into == second.uid


def test_a_listing_is_not_merged_into_one_that_is_gone(moderator):
    first, second, third = (catalogue.complete() for _ in range(3))
    listing.merge(second, third, by=moderator)

    with pytest.raises(Conflict):
        listing.merge(first, second, by=moderator)


def test_a_merge_can_be_taken_back(moderator):
    loser, survivor = catalogue.complete(), catalogue.complete()
    listing.merge(loser, survivor, by=moderator)

    listing.unmerge(loser, by=moderator, state="active")

    assert (loser.state, loser.merged_into) == ("active", None)
    assert not Redirect.objects.filter(old_uid=loser.uid).exists()


def test_an_organization_that_is_suspended_takes_its_services_along(moderator, heard):
    service = catalogue.complete()

    organization.suspend(service.organization, by=moderator, note="证照过期")

    assert not Service.objects.listed().filter(pk=service.pk).exists()
    assert ("service", {service.pk}) in [(table, ids) for table, ids, _e, _f in heard]
    assert ListingChange.objects.filter(uid=service.uid).exists() is False


def test_whoever_asked_not_to_be_listed_is_not_listed_under_a_new_record(moderator):
    body = catalogue.organization(name="银杏树")
    entry = restrictions.enter(
        by=moderator, kind="do_not_list", match_kind="name", value="银杏树",
        reason="本机构要求", requested_by="机构负责人",
    )  # fmt: skip
    draft = catalogue.complete(body, state="draft")
    restrictions.activate(entry, by=moderator)

    with pytest.raises(Restricted):
        listing.publish(draft, by=moderator)


def test_an_entry_of_the_register_takes_a_shown_listing_down(moderator):
    service = catalogue.complete()
    entry = restrictions.enter(
        by=moderator, kind="do_not_list", match_kind="uid", value=str(service.uid),
        reason="不愿列入", requested_by="机构",
    )  # fmt: skip

    restrictions.activate(entry, by=moderator)

    service.refresh_from_db()
    assert (service.state, service.state_reason) == ("suspended", "refused")


def test_numbers_in_the_register_are_recognized_but_cannot_be_read(moderator):
    entry = restrictions.enter(
        by=moderator, kind="do_not_contact", match_kind="e164", value="138 1234 5678",
        reason="勿扰", requested_by="本人", channels=["phone"],
    )  # fmt: skip
    restrictions.activate(entry, by=moderator)

    kept = ListingRestriction.objects.get()
    subject = queries.Subject(numbers=frozenset({"+8613812345678"}))
    assert "1234" not in kept.match_value
    assert queries.barred_channels(subject) == {"phone"}


@pytest.mark.parametrize(
    ("state", "reason", "role", "events"),
    [
        ("draft", "", "coordinator", ["list", "reject", "merge"]),
        ("active", "", "partner_editor", ["pause"]),
        ("active", "", "worker", ["suspend"]),
        ("suspended", "provider_break", "partner_editor", ["resume"]),
        ("suspended", "operator", "partner_editor", []),
        ("closed", "", "coordinator", ["reopen", "merge"]),
    ],
)
def test_pages_offer_the_events_a_person_may_take(state, reason, role, events):
    service = catalogue.complete(state=state, state_reason=reason)
    person = accounts.member(role, None if role == "coordinator" else service.organization)

    assert queries.allowed(service, person) == events


def test_a_link_holder_acts_through_its_link_alone():
    service = catalogue.complete()

    listing.suspend(service, by=accounts.queries.guest(), reason="reported_closed")

    assert service.state_reason == "reported_closed"
    with pytest.raises(NotPermitted):
        listing.close(service, by=accounts.queries.guest(), note="x")
