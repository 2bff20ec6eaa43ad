from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.permissions import Role
from accounts.queries import guest
from core.errors import NotPermitted
from core.jobs import now
from referrals.reports import queries
from referrals.reports.errors import AlreadyDone, FactsMissing, InvalidFacts
from referrals.reports.models import Evaluation
from referrals.reports.operations import evaluations
from referrals.reports.states import Channel
from tests.factories import accounts, handoffs, reports
from tests.factories.handoffs import Scene

pytestmark = pytest.mark.django_db
NO_HELP: dict[str, Any] = {"delivered": False, "difficulty": "unhelpful"}


@pytest.fixture
def at() -> Scene:
    return handoffs.scene()


def by_link(at: Scene, made: Any, **answers: Any) -> Evaluation:
    facts = {"link": handoffs.link(made, "client"), **reports.GOOD} | answers
    return evaluations.record(at.need, by=guest(), channel=Channel.LINK, referral=made, **facts)


def test_an_answer_about_help_is_kept_whole(at: Scene) -> None:
    made = reports.evaluation(at, staff=5, wait_band="days_3", text="很周到")

    made.refresh_from_db()
    assert (made.quality, made.wait, made.staff, made.satisfaction) == (4, 3, 5, "s4")
    assert (made.wait_band, made.text) == ("days_3", "很周到")


@pytest.mark.parametrize("missing", ["satisfaction", "quality", "wait"])
def test_help_that_was_given_is_graded_whole_or_not_at_all(at: Scene, missing: str) -> None:
    with pytest.raises(FactsMissing) as refused:
        reports.evaluation(at, **{missing: None})

    assert [error["field"] for error in refused.value.errors] == [missing]


def test_help_that_was_not_given_asks_for_a_reason_only(at: Scene) -> None:
    with pytest.raises(FactsMissing) as refused:
        evaluations.record(at.need, by=at.worker, delivered=False)

    assert [error["field"] for error in refused.value.errors] == ["difficulty"]
    assert evaluations.record(at.need, by=at.worker, **NO_HELP).difficulty == "unhelpful"


def test_another_reason_is_told_in_words(at: Scene) -> None:
    with pytest.raises(FactsMissing) as refused:
        evaluations.record(at.need, by=at.worker, delivered=False, difficulty="other")

    assert [error["field"] for error in refused.value.errors] == ["text"]


def test_waiting_times_count_from_help_that_was_given_only(at: Scene) -> None:
    made = evaluations.record(
        at.need, by=at.worker, **NO_HELP, wait=1, quality=1, staff=1, wait_band="longer"
    )

    assert (made.wait, made.quality, made.staff, made.wait_band) == (None, None, None, "")


def test_help_that_was_given_has_no_reason_why_not(at: Scene) -> None:
    assert reports.evaluation(at, difficulty="unhelpful").difficulty == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("quality", 0), ("wait", 6), ("staff", 9), ("satisfaction", "s9"), ("resolution", "x"),
        ("party", "nobody"), ("channel", "pigeon"), ("wait_band", "never"), ("difficulty", "x"),
    ],
)  # fmt: skip
def test_only_known_words_and_five_levels_are_kept(at: Scene, name: str, value: Any) -> None:
    with pytest.raises(InvalidFacts) as refused:
        reports.evaluation(at, **{name: value})

    assert refused.value.errors[0]["field"] == name


def test_the_table_itself_refuses_half_an_answer(at: Scene) -> None:
    facts = {"need": at.need, "party": "client", "channel": "phone", "author": at.worker}
    for half in ({"delivered": True}, {"delivered": False}, {"delivered": False, "wait": 3}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Evaluation.objects.create(**facts | half)


# ---- By link -----------------------------------------------------------------------------------
def test_the_holder_of_the_clients_link_answers_once(at: Scene) -> None:
    made = handoffs.referral(at, "in_service")

    first = by_link(at, made)

    with pytest.raises(AlreadyDone):
        by_link(at, made, satisfaction="s1")
    assert first.author == guest()
    assert queries.outcomes.has_answered(made)


def test_a_link_speaks_about_its_own_referral_alone(at: Scene) -> None:
    made = handoffs.referral(at, "in_service")
    other = handoffs.referral(handoffs.scene(), "in_service")
    ended = handoffs.link(made, "client", expires_at=now())

    for link in (None, handoffs.link(made, "recipient"), handoffs.link(other, "client"), ended):
        with pytest.raises(NotPermitted):
            by_link(at, made, link=link)


def test_staff_answer_for_their_own_clients_only(at: Scene) -> None:
    colleague = accounts.member(Role.WORKER, at.station)

    for stranger in (colleague, at.partner, at.coordinator):
        with pytest.raises(NotPermitted):
            reports.evaluation(at, by=stranger)


# ---- Who reads it ------------------------------------------------------------------------------
def test_a_provider_reads_answers_about_its_own_services(at: Scene) -> None:
    made = handoffs.referral(at, "in_service")
    about_us = by_link(at, made)
    elsewhere = reports.evaluation(replace(at, need=at.need))

    seen = queries.outcomes.evaluations(at.partner)

    assert about_us in seen
    assert elsewhere not in seen


def test_an_anonymous_answer_hides_the_person_from_the_provider_not_from_the_team(
    at: Scene,
) -> None:
    made = handoffs.referral(at, "in_service")
    answer = by_link(at, made, anonymous=True)

    assert not queries.outcomes.knows_the_person(answer, at.partner)
    assert queries.outcomes.knows_the_person(answer, at.worker)
