"""Needs: grading, the client's own order, override, and what becomes of them."""

from datetime import timedelta

import pytest

from accounts.permissions import Role
from core.errors import Conflict, NotPermitted
from core.jobs import shifted, today
from referrals.casefiles import operations
from referrals.casefiles.errors import FactsMissing, IllegalTransition, InvalidFacts
from referrals.casefiles.models import Need
from referrals.casefiles.priority import DEFAULT
from referrals.casefiles.states import NeedStatus, need_move
from tests.factories import accounts
from tests.factories import casefiles as make

pytestmark = pytest.mark.django_db


def settle(need, status, **facts):
    return operations.need.settle(need, by=need.client.worker, status=status, **facts)


def test_a_need_is_graded_by_the_scheme_in_force():
    client = make.client()

    need = make.need(client, urgency="u2", impact="i1", no_informal_support=True, client_rank=1)

    assert (need.score, need.priority, need.clock_class) == (6, "p2", "urgent")
    assert need.scheme.number == 1


def test_the_summary_is_sealed():
    client = make.client()
    need = make.need(client)

    raw = Need._base_manager.filter(pk=need.pk).values_list("summary", flat=True).get()

    assert raw.startswith(f"v1.{client.key_id}.")


@pytest.mark.parametrize("missing", ["urgency", "impact"])
def test_a_need_without_grades_is_refused(missing):
    client = make.client()

    with pytest.raises(FactsMissing):
        make.need(client, **{missing: ""})


def test_a_broad_category_is_refused():
    client = make.client()
    leaf = make.term("EL05")
    leaf.parent = make.term("EL")
    leaf.save()

    with pytest.raises(InvalidFacts):
        make.need(client, category="EL")


def test_a_revealing_need_restricts_the_file():
    client = make.client()
    assert client.sensitivity == "confidential"

    make.need(client, category="HE17", hidden=True)

    client.refresh_from_db()
    assert client.sensitivity == "restricted"


def test_reassessing_moves_the_level():
    client = make.client()
    need = make.need(client, urgency="u4")

    operations.need.reassess(need, by=client.worker, expected_version=1, urgency="u1")

    assert (need.priority, need.version) == ("p1", 2)


def test_of_two_who_reassess_the_second_is_told():
    client = make.client()
    need = make.need(client)
    operations.need.reassess(need, by=client.worker, expected_version=1, urgency="u1")

    with pytest.raises(Conflict):
        operations.need.reassess(need, by=client.worker, expected_version=1, urgency="u4")


def test_another_level_needs_a_reason_and_both_stay_on_file():
    client = make.client()
    need = make.need(client, urgency="u4")
    with pytest.raises(FactsMissing):
        operations.need.override(need, by=client.worker, expected_version=1, level="p1")

    operations.need.override(
        need, by=client.worker, expected_version=1, level="p1", reason="邻居下月搬走"
    )

    assert (need.priority, need.computed_priority) == ("p1", "p4")
    assert (need.override_by, need.override_reason) == (client.worker, "邻居下月搬走")


def test_an_override_outlives_a_new_assessment_until_it_is_taken_back():
    client = make.client()
    need = make.need(client, urgency="u4")
    operations.need.override(
        need, by=client.worker, expected_version=1, level="p1", reason="见记录"
    )
    operations.need.reassess(need, by=client.worker, expected_version=2, urgency="u3")
    assert (need.priority, need.computed_priority) == ("p1", "p3")

    operations.need.override(need, by=client.worker, expected_version=3, level="")

    assert (need.priority, need.override_reason, need.override_by) == ("p3", "", None)


def test_a_supervisor_outside_the_team_may_override_but_not_reassess():
    client = make.client()
    need = make.need(client)
    supervisor = make.colleague(client, Role.SUPERVISOR)

    operations.need.override(need, by=supervisor, expected_version=1, level="p1", reason="多户反映")
    with pytest.raises(NotPermitted):
        operations.need.reassess(need, by=supervisor, expected_version=2, urgency="u1")


def test_a_level_outside_the_scheme_is_refused():
    client = make.client()
    need = make.need(client)

    with pytest.raises(InvalidFacts):
        operations.need.override(need, by=client.worker, expected_version=1, level="p5", reason="x")


def test_the_clients_own_order_is_unique_and_the_first_counts():
    client = make.client()
    bath = make.need(client, urgency="u3", client_rank=1)
    stairs = make.need(client, category="HO05", urgency="u3", client_rank=1)

    bath.refresh_from_db()

    assert (stairs.client_rank, bath.client_rank) == (1, 2)
    assert (stairs.score, bath.score) == (4, 2)


def test_two_needs_swap_places():
    client = make.client()
    first = make.need(client, client_rank=1)
    second = make.need(client, category="HO05", client_rank=2)

    operations.need.rank(client, by=client.worker, order=[second, first])

    assert [n.pk for n in client.needs.order_by("client_rank")] == [second.pk, first.pk]
    assert client.needs.get(pk=first.pk).score + 2 == client.needs.get(pk=second.pk).score


