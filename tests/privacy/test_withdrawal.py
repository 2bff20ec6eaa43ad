"""Consent withdrawn: the partner's view closes in the same transaction, at both doors."""

import pytest
from django.db import transaction
from django.test import Client as Browser

from accounts.queries import system
from referrals.casefiles import operations as casefile_operations
from referrals.casefiles.models import DisclosureEvent
from referrals.handoffs import operations
from tests.factories import accounts, handoffs

pytestmark = pytest.mark.django_db
NAME = "王桂芳"


@pytest.fixture(name="opened")
def _opened():
    """Give a referral whose whole packet a partner reads, signed in and by link."""
    at = handoffs.scene()
    sent = handoffs.referral(at, "sent")
    path = operations.links.issue(
        sent, by=at.worker, kind="recipient", address="mailto:desk@example.org"
    )
    handoffs.take(sent, "accept", at)
    partner, guest = accounts.browser(at.partner), Browser()
    guest.get(path)
    code = operations.links.read_out(sent.links.get(revoked_at=None), by=at.worker)
    guest.post("/answer/code/", {"code": code})
    return at, sent, partner, guest


def _pages(sent):
    return (f"/referrals/{sent.uid}/", f"/api/v1/referrals/{sent.uid}/packet")


def _told(browser, *urls):
    return [url for url in urls if NAME in browser.get(url).content.decode()]


def _readings():
    return DisclosureEvent.objects.visible_to(system()).count()


def _withdraw(at):
    at.consent.refresh_from_db()
    casefile_operations.consent.withdraw(at.consent, by=at.worker, via="phone")


def test_before_the_withdrawal_both_doors_show_the_client(opened):
    _at, sent, partner, guest = opened

    assert _told(partner, *_pages(sent)) == [*_pages(sent)]
    assert _told(guest, "/answer/") == ["/answer/"]


def test_after_it_neither_door_shows_the_client(opened):
    at, sent, partner, guest = opened
    _withdraw(at)

    assert _told(partner, *_pages(sent), f"/referrals/{sent.uid}/packet/", "/inbox/") == []
    assert _told(guest, "/answer/") == []
    assert guest.get("/answer/").status_code == 410


def test_what_closes_closes_in_the_transaction_of_the_withdrawal(opened):
    at, sent, partner, guest = opened
    with transaction.atomic():
        _withdraw(at)
        transaction.set_rollback(True)

    assert _told(partner, *_pages(sent)) == [*_pages(sent)]
    assert _told(guest, "/answer/") == ["/answer/"]


def test_a_refused_reading_is_no_row_in_the_register(opened):
    at, sent, partner, guest = opened
    _withdraw(at)
    before = _readings()

    partner.get(f"/referrals/{sent.uid}/packet/")
    guest.get("/answer/")

    assert _readings() == before
