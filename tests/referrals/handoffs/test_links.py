"""Doors without an account: what a link opens, to whom, how far, how often and how long."""

import re
import time
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core import signing
from django.test import Client

from accounts.models import Message
from accounts.operations import limits
from accounts.operations.limits import Budget
from accounts.queries import guest
from core.jobs import now
from referrals.casefiles.operations import consent as consents
from referrals.handoffs import jobs
from referrals.handoffs.errors import LinkRefused
from referrals.handoffs.models import AccessLink, Referral
from referrals.handoffs.operations import links
from tests.factories import handoffs
from tests.support import clock

NAME = "王桂芳"


def come(link, path="answer"):
    """Follow the address of the message in a browser that knows nothing."""
    browser = Client()
    entered = browser.get(f"/{path}/{link.token}/")
    assert entered.status_code == 303
    assert link.token not in entered.headers["Location"]
    return browser


def opened(link):
    """Come in and press the button."""
    browser = come(link)
    browser.post("/answer/", {"intent": "open", "idempotency_key": handoffs.key()})
    return browser


def enter_code(browser, code):
    return browser.post("/answer/code/", {"code": code, "idempotency_key": handoffs.key()})


def other_code(code):
    return f"{(int(code) + 1) % 1_000_000:06}"


def words(page):
    """Return what a page says, without what differs from one request to the next."""
    main = page.content.decode().split("<main", 1)[1].split("</main", 1)[0]
    return re.sub(r'value="[^"]*"', "", main)


def fresh(link):
    return AccessLink.objects.visible_to(handoffs.system()).get(pk=link.pk)


@pytest.fixture
def sent(world):
    return world.referral("sent")


@pytest.fixture
def accepted(world):
    return world.referral("accepted")


# ---- Opening ----------------------------------------------------------------------------------
def test_a_scanner_that_fetches_the_address_changes_nothing(sent):
    link, before = handoffs.link(sent), sent.events.count()

    browser = come(link)
    page = browser.get("/answer/")

    assert page.status_code == 200
    assert (page.headers["Cache-Control"], page.headers["X-Robots-Tag"]) == ("no-store", "noindex")
    assert sent.events.count() == before
    assert fresh(link).opens == 0


def test_pressing_the_button_confirms_receipt_once_and_shows_the_preview_alone(sent):
    link = handoffs.link(sent)

    page = opened(link).get("/answer/")
    again = opened(link).get("/answer/")

    assert Referral.objects.visible_to(handoffs.system()).get(pk=sent.pk).status == "acknowledged"
    assert sent.events.filter(event="acknowledge", actor_role="LNK").count() == 1
    assert fresh(link).opens == 2
    for shown in (page, again):
        assert shown.status_code == 200
        assert NAME not in shown.content.decode()


def test_identity_is_shown_after_acceptance_and_code_only(world, accepted):
    link = handoffs.link(accepted)
    browser = opened(link)
    code = links.read_out(fresh(link), by=world.at.worker)

    before = browser.get("/answer/").content.decode()
    enter_code(browser, other_code(code))
    wrong = browser.get("/answer/").content.decode()
    enter_code(browser, code)
    after = browser.get("/answer/").content.decode()

    assert NAME not in before
    assert NAME not in wrong
    assert NAME in after


def test_a_code_before_acceptance_opens_no_identity(world, sent):
    link = handoffs.link(sent)
    browser = opened(link)

    enter_code(browser, links.read_out(fresh(link), by=world.at.worker))

    assert NAME not in browser.get("/answer/").content.decode()


def test_a_code_opens_its_own_browser_only_and_works_once(world, accepted):
    link = handoffs.link(accepted)
    mine, other = opened(link), opened(link)
    code = links.read_out(fresh(link), by=world.at.worker)

    enter_code(mine, code)
    enter_code(other, code)

    assert NAME in mine.get("/answer/").content.decode()
    assert NAME not in other.get("/answer/").content.decode()


def test_a_code_is_too_old_after_ten_minutes(world, accepted):
    link = handoffs.link(accepted)
    browser = opened(link)
    code = links.read_out(fresh(link), by=world.at.worker)

    with clock.after(minutes=10, seconds=1):
        enter_code(browser, code)
        page = browser.get("/answer/")

    assert NAME not in page.content.decode()


def test_the_fifth_wrong_code_locks_the_link_and_tells_the_sender(world, accepted):
    link = handoffs.link(accepted)
    browser = opened(link)
    code = links.read_out(fresh(link), by=world.at.worker)

    for _try in range(4):
        enter_code(browser, other_code(code))
    unlocked = fresh(link).locked_at
    enter_code(browser, other_code(code))
    enter_code(browser, code)

    assert unlocked is None
    assert fresh(link).locked_at
    assert NAME not in browser.get("/answer/").content.decode()
    assert Message.objects.filter(key=f"link:{link.uid}:locked").exists()


def test_a_session_of_half_an_hour_ends(world, accepted, monkeypatch):
    link = handoffs.link(accepted)
    browser = opened(link)
    enter_code(browser, links.read_out(fresh(link), by=world.at.worker))

    now_shown = browser.get("/answer/").content.decode()
    half_an_hour_later = SimpleNamespace(time=lambda: time.time() + 31 * 60)
    monkeypatch.setattr(signing, "time", half_an_hour_later)
    later = browser.get("/answer/")

    assert NAME in now_shown
    assert later.status_code == 410
    assert NAME not in later.content.decode()


# ---- What opens nothing -----------------------------------------------------------------------
def revoke(world, link, _monkeypatch):
    links.revoke(link, by=world.at.worker)


