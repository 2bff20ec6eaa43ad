"""Consent: what the law asks for, withdrawal in one transaction, expiry (C5, C6, C7, C11)."""

import uuid
from datetime import date, timedelta

import pytest
from django.dispatch import receiver

from accounts.permissions import Role
from core.errors import NotPermitted
from core.jobs import now, shifted, today
from referrals.casefiles import disclosure, operations
from referrals.casefiles.errors import (
    ClassNotAllowed,
    FactsMissing,
    IllegalTransition,
    InvalidFacts,
)
from referrals.casefiles.models import CaseRules, Consent, DisclosureGrant
from referrals.casefiles.operations.consent import Said, Wish
from referrals.casefiles.signals import basis_lost
from referrals.casefiles.states import DataClass
from tests.factories import accounts
from tests.factories import casefiles as make

pytestmark = pytest.mark.django_db


def years_ago(years, days=0):
    day = today()
    return date(day.year - years, day.month, min(day.day, 28)) + timedelta(days=days)


def allowed(client, recipient, data_class, at=None):
    return disclosure.permitted(client, recipient, "referral", data_class, at or now()).allowed


@pytest.fixture
def heard():
    news = []

    @receiver(basis_lost, weak=False)
    def hear(sender, grants, **_kwargs):
        news.append(grants)
        return [grant.context_uid for grant in grants]

    yield news
    basis_lost.disconnect(hear)


def test_c1_a_consent_permits_what_it_names_to_whom_it_names():
    client, service, other = make.adult(), make.service(), make.service()

    consent = make.consent(client, service)

    decision = disclosure.permitted(client, service, "referral", "identity", now())
    assert decision.basis.consent == consent
    assert not allowed(client, other, "identity")
    assert not allowed(client, service, "finance")
    assert not disclosure.permitted(client, service, "conference", "identity", now()).allowed


def test_c1_consent_for_an_organization_covers_its_services_and_categories_contain_both():
    client, service = make.adult(), make.service("EL05")

    make.consent(client, service.organization, ["identity"])
    make.consent(
        client,
        service,
        [],
        wishes=[Wish("category", "EL", "contact"), Wish("any", "", "household")],
    )

    assert allowed(client, service, "identity")
    assert allowed(client, service, "contact")
    assert allowed(client, service.organization, "contact")
    assert allowed(client, make.service("LE02"), "household")
    assert not allowed(client, make.service("LE02"), "contact")


def test_c1_deny_wins():
    client, service = make.adult(), make.service()
    make.consent(client, service)

    make.consent(
        client, service, wishes=make.wishes(service.organization, ["identity"], decision="deny")
    )

    assert not allowed(client, service, "identity")
    assert allowed(client, service, "contact")


@pytest.mark.parametrize("purpose", ["referral", "conference"])
@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_r1_the_seeded_notices_name_what_the_law_asks_for(purpose, language):
    text = make.notice(purpose, language)

    assert disclosure.missing_parts(text.body, language) == []


def test_r1_a_notice_that_leaves_something_out_is_not_published():
    lead = accounts.member(Role.PRIVACY_LEAD)
    body = make.notice().body

    with pytest.raises(FactsMissing) as refused:
        operations.consent.publish(
            by=lead, purpose="referral", language="zh-Hans", body=body.replace("{retention}", "")
        )
    text = operations.consent.publish(by=lead, purpose="referral", language="zh-Hans", body=body)

    assert [error["field"] for error in refused.value.errors] == ["retention"]
    assert (text.number, make.notice()) == (2, text)


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        (Wish("service", "s", "finance"), InvalidFacts),
        (Wish("category", "EL", "hiv", separate_consent=True), InvalidFacts),
        (Wish("any", "", "documents", separate_consent=True), InvalidFacts),
        (Wish("nobody", "", "identity"), InvalidFacts),
        (Wish("service", "s", "blood_type"), InvalidFacts),
    ],
)
def test_c2_a_scope_that_could_never_permit_is_not_recorded(wish, error):
    client = make.adult()

    with pytest.raises(error):
        make.consent(client, make.service(), wishes=[wish])


