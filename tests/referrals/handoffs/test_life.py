"""Random lives of referrals: whatever people do in whatever order, P1 to P15 hold."""

from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from accounts.queries import system
from core.crypto import keys_in_use
from core.errors import DomainError, NotPermitted
from core.jobs import now, shifted
from referrals.casefiles.errors import AccessEnded
from referrals.handoffs import operations, states
from referrals.handoffs.guards import missing_classes
from referrals.handoffs.models import Referral, ReferralClock
from referrals.handoffs.states import Clock, Status
from tests.factories import handoffs
from tests.referrals.handoffs import oracle, replay

pytestmark = [pytest.mark.django_db, pytest.mark.once]

HOURS = st.sampled_from([0, 0, 1, 5, 30, 80, 400])


class Life(RuleBasedStateMachine):
    """One referral in the hands of everybody at once."""

    at: ClassVar[handoffs.Scene]

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.clock = shifted(timedelta(0))
        self.clock.__enter__()
        self.passed = timedelta(0)
        self.referral = handoffs.draft(self.at)
        self.frozen: dict[int, Any] = {}
        self.firsts: dict[str, Any] = {}
        self.looked_at: tuple[Any, ...] = ()

    def teardown(self) -> None:
        self.clock.__exit__(None, None, None)
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    @rule(hours=HOURS)
    def time_passes(self, hours: int) -> None:
        self.passed += timedelta(hours=hours)
        self.clock.__exit__(None, None, None)
        self.clock = shifted(self.passed)
        self.clock.__enter__()

    @rule(event=st.sampled_from(oracle.EVENTS), role=st.sampled_from(oracle.ACTORS))
    def anybody_tries_anything(self, event: str, role: str) -> None:
        before = (self.referral.status, self.referral.version, self.referral.last_seq)
        legal = (before[0], event) in oracle.TARGETS
        owned = legal and role in oracle.OWNERS[before[0], event]

        code = self._try(event, role)

        if code == "":
            assert owned
            assert self.referral.status == oracle.TARGETS[before[0], event]
            assert self.referral.version == before[1] + 1
            return
        # The scheduler sends nothing by itself, and a third dispute is the coordinator's.
        barred = event in {"send", "dispute"}
        expected = {"wrong_actor"} if legal and not owned else {"illegal_transition"}
        if owned:
            expected = {"guard_failed"} | ({"wrong_actor"} if barred else set())
        assert code in expected, (before, event, role)
        self.referral = self._read()
        assert (self.referral.status, self.referral.version, self.referral.last_seq) == before

    @rule(pick=st.integers(0, 999))
    def somebody_who_may_acts(self, pick: int) -> None:
        owned = [
            (event, role)
            for (status, event), roles in sorted(oracle.OWNERS.items())
            for role in sorted(roles)
            if status == self.referral.status
        ]
        if owned:
            self.anybody_tries_anything(*owned[pick % len(owned)])

    def _try(self, event: str, role: str) -> str:
        try:
            with transaction.atomic():
                handoffs.take(self.referral, event, self.at, role=role)
        except DomainError as refused:
            return refused.code
        return ""

    @rule()
    def the_scheduler_runs_twice(self) -> None:
        operations.ladder.climb(self.at.client, by=system(), at=now())
        once = self._read()
        assert operations.ladder.climb(self.at.client, by=system(), at=now()) == 0
        assert self._read().last_seq == once.last_seq
        self.referral = once

    @invariant()
    def it_is_whole(self) -> None:
        """Look at everything again whenever the referral or the time has moved."""
        referral = self._read()
        stands = (referral.version, referral.last_seq, self.passed)
        if stands == self.looked_at:
            return
        self.looked_at = stands
        self._the_log_tells_the_whole_story(referral)
        self._instants_stand_in_order_and_firsts_stay(referral)
        self._ended_means_ended_and_open_means_somebodys_turn(referral)
        self._what_is_under_way_rests_on_a_basis(referral)
        self._the_recipient_reads_the_packet_after_acceptance_only(referral)
        self._clocks_never_move_earlier(referral)

    def _the_log_tells_the_whole_story(self, referral: Referral) -> None:
        told = replay.of(referral.events.order_by("seq"))

        assert [event.seq for event in referral.events.order_by("seq")] == list(
            range(1, referral.last_seq + 1)
        )
        assert {name: getattr(referral, name) for name in told} == told

    def _instants_stand_in_order_and_firsts_stay(self, referral: Referral) -> None:
        line = ("created_at", "sent_at", "acknowledged_at", "decided_at", "outcome_at", "ended_at")
        instants = [getattr(referral, name) for name in line if getattr(referral, name)]
        contact = referral.first_contact_at

        assert instants == sorted(instants)
        assert contact is None or referral.sent_at <= contact
        assert contact is None or not referral.outcome_at or contact <= referral.outcome_at
        for name in ("acknowledged_at", "decided_at", "first_contact_at"):
            value = getattr(referral, name)
            if value is not None:
                assert self.firsts.setdefault(name, value) == value

    def _ended_means_ended_and_open_means_somebodys_turn(self, referral: Referral) -> None:
        running = referral.clocks.filter(stopped_at=None)

        if referral.status in oracle.DONE:
            assert referral.ended_at
            assert not running.exists()
            assert referral.due_at is None
            assert not referral.needs.exclude(open_key=None).exists()
            if referral.status in {"declined", "failed", "cancelled", "entered_in_error"}:
                assert referral.end_reason
        else:
            assert referral.ended_at is None
            assert referral.next_actor
            assert running.filter(paused_since=None).exists()
            assert referral.due_at is not None
            assert referral.needs.exclude(open_key=None).exists()

    def _what_is_under_way_rests_on_a_basis(self, referral: Referral) -> None:
        if referral.status in states.UNDER_WAY:
            assert not missing_classes(referral, at=now())

    def _the_recipient_reads_the_packet_after_acceptance_only(self, referral: Referral) -> None:
        if referral.sent_at is None:
            return
        opens = referral.status in {
            *("accepted", "waitlisted", "in_service", "on_hold", "outcome_reported")
        } or (
            referral.status == Status.CLOSED
            and referral.verification != "basis_lost"
            and now() < referral.ended_at + timedelta(days=30)
        )
        try:
            with transaction.atomic():
                read = operations.packets.read(referral, by=self.at.partner)
        except (AccessEnded, NotPermitted):
            assert not opens
        else:
            assert (read.tier == "full") == opens
            assert bool(read.body) == opens

    def _clocks_never_move_earlier(self, referral: Referral) -> None:
        for clock in referral.clocks.all():
            first = self.frozen.setdefault(clock.pk, clock.due_at)
            stood = timedelta(seconds=clock.paused_seconds + 1)

            assert first <= clock.due_at <= first + stood
            assert stood <= now() - clock.started_at + timedelta(seconds=2)
            self.frozen[clock.pk] = first

    def _read(self) -> Referral:
        return Referral.objects.visible_to(system()).get(pk=self.referral.pk)


def test_whatever_people_do_the_referral_stays_whole():
    Life.at = handoffs.scene()
    often = settings(
        max_examples=60,
        stateful_step_count=8,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )

    with keys_in_use():  # As in a request: a key is unwrapped once.
        run_state_machine_as_test(Life, settings=often)


def test_a_clock_that_stood_still_goes_on_where_it_was():
    at = handoffs.scene()
    referral = handoffs.referral(at, "sent")
    before = referral.clocks.get(kind=Clock.DECIDE)

    handoffs.take(referral, "request_info", at)
    with shifted(timedelta(hours=5)):
        handoffs.take(referral, "provide_info", at)

    after = ReferralClock.objects.visible_to(system()).get(pk=before.pk)
    assert timedelta(hours=5) <= after.due_at - before.due_at <= timedelta(hours=5, minutes=1)
    assert after.paused_seconds >= 5 * 3600
