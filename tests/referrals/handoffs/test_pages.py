"""Every page answers in every status and on every side."""

import pytest

from referrals.handoffs import queries
from tests.factories import accounts, handoffs

pytestmark = [pytest.mark.django_db, pytest.mark.once]
STATUSES = list(handoffs.PATHS)


@pytest.mark.parametrize("status", STATUSES)
def test_a_referral_opens_for_sender_and_coordinator_in_every_status(world, status):
    at, referral = world.at, world.referral(status)

    for person in (at.worker, at.supervisor, at.coordinator):
        page = accounts.browser(person).get(f"/referrals/{referral.uid}/")

        assert page.status_code == 200
        assert "王桂芳" not in page.content.decode()


@pytest.mark.parametrize("status", STATUSES)
def test_a_recipient_sees_identity_only_while_the_packet_is_open(world, status):
    at, referral = world.at, world.referral(status)

    page = accounts.browser(at.partner).get(f"/referrals/{referral.uid}/")

    if referral.sent_at is None or status == "entered_in_error":
        assert page.status_code == 404
        return
    opened = status in {
        *("accepted", "waitlisted", "in_service", "on_hold", "outcome_reported", "closed")
    }
    assert page.status_code == 200
    assert ("王桂芳" in page.content.decode()) == opened


def test_the_lists_open():
    at = handoffs.scene()
    handoffs.referral(at, "sent")
    worker, partner = accounts.browser(at.worker), accounts.browser(at.partner)

    assert "上门助浴" in worker.get("/referrals/").content.decode()
    inbox = partner.get("/inbox/").content.decode()
    assert "上门助浴" in inbox
    assert "王桂芳" not in inbox


def test_the_client_tab_slip_and_packet_open():
    at = handoffs.scene()
    referral = handoffs.referral(at, "accepted")
    worker = accounts.browser(at.worker)

    assert worker.get(f"/clients/{at.client.uid}/help/").status_code == 200
    assert worker.get(f"/referrals/{referral.uid}/packet/").status_code == 200
    slip = worker.get(f"/referrals/{referral.uid}/slip/")
    assert slip.status_code == 200
    assert "王" not in slip.content.decode().split("<main", 1)[1].split("</main")[0]


@pytest.mark.parametrize("status", STATUSES)
def test_the_form_page_of_every_allowed_step_opens(world, status):
    at, referral = world.at, world.referral(status)

    for person in (at.worker, at.partner, at.coordinator):
        browser = accounts.browser(person)
        for step in queries.allowed(referral, by=person):
            page = browser.get(f"/referrals/{referral.uid}/{step.event}/")
            assert page.status_code == 200, step.event


def test_referring_shows_both_tiers_before_anything_is_stored():
    at = handoffs.scene()
    need = handoffs.another_need(at)

    page = accounts.browser(at.worker).get(
        f"/referrals/new/?need={need.uid}&service={at.service.uid}"
    )

    assert page.status_code == 200
    assert "王桂芳" in page.content.decode()
    assert not at.client.referrals.exists()


def test_a_consent_given_on_the_page_reaches_a_recipient_outside_the_directory():
    at = handoffs.scene()
    need = handoffs.another_need(at)
    browser = accounts.browser(at.worker)
    address = f"/referrals/new/?need={need.uid}"

    shown = browser.get(address)
    sent = browser.post(
        address,
        {
            "intent": "send",
            "idempotency_key": "0b9f8e2c-5d0c-4a38-9d3e-1f5a0c5d7e11",
            "to-name": "邻市康复协会",
            "to-person": "何老师",
            "to-phone": "090062180455",
            "referral_reason": "SPECIALIST",
            "classes": ["identity", "contact", "need_narrative"],
            "agreed": "on",
            "grantor_kind": "client",
            "method": "oral",
            "witness_1": "林知远",
            "witness_2": "周晓棠",
            "summary": "需要上门评估",
            "priority": need.priority,
            "channel": "phone",
            "handoff_mode": "introduced",
        },
    )

    assert shown.status_code == 200
    assert sent.status_code == 302, sent.context["form"].errors
    referral = at.client.referrals.get(needs__need=need)
    assert (referral.status, str(referral.off_platform_contact)) == ("sent", "邻市康复协会")


def test_from_a_listing_the_fitting_need_is_offered_first_and_nobody_is_named():
    at = handoffs.scene()
    other = handoffs.another_need(at, "FO01")
    browser = accounts.browser(at.worker)

    page = browser.get(f"/referrals/new/?service={at.service.uid}")

    shown = page.content.decode()
    first, last = (shown.index(f"need={need.uid}") for need in (at.need, other))
    assert first < last
    assert "王桂芳" not in shown
    listing = browser.get(f"/services/{at.service.uid}/").content.decode()
    assert f"/referrals/new/?service={at.service.uid}" in listing
