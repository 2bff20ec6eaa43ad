"""Pages and lists ask the database as often for many rows as for few."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.jobs import now
from tests.factories import accounts, handoffs

pytestmark = pytest.mark.once


def asked(browser, path):
    """Return how many statements a page takes, once what is asked once a minute is known."""
    browser.get(path)
    with CaptureQueriesContext(connection) as statements:
        page = browser.get(path)
    assert page.status_code == 200
    return len(statements)


def send_more(world, number):
    """Refer further people, each of whom has a key of their own."""
    at, casefiles = world.at, handoffs.casefiles
    for nth in range(number):
        client = casefiles.adult(at.worker, name=f"王桂芳{nth}")
        casefiles.safe(client)
        casefiles.consent(client, at.service, handoffs.CLASSES)
        need = casefiles.need(client, handoffs.CATEGORY, urgency="u3")
        handoffs.referral(at, "sent", need=need, override_reason="已电话确认")


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("partner", "/inbox/"),
        ("worker", "/referrals/"),
        ("coordinator", "/referrals/"),
        ("worker", "/api/v1/referrals?per_page=100"),
        ("partner", "/api/v1/referrals?box=in&per_page=100"),
    ],
)
def test_a_list_asks_as_often_for_more_rows(world, who, path):
    browser = accounts.browser(getattr(world.at, who))
    few = asked(browser, path)

    send_more(world, 3)

    assert asked(browser, path) == few


@pytest.mark.parametrize("who", ["worker", "partner", "coordinator"])
def test_a_referral_asks_as_often_for_a_longer_story(world, who):
    referral = world.referral("in_service")
    browser = accounts.browser(getattr(world.at, who))
    few = asked(browser, f"/referrals/{referral.uid}/")

    for number in range(4):
        for event, role, data in (
            ("note", "SND", {"text": f"第 {number} 次"}),
            ("progress_update", "RCV", {"text": "顺利"}),
            ("record_contact_attempt", "RCV", {"method": "phone", "result": "reached"}),
            ("appointment_set", "RCV", {"at": now(), "place": "站里"}),
        ):
            handoffs.operations.log.record(
                referral,
                event=event,
                data=data,
                idempotency_key=handoffs.key(),
                **handoffs.as_role(role, referral, world.at),
            )

    assert asked(browser, f"/referrals/{referral.uid}/") == few