def test_c3_a_class_marked_never_cannot_be_ticked():
    client, service = make.adult(), make.service("LE02")
    said = Said(witnesses=("甲", "乙"), categories=("LE02",))

    with pytest.raises(ClassNotAllowed):
        make.consent(client, service, ["hiv"], said=said)

    assert make.consent(client, service, ["finance"], said=said)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (Said(witnesses=("周晓棠",)), "witnesses"),
        (Said(witnesses=("周晓棠", "周晓棠 ")), "witnesses"),
        (Said(method="written"), "evidence_ref"),
        (Said(method="wechat"), "evidence_ref"),
        (Said(grantor_kind="attorney", witnesses=("甲", "乙")), "grantor"),
    ],
)
def test_how_a_consent_was_given_can_be_shown_later(said, field):
    client = make.adult()

    with pytest.raises(FactsMissing) as refused:
        make.consent(client, make.service(), said=said)

    assert refused.value.errors[0]["field"] == field


def test_a_consent_lasts_for_a_year_at_most():
    client, service = make.adult(), make.service()

    with pytest.raises(InvalidFacts):
        make.consent(client, service, expires_at=now() + timedelta(days=366))

    consent = make.consent(client, service)
    assert consent.expires_at - consent.given_at == timedelta(days=365)


def test_a_consent_ends_ninety_days_after_the_review_of_the_case():
    client, service = make.adult(), make.service()
    client.cases.update(next_review_on=today() + timedelta(days=30))

    consent = make.consent(client, service)

    assert (consent.expires_at - consent.given_at).days == 120


@pytest.mark.parametrize(("days_to_birthday", "under"), [(1, True), (0, False)])
def test_c5_the_guardian_consents_until_the_fourteenth_birthday(days_to_birthday, under):
    client = make.adult(birth_date=years_ago(14, days_to_birthday), populations=[])
    told = Said(witnesses=("甲", "乙"), guardian_told=True)
    guardian = Said(
        witnesses=("甲", "乙"), grantor_kind="guardian", grantor="王建国", assent_of_minor=True
    )
    service = make.service("CY01")
    wishes = make.wishes(service, ["identity"], separate=True)

    if under:
        with pytest.raises(InvalidFacts):
            make.consent(client, service, said=told, wishes=wishes)
        consent = make.consent(client, service, said=guardian, wishes=wishes)
        assert consent.basis == "guardian_and_minor"
    else:
        assert make.consent(client, service, said=told, wishes=wishes)


def test_c5_under_fourteen_the_childs_answer_is_recorded_and_each_class_has_its_tick():
    client = make.adult(birth_date=years_ago(10), populations=[])
    service = make.service("CY01")
    said = Said(witnesses=("甲", "乙"), grantor_kind="guardian", grantor="王建国")

    with pytest.raises(FactsMissing):
        make.consent(client, service, ["identity"], said=said)
    with pytest.raises(InvalidFacts):
        make.consent(
            client,
            service,
            ["identity"],
            said=Said(
                witnesses=("甲", "乙"),
                grantor_kind="guardian",
                grantor="王建国",
                assent_of_minor=False,
            ),
        )


def test_c5_a_suspected_guardian_cannot_consent_and_a_legal_basis_takes_the_place():
    client = make.adult(birth_date=years_ago(13), populations=[])
    service = make.service("MH06")
    operations.client.add_guardian(
        client, by=client.worker, name="王建国", relation="父亲", suspected_harmer=True
    )
    said = Said(
        witnesses=("甲", "乙"), grantor_kind="guardian", grantor="王建国", assent_of_minor=True
    )

    with pytest.raises(InvalidFacts):
        make.consent(
            client, service, said=said, wishes=make.wishes(service, ["identity"], separate=True)
        )
    make.legal_basis(client, service, ["identity", "mental_health"])

    assert allowed(client, service, "mental_health")


