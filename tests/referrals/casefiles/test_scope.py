"""Who sees which file: team, supervisor, restricted files, approvals, emergency, relatives."""

from datetime import date, timedelta

import pytest

from accounts.permissions import Role
from core.errors import NotPermitted, UnscopedQuery
from core.jobs import now, shifted
from referrals.casefiles import operations
from referrals.casefiles.models import Client, Need, TimelineEntry
from referrals.casefiles.states import AssignmentRole
from tests.factories import accounts
from tests.factories import casefiles as make

pytestmark = pytest.mark.django_db


def sees(user, client):
    return Client.objects.visible_to(user).filter(pk=client.pk).exists()


def edits(user, client):
    return Client.objects.editable_by(user).filter(pk=client.pk).exists()


def test_a_scoped_table_is_not_read_without_saying_for_whom():
    make.client()

    with pytest.raises(UnscopedQuery):
        list(Client.objects.filter(kind="person"))
    with pytest.raises(UnscopedQuery):
        Need.objects.count()


@pytest.mark.parametrize("restricted", [False, True])
@pytest.mark.parametrize(
    ("role", "plain_file"),
    [
        (Role.WORKER, False),
        (Role.SUPERVISOR, True),
        (Role.PRIVACY_LEAD, False),
        (Role.PARTNER_INTAKE, False),
        (Role.PARTNER_EDITOR, False),
    ],
)
def test_roles_of_the_organization_see_what_they_read(role, plain_file, restricted):
    client = make.client(populations=["plwh"] if restricted else [])
    person = make.colleague(client, role)

    assert sees(person, client) is (plain_file and not restricted)
    assert not edits(person, client)


@pytest.mark.parametrize(
    "role",
    [
        Role.COORDINATOR,
        Role.SYSTEM_ADMINISTRATOR,
        Role.SECURITY_ADMINISTRATOR,
        Role.AUDITOR,
    ],
)
def test_roles_of_the_network_see_no_file(role):
    client = make.client()

    assert not sees(accounts.member(role), client)


def test_the_same_roles_elsewhere_see_nothing():
    client = make.client()

    for role in (Role.WORKER, Role.SUPERVISOR, Role.PRIVACY_LEAD):
        assert not sees(accounts.member(role), client)


def test_the_scheduler_sees_every_file_and_a_link_holder_none():
    client = make.client(populations=["plwh"])

    assert sees(accounts.system(), client)
    assert not sees(accounts.queries.guest(), client)


def test_an_assignment_opens_a_restricted_file():
    client = make.client(birth_date=date(2014, 5, 1))
    person = make.colleague(client)
    assert not sees(person, client)

    operations.case.assign(make.case(client), by=client.worker, user=person)

    assert sees(person, client)
    assert edits(person, client)


def test_an_assignment_ends():
    client = make.client()
    person = make.colleague(client)
    row = operations.case.assign(make.case(client), by=client.worker, user=person)

    operations.case.release(row, by=client.worker)

    assert not sees(person, client)


def test_only_the_owner_takes_colleagues_into_the_team():
    client = make.client()
    person, third = make.colleague(client), make.colleague(client)
    operations.case.assign(make.case(client), by=client.worker, user=person)

    with pytest.raises(NotPermitted):
        operations.case.assign(make.case(client), by=person, user=third)


def test_whoever_left_the_organization_sees_no_file_of_it():
    client = make.client()
    client.worker.memberships.update(ended_at=now())
    client.worker.__dict__.pop("held")

    assert not sees(client.worker, client)


def test_an_approval_opens_a_restricted_file_for_reading_until_it_ends():
    client = make.client(populations=["plwh"])
    reader = make.colleague(client, Role.SUPERVISOR)
    approver = make.colleague(client, Role.SUPERVISOR)
    operations.privacy.approve_access(
        client, by=approver, user=reader, purpose="supervision", until=now() + timedelta(days=2)
    )

    assert sees(reader, client)
    assert not edits(reader, client)
    with shifted(timedelta(days=3)):
        assert not sees(reader, client)


