import itertools

import pytest

from referrals.handoffs import states
from referrals.handoffs.errors import IllegalTransition
from referrals.handoffs.states import Actor, Bucket, Entry, Event, Status
from tests.referrals.handoffs import oracle

PAIRS = list(itertools.product(oracle.STATUSES, oracle.EVENTS))


def test_the_table_has_16_statuses_27_rows_26_events_and_60_legal_pairs():
    pairs = [(source, row.event) for row in states.TABLE for source in row.sources]

    assert list(Status) == oracle.STATUSES
    assert len(states.TABLE) == 27
    assert len({row.event for row in states.TABLE}) == 26 == len(Event)
    assert len(pairs) == 60
    assert len(set(pairs)) == 60  # one target per pair
    assert len(PAIRS) - len(pairs) == 356


def test_the_table_equals_the_copy_written_by_hand():
    ours = [
        (row.id, str(row.event), {*map(str, row.sources)}, str(row.target), {*map(str, row.actors)})
        for row in states.TABLE
    ]

    assert ours == oracle.TABLE


@pytest.mark.parametrize(("status", "event"), PAIRS)
def test_every_pair_moves_to_its_one_target_or_is_refused(status, event):
    if (status, event) in oracle.TARGETS:
        assert states.transition(event, status).target == oracle.TARGETS[status, event]
    else:
        with pytest.raises(IllegalTransition):
            states.transition(event, status)


def reached(start, rows):
    """Return every status that these rows lead to."""
    seen, grown = {start}, True
    while grown:
        more = {row.target for row in rows if row.sources & seen}
        grown = not more <= seen
        seen |= more
    return seen


def test_every_status_can_be_reached_from_draft():
    assert reached(Status.DRAFT, states.TABLE) == set(Status)


@pytest.mark.parametrize("status", sorted(states.OPEN))
def test_a_silent_recipient_cannot_keep_a_referral_open(status):
    without = [row for row in states.TABLE if set(row.actors) - set(states.ANSWERERS)]

    assert reached(status, without) & states.DONE


def test_open_and_done_part_the_statuses():
    assert {*map(str, states.DONE)} == set(oracle.DONE)
    assert set(Status) == states.OPEN | states.DONE
    assert not states.OPEN & states.DONE


@pytest.mark.parametrize("status", list(Status))
def test_open_statuses_have_a_turn_and_a_running_clock_and_ended_ones_no_clock(status):
    running = states.CLOCKS[status] - states.PAUSED.get(status, frozenset())

    if status in states.OPEN:
        assert states.TURNS[status]
        assert running
    else:
        assert not states.CLOCKS[status]


@pytest.mark.parametrize("recipient", [False, True])
def test_every_status_is_in_one_bucket_of_either_side(recipient):
    buckets = [states.statuses(word, recipient=recipient) for word in Bucket]

    assert sorted(itertools.chain.from_iterable(buckets)) == sorted(Status)


def test_what_waits_for_the_other_side_is_theirs_to_act_on():
    for status in states.UNANSWERED:
        assert states.bucket(status) == Bucket.WAITING
        assert states.bucket(status, recipient=True) == Bucket.YOURS
    assert states.bucket(Status.INFO_REQUESTED) == Bucket.YOURS
    assert states.bucket(Status.INFO_REQUESTED, recipient=True) == Bucket.WAITING


def test_every_entry_of_the_log_has_a_line_and_no_name_of_an_event():
    assert {line.event for line in states.LOG} == set(Entry)
    assert not set(Entry.values) & set(Event.values)


def test_an_entry_is_refused_where_it_makes_no_sense():
    with pytest.raises(IllegalTransition):
        states.line("remind", Status.DRAFT)
    with pytest.raises(IllegalTransition):
        states.line("send", Status.DRAFT)
    assert states.line("remind", Status.SENT).actors == (Actor.SND, Actor.SUP, Actor.CRD)
