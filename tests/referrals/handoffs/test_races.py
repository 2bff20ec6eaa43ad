"""Of those who act at the same moment one wins, and nobody sees a half-done referral."""

import pytest

from accounts.models import StuckRow
from tests.factories import handoffs
from tests.referrals.handoffs import races

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("committed_db")]

ROUNDS, FEW = 20, 8


def test_of_two_who_accept_at_once_exactly_one_wins():
    at = handoffs.scene()

    assert [races.accept_and_accept(at) for _ in range(ROUNDS)] == [1] * ROUNDS


def test_without_the_compare_and_set_both_win(settings):
    settings.SAFEGUARDS_OFF = frozenset({"cas"})
    at = handoffs.scene()

    won = [races.accept_and_accept(at) for _ in range(FEW)]

    assert won.count(2) >= FEW / 2


def test_a_recipient_who_accepts_and_a_sender_who_cancels_do_not_both_win():
    at = handoffs.scene()

    stories = [races.accept_and_cancel(at) for _ in range(FEW)]

    assert all(story in (["send", "cancel"], ["send", "accept"]) for story in stories)


def test_a_withdrawal_ends_the_referral_whoever_accepts_at_the_same_moment():
    at = handoffs.scene()

    stories = [races.accept_and_withdraw(at) for _ in range(FEW)]

    assert all(
        story in (["send", "basis_lost"], ["send", "accept", "basis_lost"]) for story in stories
    )


def test_an_acceptance_in_the_last_minute_and_the_end_by_silence_exclude_each_other():
    at = handoffs.scene()

    stories = [races.accept_and_expire(at) for _ in range(FEW)]

    assert all(story in (["send", "accept"], ["send", "expire"]) for story in stories)
    assert not StuckRow.objects.exists()


def test_thirty_two_posts_with_one_key_make_one_referral():
    at = handoffs.scene()

    answers, made = races.same_key(at, senders=32)

    assert made == 1
    assert set(answers) <= {201, 409}
    assert 201 in answers
