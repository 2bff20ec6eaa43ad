"""The register: grants on a ground in force, readings with their entry, who saw it (C8, C10)."""

import uuid
from datetime import timedelta

import pytest

from core.errors import NotPermitted
from core.jobs import now, shifted
from core.models import AppendOnly
from referrals.casefiles import disclosure, operations, queries
from referrals.casefiles.errors import AccessEnded, AlreadyDecided, BasisMissing
from referrals.casefiles.models import DisclosureEvent, DisclosureGrant
from referrals.casefiles.states import DataClass
from tests.factories import accounts
from tests.factories import casefiles as make

pytestmark = pytest.mark.django_db


def read(grant, by=None, **facts):
    return operations.disclosure.record_read(
        grant,
        by=by or accounts.user(),
        channel="page",
        fields=["name"],
        packet_sha256="0" * 64,
        **facts,
    )


@pytest.fixture
def opened():
    client, service = make.adult(), make.service()
    consent = make.consent(client, service)
    return client, consent, make.grant(client, consent, uuid.uuid4())


def test_a_grant_names_recipient_classes_and_ground(opened):
    _client, consent, grant = opened

    assert grant.basis.consent == consent
    assert set(grant.data_classes) == {"identity", "contact", "need_narrative"}
    entry = accounts.queries.log().filter(action="disclosure.grant").get()
    assert entry.basis == f"consent:{consent.uid}"


def test_a_grant_wider_than_its_ground_is_refused(opened):
    client, consent, _grant = opened

    with pytest.raises(BasisMissing):
        make.grant(client, consent, uuid.uuid4(), data_classes=["identity", "finance"])


def test_a_grant_on_a_withdrawn_consent_is_refused(opened):
    client, consent, _grant = opened
    operations.consent.withdraw(consent, by=client.worker, via="phone")

    with pytest.raises(BasisMissing):
        make.grant(client, consent, uuid.uuid4())


def test_a_ground_of_another_client_is_refused(opened):
    _client, consent, _grant = opened
    other = make.adult()

    with pytest.raises(BasisMissing):
        make.grant(other, consent, uuid.uuid4())


def test_grounds_are_grouped_by_consent_and_legal_basis():
    client, service = make.adult(), make.service()
    make.consent(client, service, ["identity", "contact", "finance"])
    basis = make.legal_basis(client, service, ["mental_health"])

    answers = disclosure.decisions(
        client,
        service,
        "referral",
        ["identity", "contact", "finance", "mental_health", "hiv"],
        now(),
    )

    grouped = disclosure.by_ground(answers)
    assert [sorted(classes) for _ground, classes in grouped] == [
        ["contact", "finance", "identity"],
        ["mental_health"],
    ]
    assert grouped[1][0] == basis
    assert not answers[DataClass.HIV].allowed


def test_c8_a_reading_is_entered_and_audited(opened):
    _client, _consent, grant = opened
    reader = accounts.user()

    event = read(grant, by=reader)

    assert (event.viewer, event.fields) == (reader, ["name"])
    assert accounts.queries.log().filter(action="disclosure.read").get().object_uid == grant.uid


def test_c8_a_reading_by_link_names_the_link(opened):
    _client, _consent, grant = opened

    event = read(grant, by=accounts.queries.guest(), link=grant)

    assert (event.viewer, event.link_uid) == (None, grant.uid)


def test_c8_a_revoked_grant_shows_nothing_and_enters_nothing(opened):
    client, consent, grant = opened
    operations.consent.withdraw(consent, by=client.worker, via="phone")

    with pytest.raises(AccessEnded):
        read(DisclosureGrant._base_manager.get(pk=grant.pk))
    with pytest.raises(AccessEnded):
        read(grant)

    assert not DisclosureEvent._base_manager.exists()


def test_c8_a_grant_that_has_run_out_shows_nothing(opened):
    client, consent, _grant = opened
    short = make.grant(client, consent, uuid.uuid4(), until=now() + timedelta(hours=1))
    read(short)

    with shifted(timedelta(hours=2)), pytest.raises(AccessEnded):
        read(short)


def test_ending_a_referral_closes_its_grants_now_or_later(opened):
    client, consent, grant = opened
    later = make.grant(client, consent, uuid.uuid4())

    operations.disclosure.revoke("referral", grant.context_uid, by=client.worker)
    operations.disclosure.revoke(
        "referral", later.context_uid, by=client.worker, at=now() + timedelta(days=30)
    )

    with pytest.raises(AccessEnded):
        read(grant)
    assert read(later)
    with shifted(timedelta(days=31)), pytest.raises(AccessEnded):
        read(later)


def test_a_recipient_confirms_deletion_once(opened):
    client, consent, grant = opened
    partner = accounts.member("partner_intake", grant.recipient_org)
    operations.consent.withdraw(consent, by=client.worker, via="phone")

    operations.disclosure.confirm_deletion(grant, by=partner)

    with pytest.raises(AlreadyDecided):
        operations.disclosure.confirm_deletion(grant, by=partner)
    with pytest.raises(NotPermitted):
        operations.disclosure.confirm_deletion(grant, by=accounts.user())


def test_c10_who_saw_my_data_shows_every_reading_to_who_may_see_the_file(opened):
    client, _consent, grant = opened
    read(grant)
    read(grant)

    seen = queries.register.readings(client, client.worker)

    assert [event.grant.recipient_org for event in seen] == [grant.recipient_org] * 2
    assert queries.register.readings(client, make.worker()) == []
    assert queries.register.grants(client, client.worker) == [grant]


def test_a_reading_is_a_row_of_an_append_only_table():
    assert issubclass(DisclosureEvent, AppendOnly)