def test_an_approval_can_be_taken_back():
    client = make.client(populations=["plwh"])
    reader = make.colleague(client)
    approver = make.colleague(client, Role.SUPERVISOR)
    approval = operations.privacy.approve_access(
        client, by=approver, user=reader, purpose="supervision", until=now() + timedelta(days=2)
    )

    operations.privacy.end_approval(approval, by=approver)

    assert not sees(reader, client)


def test_nobody_approves_for_himself_or_outside_the_organization():
    client = make.client(populations=["plwh"])
    approver = make.colleague(client, Role.SUPERVISOR)
    stranger = accounts.member(Role.SUPERVISOR)
    until = now() + timedelta(days=1)

    with pytest.raises(NotPermitted):
        operations.privacy.approve_access(
            client, by=approver, user=approver, purpose="supervision", until=until
        )
    with pytest.raises(NotPermitted):
        operations.privacy.approve_access(
            client, by=stranger, user=make.colleague(client), purpose="supervision", until=until
        )


def test_c13_a_related_worker_is_denied_everywhere():
    client = make.client()
    person = make.colleague(client, Role.SUPERVISOR)
    need = make.need(client)
    assert sees(person, client)

    operations.client.declare_conflict(client, by=person, user=person, reason="表姐")

    assert not sees(person, client)
    assert not Need.objects.visible_to(person).filter(pk=need.pk).exists()
    assert not Client.objects.in_reach_of(person).filter(pk=client.pk).exists()
    with pytest.raises(NotPermitted):
        operations.privacy.break_glass(client, by=person, reason="medical", narrative="x")


def test_c13_a_related_owner_hands_over_without_seeing():
    client = make.client()
    case, heir = make.case(client), make.colleague(client)
    supervisor = make.colleague(client, Role.SUPERVISOR)
    operations.client.declare_conflict(client, by=client.worker, user=client.worker)
    assert not edits(client.worker, client)

    offer = operations.case.offer(case, by=supervisor, to_user=heir, reason="回避")
    operations.case.answer(offer, by=heir, state="accepted")

    assert edits(heir, client)
    assert not sees(client.worker, client)


def test_rows_of_a_client_follow_the_client():
    client = make.client()
    need = make.need(client)
    stranger = make.worker()

    for model in (Need, TimelineEntry):
        rows = model.objects.visible_to(client.worker).filter(client=client)
        assert rows.exists()
        assert not model.objects.visible_to(stranger).filter(client=client).exists()
    assert Need.objects.editable_by(client.worker).get() == need


def test_the_caseload_is_what_is_open_and_one_works_on():
    by = make.worker()
    client, closed = make.client(by), make.client(by)
    operations.case.close(make.case(closed), by=by, reason="moved", expected_version=1)

    assert list(Client.objects.caseload_of(by)) == [client]
    assert sees(by, closed)


def test_r12_each_reading_is_logged_and_an_unassigned_colleague_reads_nothing():
    client = make.client(birth_date=date(2014, 5, 1))
    stranger = make.colleague(client)

    operations.privacy.note_reading(client, by=client.worker, purpose="own_case")
    with pytest.raises(NotPermitted):
        operations.privacy.note_reading(client, by=stranger, purpose="own_case")

    entry = accounts.queries.log().filter(action="client.read").get()
    assert (entry.object_uid, entry.basis) == (client.uid, "own_case")


def test_the_former_owner_keeps_reading_for_a_month():
    client = make.client()
    case, heir = make.case(client), make.colleague(client)
    offer = operations.case.offer(case, by=client.worker, to_user=heir, reason="休产假")

    operations.case.answer(offer, by=heir, state="accepted")

    assert sees(client.worker, client)
    assert not edits(client.worker, client)
    assert case.assignments.get(user=client.worker, until__gt=now()).role == AssignmentRole.FORMER
    with shifted(timedelta(days=31)):
        assert not sees(client.worker, client)
