"""Consent resolution against a second, plain reading of the six steps (C1, C2)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from referrals.casefiles.disclosure.decide import Question, Recipient, Refusal, decide
from referrals.casefiles.states import DataClass, RecipientKind

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SENSITIVE = {
    *("finance", "benefits", "health_general", "hiv", "mental_health", "substance", "disability"),
    *("violence", "whereabouts", "criminal_record", "juvenile_record", "child_data", "documents"),
}
RESTRICTED = {
    *("hiv", "mental_health", "substance", "violence", "whereabouts", "criminal_record"),
    *("juvenile_record", "child_data", "documents"),
}


@dataclass
class Consent:
    status: str = "active"
    given_at: datetime | None = NOW - DAY
    expires_at: datetime | None = NOW + DAY


@dataclass
class Scope:
    consent: Consent
    purpose: str
    recipient_kind: str
    recipient_uid: str
    data_class: str
    decision: str = "permit"
    separate_consent: bool = False


@dataclass
class Basis:
    recipients: list[str]
    data_classes: list[str]
    approved_at: datetime | None = NOW - DAY
    until: datetime = NOW + DAY


BATH = Recipient(
    RecipientKind.SERVICE,
    "s1",
    frozenset({(RecipientKind.ORGANIZATION, "o1"), (RecipientKind.CATEGORY, "EL")}),
)


def reference(recipient, purpose, data_class, at, under_14, scopes, bases):
    """Read referrals.md 3.2 once more, step by step, with nothing shared but the data."""
    containing = {
        (str(recipient.kind), recipient.uid),
        ("any", ""),
        *((str(k), u) for k, u in recipient.within),
    }
    # 1. Collect what matches.
    found = []
    for scope in scopes:
        consent = scope.consent
        if consent.status != "active" or not consent.given_at or not consent.expires_at:
            continue
        if not consent.given_at <= at < consent.expires_at or scope.purpose != purpose:
            continue
        if (scope.recipient_kind, scope.recipient_uid) not in containing:
            continue
        if scope.data_class in (data_class, "ANY"):
            found.append(scope)
    # 2. A deny ends it.
    if [scope for scope in found if scope.decision == "deny"]:
        return False
    # 3. The most specific permit; of equals one with the separate tick.
    width = {"service": 0, "conference": 0, "organization": 1, "category": 2, "any": 3}
    found.sort(
        key=lambda s: (width[s.recipient_kind], s.data_class == "ANY", not s.separate_consent)
    )
    # 4. Sensitive: named and separate. Restricted: not by category or anybody.
    if found:
        best = found[0]
        own_tick = best.data_class == data_class and best.separate_consent
        needs_tick = under_14 or data_class in SENSITIVE
        narrow = best.recipient_kind in ("service", "conference", "organization")
        if (own_tick or not needs_tick) and (narrow or data_class not in RESTRICTED):
            return True
    # 5. A legal basis that names both. 6. Else nothing.
    names = {f"{k}:{u}" for k, u in containing if k in ("service", "conference", "organization")}
    return any(
        b.approved_at and b.approved_at <= at < b.until
        and data_class in b.data_classes and names & set(b.recipients)
        for b in bases
    )  # fmt: skip


instants = st.sampled_from([NOW - 2 * DAY, NOW - DAY, NOW, NOW + DAY])
consents = st.builds(
    Consent,
    status=st.sampled_from(["active", "active", "active", "withdrawn", "pending", "expired"]),
    given_at=st.none() | instants,
    expires_at=st.none() | instants,
)
reaches = st.sampled_from(
    [
        ("service", "s1"),
        ("service", "s2"),
        ("organization", "o1"),
        ("organization", "o2"),
        ("category", "EL"),
        ("category", "LE"),
        ("conference", "c1"),
        ("any", ""),
    ]
)
few_classes = st.sampled_from(["identity", "health_general", "hiv", "documents"])


@st.composite
def scopes_strategy(draw):
    kind, uid = draw(reaches)
    return Scope(
        draw(consents),
        draw(st.sampled_from(["referral", "referral", "conference"])),
        kind,
        uid,
        draw(few_classes | st.just("ANY")),
        draw(st.sampled_from(["permit", "permit", "permit", "deny"])),
        draw(st.booleans()),
    )


bases_strategy = st.builds(
    Basis,
    recipients=st.lists(reaches.map(lambda pair: f"{pair[0]}:{pair[1]}"), max_size=2),
    data_classes=st.lists(few_classes, max_size=2),
    approved_at=st.none() | instants,
    until=instants,
)
recipients = st.sampled_from(
    [
        BATH,
        Recipient(RecipientKind.ORGANIZATION, "o1", frozenset({(RecipientKind.CATEGORY, "EL")})),
        Recipient(RecipientKind.CONFERENCE, "c1"),
    ]
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    recipient=recipients,
    purpose=st.sampled_from(["referral", "conference"]),
    data_class=few_classes,
    under_14=st.booleans(),
    scopes=st.lists(scopes_strategy(), max_size=6),
    bases=st.lists(bases_strategy, max_size=2),
)
def test_resolution_equals_the_plain_reading(
    recipient, purpose, data_class, under_14, scopes, bases
):
    question = Question(recipient, purpose, data_class, NOW, under_14)

    decision = decide(question, scopes, bases)

    assert decision.allowed is reference(
        recipient, purpose, data_class, NOW, under_14, scopes, bases
    )
    assert (decision.basis is not None) is decision.allowed
    assert (decision.reason == "") is decision.allowed


def ask(data_class, *scopes, bases=(), under_14=False, recipient=BATH):
    return decide(Question(recipient, "referral", data_class, NOW, under_14), scopes, bases)


def permit(kind, uid, data_class, *, separate=False, decision="permit"):
    return Scope(Consent(), "referral", kind, uid, data_class, decision, separate)


@pytest.mark.parametrize("data_class", DataClass.values)
@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("separate", [True, False])
@pytest.mark.parametrize("kind", ["service", "organization", "category", "any"])
def test_every_class_by_every_kind_of_permit(data_class, named, separate, kind):
    uid = {"service": "s1", "organization": "o1", "category": "EL", "any": ""}[kind]

    decision = ask(data_class, permit(kind, uid, data_class if named else "ANY", separate=separate))

    ticked = (named and separate) or data_class not in SENSITIVE
    narrow = kind in ("service", "organization") or data_class not in RESTRICTED
    assert decision.allowed is (ticked and narrow)


@pytest.mark.parametrize("kind", ["service", "organization", "category", "any"])
def test_one_deny_beats_permits_of_every_width(kind):
    uid = {"service": "s1", "organization": "o1", "category": "EL", "any": ""}[kind]
    permits = [
        permit("service", "s1", "identity", separate=True),
        permit("organization", "o1", "ANY"),
        permit("any", "", "ANY"),
    ]

    decision = ask("identity", *permits, permit(kind, uid, "ANY", decision="deny"))

    assert decision.reason == Refusal.DENIED


def test_the_narrowest_permit_is_the_basis():
    wide, narrow = permit("any", "", "ANY"), permit("organization", "o1", "identity")

    assert ask("identity", wide, narrow).basis is narrow


def test_a_wider_separate_tick_does_not_replace_a_narrow_permit_without_one():
    wide = permit("organization", "o1", "finance", separate=True)
    narrow = permit("service", "s1", "ANY")

    decision = ask("finance", wide, narrow)

    assert decision.reason == Refusal.NOT_SEPARATE


def test_under_fourteen_every_class_needs_its_own_tick():
    plain = permit("service", "s1", "identity")

    assert ask("identity", plain).allowed
    assert ask("identity", plain, under_14=True).reason == Refusal.NOT_SEPARATE
    own_tick = permit("service", "s1", "identity", separate=True)
    assert ask("identity", own_tick, under_14=True).allowed


def test_a_legal_basis_works_beside_a_refusal():
    refused = Scope(Consent(status="refused"), "referral", "service", "s1", "ANY")
    basis = Basis(["organization:o1"], ["mental_health"])

    decision = ask("mental_health", refused, bases=[basis])

    assert decision.basis is basis


@pytest.mark.parametrize(
    "basis",
    [
        Basis(["organization:o2"], ["hiv"]),
        Basis(["organization:o1"], ["finance"]),
        Basis(["organization:o1"], ["hiv"], approved_at=None),
        Basis(["organization:o1"], ["hiv"], until=NOW),
        Basis(["category:EL", "any:"], ["hiv"]),
    ],
)
def test_a_legal_basis_names_recipient_and_class_and_is_in_force(basis):
    assert ask("hiv", bases=[basis]).reason == Refusal.NO_BASIS
