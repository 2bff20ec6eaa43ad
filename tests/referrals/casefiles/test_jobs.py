"""Unattended: consents end and are announced, emergencies close, deadlines and ages count (C7)."""

import uuid
from datetime import date, timedelta

import pytest

from accounts.models import Message
from accounts.permissions import Role
from core.jobs import now, shifted, today
from referrals.casefiles import jobs, operations
from referrals.casefiles.models import BreakGlass, Client, Consent
from tests.factories import casefiles as make

pytestmark = pytest.mark.django_db


def notices(template):
    return Message.objects.filter(template=template, channel="page")


def test_c7_a_consent_is_ended_on_its_day_once():
    client = make.adult()
    consent = make.consent(client, make.service(), expires_at=now() + timedelta(days=2))
    grant = make.grant(client, consent, uuid.uuid4())
    jobs.end_consents()
    assert Consent._base_manager.get().status == "active"

    with shifted(timedelta(days=3)):
        assert jobs.end_consents() == 1
        assert jobs.end_consents() == 0

    grant.refresh_from_db()
    assert Consent._base_manager.get().status == "expired"
    assert grant.revoked_at is not None
    assert notices("casefiles.consent_ended").count() == 1


def test_c7_warnings_come_in_their_order_and_once_each():
    client = make.adult()
    make.consent(client, make.service(), expires_at=now() + timedelta(days=40))

    for day in (5, 11, 12, 34, 35):
        with shifted(timedelta(days=day)):
            jobs.warn_of_ending_consents()

    told = notices("casefiles.consent_ends")
    assert told.count() == 2
    assert not any(client.called in str(message.body) for message in told)
    assert Consent._base_manager.get().warned_days == 7


def test_c9_an_emergency_closes_by_the_clock_and_its_judgment_is_asked_for_once():
    client = make.adult()
    make.colleague(client, Role.SUPERVISOR)
    person = make.colleague(client)
    operations.privacy.break_glass(client, by=person, reason="self_harm", narrative="x")

    with shifted(timedelta(hours=5)):
        assert jobs.end_emergencies() == 1
    with shifted(timedelta(days=30)):
        assert jobs.remind_of_reviews() == 1
        assert jobs.remind_of_reviews() == 0

    assert BreakGlass._base_manager.get().ended_at is not None
    assert notices("casefiles.break_glass_review").count() == 1


def test_a_deadline_that_comes_near_is_graded_by_itself():
    client = make.adult()
    need = make.need(client, urgency="u4", deadline=today() + timedelta(days=10))

    jobs.count_deadlines()
    with shifted(timedelta(days=4)):
        jobs.count_deadlines()

    need.refresh_from_db()
    assert need.score == 3


def test_ages_are_put_right_and_the_others_left_alone():
    birthday = date(today().year - 17, 1, 1)
    young = make.adult(birth_date=birthday, populations=[])
    old = make.adult(young.worker)
    stamp = Client._base_manager.get(pk=old.pk).updated_at

    with shifted(timedelta(days=370)):
        assert jobs.renew_age_bands() == 1

    assert Client._base_manager.get(pk=young.pk).age_band == "18-34"
    assert Client._base_manager.get(pk=old.pk).updated_at == stamp