def test_c5_suspecting_a_guardian_ends_what_the_guardian_had_allowed(heard):
    client = make.adult(birth_date=years_ago(10), populations=[])
    service = make.service("CY01")
    guardian = operations.client.add_guardian(
        client, by=client.worker, name="王建国", relation="父亲"
    )
    said = Said(
        witnesses=("甲", "乙"), grantor_kind="guardian", grantor="王建国", assent_of_minor=True
    )
    make.consent(
        client, service, said=said, wishes=make.wishes(service, ["identity"], separate=True)
    )

    operations.client.suspect_guardian(guardian, by=client.worker)

    assert not allowed(client, service, "identity")


def test_c5_from_fourteen_the_minor_consents_and_the_guardian_is_told_or_the_reason_is_written():
    client = make.adult(birth_date=years_ago(15), populations=[])
    service = make.service()

    with pytest.raises(FactsMissing):
        make.consent(client, service)

    unsafe = Said(witnesses=("甲", "乙"), guardian_not_told_reason="告知会危及本人")
    assert make.consent(client, service, said=unsafe).basis == "consent"


def test_c5_an_organization_may_ask_for_both_until_eighteen():
    client = make.adult(birth_date=years_ago(15), populations=[])
    CaseRules.objects.create(organization=client.organization, minors_need_guardian=True)

    with pytest.raises(InvalidFacts):
        make.consent(client, make.service(), said=Said(witnesses=("甲", "乙"), guardian_told=True))


def test_only_who_records_consents_and_sees_the_file_records_one():
    client, service = make.adult(), make.service()

    for person in (make.colleague(client), make.colleague(client, Role.SUPERVISOR), make.worker()):
        with pytest.raises(NotPermitted):
            operations.consent.record(
                client,
                by=person,
                text=make.notice(),
                said=make.ORAL,
                wishes=make.wishes(service, ["identity"]),
            )


def test_c6_withdrawal_revokes_asks_for_deletion_and_is_heard_in_the_same_transaction(heard):
    client, service, referral = make.adult(), make.service(), uuid.uuid4()
    consent = make.consent(client, service)
    grant = make.grant(client, consent, referral)

    result = operations.consent.withdraw(consent, by=client.worker, via="phone", reason="不想了")

    grant.refresh_from_db()
    assert result == ([referral], 1)
    assert heard == [[grant]]
    assert grant.revoked_at is not None
    assert grant.deletion_asked_at == grant.revoked_at
    assert (consent.status, consent.withdrawn_via) == ("withdrawn", "phone")
    assert not allowed(client, service, "identity")


def test_c6_when_a_hearer_fails_nothing_is_withdrawn():
    client = make.adult()
    consent = make.consent(client, make.service())
    make.grant(client, consent, uuid.uuid4())

    @receiver(basis_lost, weak=False)
    def fail(sender, grants, **_kwargs):
        raise RuntimeError

    try:
        with pytest.raises(RuntimeError):
            operations.consent.withdraw(consent, by=client.worker, via="phone")
    finally:
        basis_lost.disconnect(fail)

    assert Consent._base_manager.get(pk=consent.pk).status == "active"
    assert DisclosureGrant._base_manager.get().revoked_at is None


def test_c6_a_consent_is_withdrawn_once():
    client = make.adult()
    consent = make.consent(client, make.service())
    operations.consent.withdraw(consent, by=client.worker, via="phone")

    with pytest.raises(IllegalTransition):
        operations.consent.withdraw(consent, by=client.worker, via="phone")


def test_c6_other_consents_and_their_grants_stay(heard):
    client, first, second = make.adult(), make.service(), make.service()
    withdrawn, kept = make.consent(client, first), make.consent(client, second)
    grant = make.grant(client, kept, uuid.uuid4())

    operations.consent.withdraw(withdrawn, by=client.worker, via="office")

    grant.refresh_from_db()
    assert grant.revoked_at is None
    assert heard == []
    assert allowed(client, second, "identity")