def test_a_need_of_another_client_is_not_ordered_here():
    client, other = make.client(), make.client()
    foreign = make.need(other)

    with pytest.raises(InvalidFacts):
        operations.need.rank(client, by=client.worker, order=[foreign])


@pytest.mark.parametrize("source", NeedStatus.values)
@pytest.mark.parametrize("target", NeedStatus.values)
def test_settling_follows_the_table_at_the_door(source, target):
    client = make.client()
    need = make.need(client)
    facts = {"status": source}
    if source == "unmet":
        facts |= {"unmet_reason": "COST", "review_on": today()}
    Need.objects.filter(pk=need.pk).update(**facts)
    need = Need._base_manager.get(pk=need.pk)
    need.client.worker = client.worker
    said = {"reason": "COST", "review_on": today() + timedelta(days=30)}

    if source == target or need_move(source, target):
        assert settle(need, target, **said).status == target
    else:
        with pytest.raises(IllegalTransition):
            settle(need, target, **said)


def test_unmet_never_without_a_reason_and_a_day_to_look_again():
    need = make.need(make.client())

    with pytest.raises(FactsMissing) as refused:
        settle(need, "unmet")
    with pytest.raises(InvalidFacts):
        settle(need, "unmet", reason="NOT_A_CODE", review_on=today())
    with pytest.raises(InvalidFacts):
        settle(need, "unmet", reason="COST", review_on=today() - timedelta(days=1))

    assert [error["field"] for error in refused.value.errors] == ["reason", "review_on"]


def test_an_unmet_need_gets_a_new_day_to_look_again():
    need = make.need(make.client())
    settle(need, "unmet", reason="COST", review_on=today())

    settle(need, "unmet", reason="NO_CAPACITY", review_on=today() + timedelta(days=60))

    assert (need.unmet_reason, need.version) == ("NO_CAPACITY", 3)


def test_settling_twice_is_settling_once():
    need = make.need(make.client())
    settle(need, "resolved")

    settle(need, "resolved")

    assert need.version == 2
    assert need.resolved_at is not None


def test_taking_up_opens_an_ended_need_first():
    need = make.need(make.client())
    settle(need, "unmet", reason="COST", review_on=today())

    operations.need.take_up(need, by=need.client.worker)

    assert (need.status, need.unmet_reason) == ("in_progress", "")


def test_a_rank_given_away_meanwhile_is_not_taken_back():
    client = make.client()
    first = make.need(client, client_rank=1)
    settle(first, "resolved")
    second = make.need(client, category="HO05", client_rank=1)

    settle(first, "open", reason="又摔了一跤")

    assert (first.client_rank, second.client_rank) == (None, 1)


def test_coordinator_and_scheduler_settle_a_stranger_does_not():
    client = make.client()
    need = make.need(client)

    with pytest.raises(NotPermitted):
        operations.need.settle(need, by=make.colleague(client), status="in_progress")
    coordinator = accounts.member(Role.COORDINATOR)
    operations.need.settle(need, by=coordinator, status="in_progress")
    operations.need.settle(need, by=accounts.system(), status="unknown")

    assert need.status == "unknown"


def test_the_same_need_settled_elsewhere_meanwhile_is_a_conflict():
    need = make.need(make.client())
    other = Need._base_manager.get(pk=need.pk)
    settle(need, "resolved")

    with pytest.raises(Conflict):
        operations.need.settle(other, by=need.client.worker, status="in_progress")


def test_a_deadline_that_comes_near_adds_to_the_score():
    client = make.client()
    need = make.need(client, urgency="u4", deadline=today() + timedelta(days=10))
    assert (need.score, need.deadline_near) == (1, False)

    with shifted(timedelta(days=4)):
        due = Need.objects.visible_to(accounts.system()).deadline_approaching(today())
        assert list(due) == [need]
        operations.need.count_deadline(need, by=accounts.system())
        assert not due.all().exists()

    assert (need.score, need.deadline_near) == (3, True)


def test_a_new_scheme_leaves_stored_grades_alone():
    client = make.client()
    need = make.need(client, urgency="u4")
    administrator = accounts.member(Role.SYSTEM_ADMINISTRATOR)
    harder = DEFAULT | {"urgency": {"u1": 9, "u2": 9, "u3": 9, "u4": 9}}

    operations.need.publish_scheme(harder, by=administrator)

    need.refresh_from_db()
    assert need.score == 1
    assert make.need(client, urgency="u4").score == 9
    operations.need.reassess(need, by=client.worker, expected_version=1, summary="x")
    assert need.score == 1


def test_a_broken_scheme_is_not_published():
    with pytest.raises(InvalidFacts):
        operations.need.publish_scheme({}, by=accounts.member(Role.SYSTEM_ADMINISTRATOR))
