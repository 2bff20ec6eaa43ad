"""An erased person cannot be read, found or reached any more; the figures and the logs stay."""

import json
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile

from accounts import queries
from accounts.models import Message, StuckRow
from accounts.permissions import Role
from core.crypto import Undecryptable
from core.errors import NotPermitted
from core.jobs import JOBS, now, shifted
from referrals.casefiles.errors import ErasureRefused
from referrals.casefiles.models import CaseFile, Client, ClientPhone
from referrals.casefiles.operations import erasure
from referrals.casefiles.operations.consent import Said
from tests.factories import accounts, handoffs
from tests.factories import casefiles as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def at():
    """A finished referral in a closed case, with a message, links and a scanned consent."""
    scene = handoffs.scene()
    referral = handoffs.referral(scene, "closed")
    handoffs.link(referral, "client", address="sms:13812341234")
    page = ContentFile(b"%PDF-1.4 signed")
    make.consent(
        scene.client,
        scene.service,
        said=Said(method="written", evidence=page, evidence_type="application/pdf"),
    )
    case = make.case(scene.client)
    CaseFile.objects.filter(pk=case.pk).update(
        state="closed", closed_on=now().date(), close_reason="moved"
    )
    scene.extra = {"referral": referral}
    return scene


@pytest.fixture
def lead(at):
    return accounts.member(Role.PRIVACY_LEAD, at.station)


def stored(model, pk):
    """Return a row as the system reads it."""
    return model.objects.visible_to(queries.system()).get(pk=pk)


def test_every_word_is_unreadable_and_no_index_finds_the_person(at, lead):
    words = at.extra["referral"].packets.get(tier="full")
    before = words.body
    scan = at.client.consents.exclude(evidence="").get().evidence
    name_index = at.client.name_bidx

    erasure.erase(at.client, by=lead)

    client = stored(Client, at.client.pk)
    assert (client.name, client.address, client.birth_date) == ("", "", "")
    assert (client.name_bidx, client.pseudonym_bidx, client.id_bidx) == ("", "", "")
    assert not Client._base_manager.filter(name_bidx=name_index).exists()
    assert not ClientPhone._base_manager.filter(client=client).exists()
    assert "王桂芳" in json.dumps(before, ensure_ascii=False)
    with pytest.raises(Undecryptable):
        _ = stored(type(words), words.pk).body
    assert not scan.storage.exists(scan.name)


def test_with_the_key_kept_the_packet_would_still_open(at, lead, settings):
    settings.SAFEGUARDS_OFF = frozenset({"key_destroy"})
    packet = at.extra["referral"].packets.get(tier="full")

    erasure.erase(at.client, by=lead)

    assert "王桂芳" in json.dumps(stored(type(packet), packet.pk).body, ensure_ascii=False)


def test_what_remains_are_codes_dates_and_a_whole_log(at, lead):
    referral = at.extra["referral"]
    steps = list(referral.events.values_list("event", "at"))

    erasure.erase(at.client, by=lead)

    client = stored(Client, at.client.pk)
    assert client.erased_at
    assert (client.file_no, client.age_band) == (at.client.file_no, at.client.age_band)
    assert list(referral.events.values_list("event", "at")) == steps
    assert queries.verify().is_whole
    last = queries.log().filter(action="client.erase").get()
    assert (last.actor, last.result, last.object_uid) == (lead.uid, "ok", client.uid)


def test_links_end_and_messages_about_the_person_are_deleted(at, lead):
    assert Message.objects.exclude(client_ref="").exists()

    erasure.erase(at.client, by=lead)

    for link in at.extra["referral"].links.all():
        assert link.revoked_at
        assert (link.address, link.code_address, link.code_hash) == ("", "", "")
    assert not Message.objects.exclude(client_ref="").exists()


def test_nobody_opens_the_file_or_its_referrals_any_more(at, lead):
    referral = at.extra["referral"]
    erasure.erase(at.client, by=lead)

    for person in (at.worker, at.supervisor, at.partner, at.coordinator):
        browser = accounts.browser(person)
        assert browser.get(f"/clients/{at.client.uid}/").status_code in {403, 404}
        assert browser.get(f"/referrals/{referral.uid}/").status_code == 404
        assert browser.get(f"/api/v1/referrals/{referral.uid}").status_code == 404
    for person, page in ((at.worker, "/referrals/"), (at.partner, "/inbox/?word=ended")):
        assert referral.ref_no not in accounts.browser(person).get(page).content.decode()


def test_other_people_of_the_house_keep_their_files(at, lead):
    other = make.adult(at.worker, name="许小梅")

    erasure.erase(at.client, by=lead)

    assert stored(Client, other.pk).name == "许小梅"
    assert accounts.browser(at.worker).get(f"/clients/{other.uid}/").status_code == 200


@pytest.mark.parametrize("who", ["worker", "supervisor", "partner", "coordinator"])
def test_only_who_handles_privacy_erases(at, who):
    with pytest.raises(NotPermitted):
        erasure.erase(at.client, by=getattr(at, who))

    assert stored(Client, at.client.pk).name == "王桂芳"


def test_a_privacy_lead_of_another_organization_is_refused(at):
    with pytest.raises(NotPermitted):
        erasure.erase(at.client, by=accounts.member(Role.PRIVACY_LEAD))


@pytest.mark.parametrize("reason", ["legal_hold", "case_open", "erased"])
def test_what_stands_against_it_is_named_and_nothing_is_lost(at, lead, reason):
    if reason == "legal_hold":
        erasure.hold(at.client, by=lead, held=True)
    elif reason == "case_open":
        CaseFile.objects.update(state="open", closed_on=None, close_reason="")
    else:
        erasure.erase(at.client, by=lead)

    with pytest.raises(ErasureRefused) as refused:
        erasure.erase(at.client, by=lead)

    assert [error["code"] for error in refused.value.errors] == [reason]
    assert (stored(Client, at.client.pk).name == "王桂芳") == (reason != "erased")


def test_a_referral_that_goes_on_refuses_and_everything_stays(at, lead):
    need = handoffs.another_need(at)
    handoffs.referral(at, "sent", need=need)

    with pytest.raises(ErasureRefused) as refused:
        erasure.erase(at.client, by=lead)

    assert [error["code"] for error in refused.value.errors] == ["referral_open"]
    assert stored(Client, at.client.pk).name == "王桂芳"
    assert at.extra["referral"].packets.get(tier="full").body


def test_jobs_pass_over_who_is_erased(at, lead):
    erasure.erase(at.client, by=lead)

    with shifted(timedelta(days=400)):
        for name, job in JOBS.items():
            if name.startswith(("casefiles.", "handoffs.", "reports.")):
                job.run()

    assert not StuckRow.objects.exists()
