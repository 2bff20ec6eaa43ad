"""The scheduler is killed in the middle of a batch: nothing is lost, nothing happens twice."""

import signal

import pytest

from tests.referrals.handoffs import crashes

pytestmark = pytest.mark.usefixtures("committed_db")

ROWS = 5
# Where each life ends: odd when a row was taken, even when it was dealt with but not committed.
LIVES = (1, 2, 4, 3, 6)


def live_and_die(job):
    """Kill five schedulers one after the other; the sixth finds what is left."""
    endings = [crashes.life(job, lasts=lasts) for lasts in LIVES]

    assert endings == [-signal.SIGKILL] * len(LIVES)
    assert crashes.life(job) == 0


def test_kills_neither_lose_nor_double_a_rung_of_a_clock():
    sent = crashes.silent_referrals(ROWS)

    live_and_die(crashes.LADDERS)

    stories = crashes.stories(sent)
    assert stories == [stories[0]] * ROWS
    assert stories[0].pop("messages") > 0
    assert stories[0]["expire"] == 1
    assert set(stories[0].values()) == {1}


def test_kills_neither_lose_nor_double_a_question_to_a_provider():
    listings = crashes.unconfirmed_listings(ROWS)

    live_and_die(crashes.CHECKS)

    assert crashes.checks(listings) == [1] * ROWS
