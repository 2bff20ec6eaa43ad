"""Cases: stages with what they ask for, closing with blockers, opening again, handing over."""

from datetime import timedelta

import pytest
from django.dispatch import receiver

from accounts.permissions import Role
from core.errors import Conflict, NotPermitted
from core.jobs import now, today
from referrals.casefiles import operations
from referrals.casefiles.errors import (
    AlreadyDecided,
    CaseBlocked,
    FactsMissing,
    IllegalTransition,
    InvalidFacts,
    StageNotReady,
)
from referrals.casefiles.models import CaseEvent
from referrals.casefiles.signals import case_closing
from tests.factories import accounts
from tests.factories import casefiles as make

pytestmark = pytest.mark.django_db


def move(case, to, **facts):
    return operations.case.move(
        case, by=case.responsible, to=to, expected_version=case.version, **facts
    )


def close(case, **facts):
    return operations.case.close(
        case,
        by=case.responsible,
        expected_version=case.version,
        **{"reason": "goal_achieved"} | facts,
    )


def ready(client):
    """Do what intake asks for."""
    make.safe(client)
    case = make.case(client)
    operations.consent.refuse(client, by=client.worker, text=make.notice(), said=make.ORAL)
    limits = list(make.Code.objects.of("confidentiality_exception").values_list("code", flat=True))
    operations.case.explain_secrecy(case, by=client.worker, codes=limits)
    return make.case(client)


def test_intake_names_everything_it_still_asks_for():
    case = make.case(make.adult())

    with pytest.raises(StageNotReady) as refused:
        move(case, "assessment")

    codes = [error["code"] for error in refused.value.errors]
    assert codes == ["contact_safety", "secrecy_limits", "consent_asked"]


def test_a_refused_consent_never_blocks_intake():
    case = ready(make.adult())

    assert move(case, "assessment").stage == "assessment"


def test_assessment_asks_for_a_need():
    client = make.adult()
    case = ready(client)
    move(case, "assessment")
    with pytest.raises(StageNotReady):
        move(case, "planning")

    make.need(client)

    assert move(case, "planning").stage == "planning"


def test_a_stage_is_not_skipped_and_goes_back_with_a_reason_only():
    client = make.adult()
    case = ready(client)
    with pytest.raises(IllegalTransition):
        move(case, "planning")
    move(case, "assessment")

    with pytest.raises(FactsMissing):
        move(case, "intake")
    move(case, "intake", reason="补登监护人")

    kinds = CaseEvent.objects.visible_to(client.worker).values_list("kind", "to_stage")
    assert list(kinds) == [("opened", "intake"), ("stage", "assessment"), ("stage", "intake")]


def test_of_two_who_move_a_case_the_second_is_told():
    case = ready(make.adult())
    other = make.case(case.client)
    move(case, "assessment")

    with pytest.raises(Conflict):
        move(other, "assessment")


def test_a_case_with_an_open_need_does_not_close_silently():
    client = make.adult()
    need = make.need(client)
    case = make.case(client)
    with pytest.raises(CaseBlocked) as refused:
        close(case)
    assert [error["code"] for error in refused.value.errors] == ["need_open"]

    operations.need.settle(
        need,
        by=client.worker,
        status="unmet",
        reason="NO_CAPACITY",
        review_on=today() + timedelta(days=30),
    )

    assert close(case).state == "closed"


def test_upper_applications_can_keep_a_case_open():
    case = make.case(make.adult())

    @receiver(case_closing, weak=False)
    def block(sender, case, blockers, **_kwargs):
        blockers.append("referral_open")

    try:
        with pytest.raises(CaseBlocked) as refused:
            close(case)
    finally:
        case_closing.disconnect(block)

    assert [error["code"] for error in refused.value.errors] == ["referral_open"]
    assert close(case).closed_on == today()


def test_closing_the_last_case_shortens_consents_to_ninety_days():
    client = make.adult()
    consent = make.consent(client, make.service())

    close(make.case(client))

    consent.refresh_from_db()
    assert consent.expires_at <= now() + timedelta(days=90)


def test_a_reason_outside_the_list_does_not_close():
    with pytest.raises(InvalidFacts):
        close(make.case(make.adult()), reason="annoying")


def test_a_closed_case_opens_again_under_its_number():
    case = make.case(make.adult())
    close(case)
    with pytest.raises(FactsMissing):
        operations.case.reopen(case, by=case.responsible, reason=" ", expected_version=case.version)

    operations.case.reopen(
        case, by=case.responsible, reason="再次求助", expected_version=case.version
    )

    assert (case.state, case.stage, case.close_reason) == ("open", "assessment", "")
    with pytest.raises(IllegalTransition):
        operations.case.reopen(case, by=case.responsible, reason="x", expected_version=case.version)


def test_the_owner_changes_on_acceptance_only():
    client = make.adult()
    case, heir = make.case(client), make.colleague(client)
    with pytest.raises(FactsMissing):
        operations.case.offer(case, by=client.worker, to_user=heir, reason="")

    offer = operations.case.offer(case, by=client.worker, to_user=heir, reason="休产假")
    assert make.case(client).responsible == client.worker
    with pytest.raises(NotPermitted):
        operations.case.answer(offer, by=client.worker, state="accepted")
    operations.case.answer(offer, by=heir, state="accepted")

    assert make.case(client).responsible == heir
    with pytest.raises(AlreadyDecided):
        operations.case.answer(offer, by=heir, state="declined")


def test_a_declined_or_withdrawn_offer_changes_nothing():
    client = make.adult()
    case, heir = make.case(client), make.colleague(client)

    for by, state in ((heir, "declined"), (client.worker, "withdrawn")):
        offer = operations.case.offer(case, by=client.worker, to_user=heir, reason="x")
        operations.case.answer(offer, by=by, state=state)

    assert make.case(client).responsible == client.worker


def test_a_case_goes_to_somebody_who_works_with_files_here():
    client = make.adult()
    partner = make.colleague(client, Role.PARTNER_INTAKE)

    for person in (partner, make.worker()):
        with pytest.raises(InvalidFacts):
            operations.case.offer(make.case(client), by=client.worker, to_user=person, reason="x")


@pytest.mark.parametrize(
    ("pattern", "right"),
    [
        ("{board}-{kind}{seq:03}-{date}-{site}-{worker}", True),
        ("{seq}", True),
        ("{year}", False),
        ("{seq}{password}", False),
        ("{seq.__class__}", False),
        ("{seq", False),
        ("{0}{seq}", False),
    ],
)
def test_a_number_pattern_holds_a_running_number_and_known_parts(pattern, right):
    supervisor = accounts.member(Role.SUPERVISOR)
    station = supervisor.memberships.get().organization

    if right:
        operations.case.set_rules(station, by=supervisor, case_no_pattern=pattern, board="澜江")
    else:
        with pytest.raises(InvalidFacts):
            operations.case.set_rules(station, by=supervisor, case_no_pattern=pattern)


def test_numbers_follow_the_pattern_of_the_organization():
    by = make.worker()
    supervisor = accounts.member(Role.SUPERVISOR, by.station)
    operations.case.set_rules(
        by.station, by=supervisor, board="澜江", file_no_pattern="{board}-{year}-{seq:04}"
    )

    assert make.client(by).file_no == f"澜江-{today().year}-0001"