def test_c6_the_client_withdraws_by_the_own_link():
    client = make.adult()
    consent = make.consent(client, make.service())

    operations.consent.withdraw(consent, by=accounts.queries.guest(), via="wechat")

    assert consent.status == "withdrawn"


def test_c7_what_has_run_out_permits_nothing_even_before_the_job_ran(heard):
    client, service = make.adult(), make.service()
    consent = make.consent(client, service, expires_at=now() + timedelta(days=2))
    make.grant(client, consent, uuid.uuid4())

    with shifted(timedelta(days=3)):
        assert not allowed(client, service, "identity", at=now())
        assert list(Consent.objects.visible_to(accounts.system()).run_out(now())) == [consent]
        result = operations.consent.expire(consent, by=accounts.system())

    assert (consent.status, result.revoked_grants, len(heard)) == ("expired", 1, 1)


def test_a_newer_consent_takes_the_place_of_an_older_one():
    client, service = make.adult(), make.service()
    old = make.consent(client, service, ["identity", "contact"])

    new = make.consent(client, service, ["identity"], supersedes=old)

    assert (old.status, new.status) == ("superseded", "active")
    assert not allowed(client, service, "contact")


def test_c11_a_refusal_is_kept_and_blocks_nothing_else():
    client, service = make.adult(), make.service()

    consent = operations.consent.refuse(
        client, by=client.worker, text=make.notice(), said=make.ORAL
    )

    assert consent.status == "refused"
    assert not allowed(client, service, "identity")
    assert make.need(client).status == "open"


def test_a_legal_basis_works_beside_a_refusal_and_takes_two_persons():
    client, service = make.adult(), make.service("MH06")
    operations.consent.refuse(client, by=client.worker, text=make.notice(), said=make.ORAL)

    basis = make.legal_basis(client, service, [DataClass.MENTAL_HEALTH])

    assert disclosure.permitted(client, service, "referral", "mental_health", now()).basis == basis
    assert basis.approver != basis.author
    with shifted(timedelta(days=4)):
        assert not allowed(client, service, "mental_health", at=now())


def test_nobody_approves_a_legal_basis_of_his_own():
    client, service = make.adult(), make.service()
    basis = operations.privacy.propose_basis(
        client,
        by=client.worker,
        kind="life_safety",
        citation="PIPL 13",
        narrative="x",
        recipients=[f"service:{service.uid}"],
        data_classes=["identity"],
        until=now() + timedelta(days=1),
    )
    accounts.member(Role.SUPERVISOR, client.organization, user=client.worker)

    with pytest.raises(NotPermitted):
        operations.privacy.approve_basis(basis, by=client.worker)
    assert not allowed(client, service, "identity")


def test_ending_a_legal_basis_closes_what_rests_on_it(heard):
    client, service = make.adult(), make.service()
    basis = make.legal_basis(client, service, ["identity"])
    make.grant(client, make.consent(client, service, ["contact"]), uuid.uuid4())
    operations.disclosure.grant(
        client,
        by=client.worker,
        context_kind="referral",
        context_uid=uuid.uuid4(),
        recipient_org=service.organization,
        basis=basis,
        data_classes=["identity"],
        tier="full",
    )

    result = operations.privacy.end_basis(basis, by=basis.approver)

    assert result.revoked_grants == 1
    assert not allowed(client, service, "identity")


def test_names_and_evidence_of_a_consent_are_sealed():
    client = make.adult()
    consent = make.consent(
        client,
        make.service(),
        said=Said(
            method="written", evidence_ref="柜 3 格 2", grantor_kind="attorney", grantor="李某"
        ),
    )

    row = Consent._base_manager.filter(pk=consent.pk).values_list(
        "grantor", "evidence_ref", "witnesses"
    )

    assert all(value.startswith(f"v1.{client.key_id}.") for value in row.get())