def expire(_world, link, _monkeypatch):
    AccessLink.objects.filter(pk=link.pk).update(expires_at=now() - timedelta(seconds=1))


def replace_by_another(world, link, _monkeypatch):
    links.issue(link.referral, by=world.at.worker, kind="recipient", address="mailto:a@example.org")


def finish(world, link, _monkeypatch):
    handoffs.take(link.referral, "cancel", world.at)


@pytest.mark.parametrize("end", [revoke, expire, replace_by_another, finish])
@pytest.mark.parametrize("proved", [False, True])
def test_a_link_that_is_over_shows_no_data_at_the_next_request(
    world, accepted, monkeypatch, end, proved
):
    link = handoffs.link(accepted)
    browser = opened(link)
    if proved:
        enter_code(browser, links.read_out(fresh(link), by=world.at.worker))
        assert NAME in browser.get("/answer/").content.decode()

    end(world, link, monkeypatch)

    for page in (browser.get("/answer/"), come(link).get("/answer/")):
        text = page.content.decode()
        assert page.status_code == 410
        assert NAME not in text
        assert accepted.ref_no not in text
    refused = browser.post("/answer/", {"answer": "decline", "idempotency_key": handoffs.key()})
    assert refused.status_code == 410


def test_unknown_expired_and_revoked_addresses_look_the_same(world, sent):
    gone, old = handoffs.link(sent), handoffs.link(sent)
    revoke(world, gone, None)
    expire(world, old, None)
    stranger = Client()
    stranger.get("/answer/nobody-gave-this-out/")

    pages = [stranger.get("/answer/"), come(gone).get("/answer/"), come(old).get("/answer/")]

    assert {page.status_code for page in pages} == {410}
    assert len({words(page) for page in pages}) == 1


def test_the_fifty_first_opening_is_refused(sent):
    link = handoffs.link(sent, opens=49)

    links.count_opening(fresh(link), by=guest())
    with pytest.raises(LinkRefused):
        links.count_opening(fresh(link), by=guest())

    assert fresh(link).opens == 50


def test_a_withdrawn_consent_shows_that_and_nothing_else(world, accepted):
    link = handoffs.link(accepted)
    browser = opened(link)

    consents.withdraw(world.at.consent, by=world.at.worker, via="phone")
    page = browser.get("/answer/")

    text = page.content.decode()
    assert page.status_code == 410
    assert "撤回" in text
    assert NAME not in text
    assert accepted.ref_no not in text


def test_a_link_of_one_referral_never_answers_another(world, sent, accepted):
    browser = opened(handoffs.link(accepted))

    browser.post("/answer/steps/start/", {"idempotency_key": handoffs.key()})
    page = browser.get("/answer/").content.decode()

    assert sent.ref_no not in page
    assert Referral.objects.visible_to(handoffs.system()).get(pk=sent.pk).status == "sent"


def test_a_recipients_token_opens_no_clients_page_and_the_other_way_round(accepted):
    recipient, client = handoffs.link(accepted), handoffs.link(accepted, "client")

    assert come(recipient, "status").get("/status/").status_code == 410
    assert come(client, "answer").get("/answer/").status_code == 410


def test_posts_of_one_link_are_limited(sent, monkeypatch):
    monkeypatch.setitem(limits.BUDGETS, "link_posts", Budget(2, timedelta(hours=1)))
    browser = opened(handoffs.link(sent))

    answers = [enter_code(browser, "000000").status_code for _try in range(2)]

    assert answers == [302, 429]


def test_unknown_addresses_are_limited(world, monkeypatch):
    monkeypatch.setitem(limits.BUDGETS, "link_unknown", Budget(1, timedelta(hours=1)))

    answers = [Client().get(f"/answer/guess-{n}/").status_code for n in range(2)]

    assert answers == [303, 429]


def test_asking_for_a_new_link_tells_the_sender_once(world, sent):
    link = handoffs.link(sent)
    browser = come(link)
    expire(world, link, None)

    for _click in range(2):
        asked = browser.post("/answer/", {"intent": "ask"})

    assert asked.status_code == 410
    assert fresh(link).asked_at
    told = Message.objects.filter(key=f"link:{link.uid}:asked", channel="page")
    assert told.count() == 1


def test_old_addresses_are_forgotten(world, sent):
    link = handoffs.link(sent, address="sms:13812341234", code_address="sms:13812341234")
    live = handoffs.link(sent, address="sms:13812341235")

    with clock.after(days=13):
        jobs.sweep_links()
        early = fresh(link).address
    with clock.after(days=15):
        jobs.sweep_links()

    assert early
    assert (fresh(link).address, fresh(link).code_address) == ("", "")
    assert fresh(link).revoked_at
    assert fresh(live).address == ""


# ---- The client's own link --------------------------------------------------------------------
def test_a_client_reads_no_service_and_no_name_before_the_birth_date(accepted):
    link = handoffs.link(accepted, "client")
    browser = come(link, "status")

    page = browser.get("/status/").content.decode()

    assert NAME not in page
    assert "上门助浴" not in page


def test_five_wrong_birth_dates_lock_the_clients_link(accepted):
    link = handoffs.link(accepted, "client")
    born = accepted.client.born

    wrong = [
        links.prove_birth_date(fresh(link), by=guest(), born=born + timedelta(days=n + 1))
        for n in range(5)
    ]
    right = links.prove_birth_date(fresh(link), by=guest(), born=born)

    assert (wrong, right) == ([False] * 5, False)
    assert fresh(link).locked_at
