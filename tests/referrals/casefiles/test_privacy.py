"""Emergency access, its review, and quick notes (C9)."""

from datetime import timedelta

import pytest

from accounts.models import Message
from accounts.permissions import Role
from core.errors import NotPermitted
from core.jobs import now, shifted
from referrals.casefiles import operations
from referrals.casefiles.errors import AlreadyDecided, FactsMissing, InvalidFacts
from referrals.casefiles.models import BreakGlass, Client, TimelineEntry
from tests.factories import accounts
from tests.factories import casefiles as make

pytestmark = pytest.mark.django_db


def break_glass(client, by, **facts):
    return operations.privacy.break_glass(
        client, by=by, **{"reason": "self_harm", "narrative": "夜间来电，无法联系责任社工"} | facts
    )


def sees(user, client):
    return Client.objects.visible_to(user).filter(pk=client.pk).exists()


@pytest.fixture
def client():
    return make.adult(populations=["plwh"])


def test_c9_an_emergency_opens_a_file_at_once_for_four_hours_at_most(client):
    person = make.colleague(client)

    opening = break_glass(client, person, hours=48)

    assert opening.until <= now() + timedelta(hours=4)
    assert sees(person, client)
    assert not Client.objects.editable_by(person).filter(pk=client.pk).exists()
    with shifted(timedelta(hours=4, minutes=1)):
        assert not sees(person, client)


def test_c9_supervisor_and_privacy_lead_are_told_at_once_without_a_name(client):
    supervisor = make.colleague(client, Role.SUPERVISOR)
    lead = make.colleague(client, Role.PRIVACY_LEAD)
    elsewhere = accounts.member(Role.SUPERVISOR)
    person = make.colleague(client)

    break_glass(client, person)

    told = {message.recipient for message in Message.objects.filter(channel="page")}
    bodies = " ".join(str(message.body) for message in Message.objects.all())
    assert told == {supervisor, lead}
    assert elsewhere not in told
    assert "王桂芳" not in bodies
    assert client.file_no not in bodies


def test_c9_danger_and_reason_are_asked(client):
    person = make.colleague(client)

    with pytest.raises(InvalidFacts):
        break_glass(client, person, reason="curiosity")
    with pytest.raises(FactsMissing):
        break_glass(client, person, narrative=" ")


def test_c9_nobody_breaks_into_another_organization(client):
    with pytest.raises(NotPermitted):
        break_glass(client, make.worker())
    with pytest.raises(NotPermitted):
        break_glass(client, make.colleague(client, Role.PARTNER_INTAKE))


def test_c9_the_review_is_due_in_two_working_days_and_done_by_another(client):
    person, supervisor = make.colleague(client), make.colleague(client, Role.SUPERVISOR)
    opening = break_glass(client, person)
    assert timedelta(days=1) < opening.review_due_at - now() < timedelta(days=12)

    with pytest.raises(NotPermitted):
        operations.privacy.review(opening, by=person, verdict="justified")
    with pytest.raises(NotPermitted):
        operations.privacy.review(opening, by=accounts.member(Role.SUPERVISOR), verdict="justified")
    with pytest.raises(InvalidFacts):
        operations.privacy.review(opening, by=supervisor, verdict="perhaps")
    operations.privacy.review(opening, by=supervisor, verdict="unjustified", note="可以等到早上")

    assert (opening.reviewed_by, opening.review_note) == (supervisor, "可以等到早上")
    with pytest.raises(AlreadyDecided):
        operations.privacy.review(opening, by=supervisor, verdict="justified")


def test_c9_the_access_is_ended_by_its_user(client):
    person = make.colleague(client)
    opening = break_glass(client, person)

    operations.privacy.end_emergency(opening, by=person)

    assert not sees(person, client)


def test_c9_it_is_on_the_clients_timeline_and_in_the_log(client):
    break_glass(client, make.colleague(client))

    entries = TimelineEntry.objects.visible_to(client.worker).filter(client=client)
    assert "privacy.break_glass" in entries.values_list("kind", flat=True)
    assert accounts.queries.log().filter(action="access.break_glass", basis="emergency").exists()


def test_openings_are_seen_by_their_user_and_who_watches(client):
    person, supervisor = make.colleague(client), make.colleague(client, Role.SUPERVISOR)
    opening = break_glass(client, person)

    for user in (person, supervisor):
        assert BreakGlass.objects.visible_to(user).get() == opening
    for user in (make.colleague(client), accounts.member(Role.SUPERVISOR)):
        assert not BreakGlass.objects.visible_to(user).exists()


def test_a_quick_note_is_sealed_and_written_by_the_team_only(client):
    entry = operations.timeline.note(client, by=client.worker, text="本人说洗澡仍靠邻居帮忙")

    raw = TimelineEntry._base_manager.filter(pk=entry.pk).values_list("note", flat=True).get()
    assert raw.startswith(f"v1.{client.key_id}.")
    with pytest.raises(NotPermitted):
        operations.timeline.note(client, by=make.colleague(client), text="x")
    with pytest.raises(FactsMissing):
        operations.timeline.note(client, by=client.worker, text="  ")
