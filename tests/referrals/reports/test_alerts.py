from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from accounts.models import Message
from accounts.permissions import Role
from accounts.queries import system
from core.errors import NotPermitted
from core.jobs import now, today
from directory.catalogue.models import ServiceCapacity
from directory.catalogue.operations import listing, place
from directory.catalogue.signals import listing_changed
from referrals.casefiles import operations as casefiles
from referrals.casefiles.models import Need
from referrals.reports import jobs
from referrals.reports.models import UnmetAlert
from referrals.reports.operations import alerts
from referrals.reports.states import Cause
from tests.factories import accounts, catalogue, handoffs, reports
from tests.factories.handoffs import Scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Scene:
    """A station with one need that nobody could meet."""
    scene = handoffs.scene()
    reports.unmet(scene)
    return scene


def fitting(kind: str = "EL02", **values: Any) -> Any:
    """Make a service of the need's kind."""
    made = catalogue.complete(name="新的助浴点", **values)
    catalogue.tag(made, kind)
    return made


def announce(service: Any, event: str = "list") -> None:
    listing_changed.send(
        type(service), table="service", ids=[service.pk], event=event, fields=frozenset(),
        by=system(),
    )  # fmt: skip


# ---- What matches ------------------------------------------------------------------------------
def test_a_new_listing_of_the_kind_is_a_chance(at: Scene) -> None:
    service = fitting()

    announce(service)

    alert = at.need.alerts.get()
    assert (alert.service, alert.cause, alert.is_broad) == (service, Cause.NEW, False)


def test_a_provider_that_comes_back_from_a_break_is_a_chance(at: Scene) -> None:
    """Through the door that providers use, in the transaction of the act."""
    service = fitting()
    listing.pause(service, by=at.coordinator, back_on=today() + timedelta(days=1))

    with transaction.atomic():
        listing.resume(service, by=at.coordinator)
        found = at.need.alerts.get()
        transaction.set_rollback(True)

    assert found.cause == Cause.REOPENED
    assert not at.need.alerts.exists()


@pytest.mark.parametrize(
    ("event", "cause"),
    [("list", Cause.NEW), ("admit", Cause.NEW), ("resume", Cause.REOPENED),
     ("reopen", Cause.REOPENED), ("unmerge", Cause.REOPENED)],
)  # fmt: skip
def test_each_way_of_opening_has_its_word(at: Scene, event: str, cause: str) -> None:
    announce(fitting(), event)

    assert at.need.alerts.get().cause == cause


@pytest.mark.parametrize("event", ["change", "freshness", "locate", "suspend", "close", "submit"])
def test_what_opens_nothing_is_no_chance(at: Scene, event: str) -> None:
    announce(fitting(), event)

    assert not at.need.alerts.exists()


def test_a_wider_kind_is_a_chance_that_says_so(at: Scene) -> None:
    announce(fitting("EL"))

    assert at.need.alerts.get().is_broad


def test_another_kind_is_no_chance(at: Scene) -> None:
    announce(catalogue.complete())

    assert not at.need.alerts.exists()


def test_a_service_for_another_district_is_no_chance(at: Scene) -> None:
    Need.objects.filter(pk=at.need.pk).update(area=catalogue.area("330106"))
    service = catalogue.service(description="助浴")
    catalogue.tag(service, "EL02")
    served = service.service_areas.create(name="上城区")
    served.served.create(area=catalogue.area("330102"))

    announce(service)

    assert not at.need.alerts.exists()


def test_a_service_whose_conditions_fail_is_no_chance(at: Scene) -> None:
    announce(fitting(maximum_age=18))

    assert not at.need.alerts.exists()


def test_a_service_that_takes_nobody_is_no_chance(at: Scene) -> None:
    announce(fitting(referral_mode="none"))
    announce(fitting(state="suspended", state_reason="operator"))

    assert not at.need.alerts.exists()


def test_a_need_whose_client_waits_counts_like_an_unmet_one() -> None:
    scene = handoffs.scene()
    look = reports.follow_up(scene)
    reports.operations.follow_ups.settle(
        look, by=scene.worker, result="wait", expected_version=look.version,
        wait_until=today() + timedelta(days=9),
    )  # fmt: skip

    announce(fitting())

    assert scene.need.alerts.exists()


@pytest.mark.parametrize("status", ["open", "resolved", "no_longer_needed"])
def test_a_need_that_nobody_waits_with_gets_no_chance(status: str) -> None:
    scene = handoffs.scene()
    if status != "open":
        casefiles.need.settle(scene.need, by=scene.worker, status=status)

    announce(fitting())

    assert not scene.need.alerts.exists()


# ---- Room --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("words", "is_chance"),
    [
        (["full", "open"], True),
        (["waitlist", "limited"], True),
        (["paused", "unknown", "open"], True),
        (["open"], False),
        (["open", "limited"], False),
        (["full", "open", "open"], True),
        (["full", "waitlist"], False),
    ],
)
def test_room_is_news_only_after_there_was_none(
    at: Scene, words: list[str], is_chance: bool
) -> None:
    service = fitting()

    for word in words:
        place.set_availability(service, by=system(), state=word)

    assert at.need.alerts.exists() == is_chance
    assert ServiceCapacity.objects.filter(service=service).count() == 1


def test_an_import_is_news_only_for_what_it_opens(at: Scene) -> None:
    opened, known = fitting(), fitting()
    for service, states in ((opened, ["suspended", "active"]), (known, ["active", "active"])):
        for state in states:
            type(service).history.create(  # type: ignore[attr-defined]  # of simple-history
                history_date=now(), history_type="~",
                **{f.attname: getattr(service, f.attname)
                   for f in type(service).history.model.tracked_fields} | {"state": state},
            )  # fmt: skip
        announce(service, "import")

    assert [alert.service for alert in at.need.alerts.all()] == [opened]


# ---- Telling -----------------------------------------------------------------------------------
def test_a_wave_of_listings_makes_one_message_per_worker(at: Scene) -> None:
    for _n in range(5):
        announce(fitting())

    for _round in range(2):
        jobs.tell_of_chances()

    told = Message.objects.filter(template="reports.chance", channel="page")
    assert [message.recipient for message in told] == [at.worker]
    assert "5" in told.get().body["subject"]


def test_the_message_names_nobody(at: Scene) -> None:
    announce(fitting())

    jobs.tell_of_chances()

    body = Message.objects.get(template="reports.chance", channel="mail").body
    assert at.client.name not in str(body)
    assert str(at.client.uid) not in str(body)


def test_one_chance_is_enough_until_somebody_has_looked(at: Scene) -> None:
    service = fitting()

    announce(service)
    announce(service, "resume")
    alerts.mark_seen(at.need.alerts.get(), by=at.worker)
    announce(service, "resume")

    assert at.need.alerts.count() == 2
    assert at.need.alerts.unseen().count() == 1


def test_the_next_attempt_takes_the_chances_off_the_list(at: Scene) -> None:
    announce(fitting())
    at.need.refresh_from_db()

    handoffs.draft(at)

    assert not at.need.alerts.unseen().exists()


def test_only_the_team_takes_a_chance_off_the_list(at: Scene) -> None:
    alert = reports.alert(at.need, at.service)
    colleague = accounts.member(Role.WORKER, at.station)

    with pytest.raises(NotPermitted):
        alerts.mark_seen(alert, by=colleague)

    assert list(UnmetAlert.objects.visible_to(colleague)) == []
