"""Needs, stages, consents and transfers move only as the second, hand-written tables say."""

from datetime import date

import pytest

from referrals.casefiles.states import (
    ACTIVE,
    ENDED,
    ConsentStatus,
    LegalBasisKind,
    NeedStatus,
    Stage,
    TransferState,
    age_on,
    band_of,
    consent_move,
    need_move,
    stage_move,
    transfer_move,
)

# source -> the targets it may go to, with what must be said.
NEEDS = {
    "open": {
        "in_progress": set(),
        "resolved": set(),
        "partly_resolved": set(),
        "unmet": {"reason", "review_on"},
        "no_longer_needed": set(),
    },
    "in_progress": {
        "resolved": set(),
        "partly_resolved": set(),
        "unmet": {"reason", "review_on"},
        "unknown": set(),
        "no_longer_needed": set(),
    },
    "resolved": {"open": {"reason"}},
    "partly_resolved": {
        "unmet": {"reason", "review_on"},
        "no_longer_needed": set(),
        "open": {"reason"},
    },
    "unmet": {
        "resolved": set(),
        "partly_resolved": set(),
        "no_longer_needed": set(),
        "open": {"reason"},
    },
    "no_longer_needed": {"open": {"reason"}},
    "unknown": {
        "resolved": set(),
        "partly_resolved": set(),
        "unmet": {"reason", "review_on"},
        "no_longer_needed": set(),
        "open": {"reason"},
    },
}
CONSENTS = {
    ("pending", "active"),
    ("pending", "refused"),
    ("active", "withdrawn"),
    ("active", "expired"),
    ("active", "superseded"),
}
STAGE_NAMES = ["intake", "assessment", "planning", "intervention", "evaluation", "closing"]


@pytest.mark.parametrize("source", NeedStatus.values)
@pytest.mark.parametrize("target", NeedStatus.values)
def test_a_need_moves_only_along_the_table(source, target):
    move = need_move(source, target)

    expected = NEEDS[source].get(target)
    assert (None if move is None else set(move.needs)) == expected


def test_every_need_status_can_be_reached_and_left():
    targets = {target for row in NEEDS.values() for target in row}

    assert targets == set(NeedStatus.values)
    assert all(NEEDS[status] for status in NeedStatus.values)
    assert set(ACTIVE) | set(ENDED) == set(NeedStatus)
    assert not ACTIVE & ENDED


@pytest.mark.parametrize("source", STAGE_NAMES)
@pytest.mark.parametrize("target", STAGE_NAMES)
def test_a_stage_goes_one_step_forward_or_back(source, target):
    distance = STAGE_NAMES.index(target) - STAGE_NAMES.index(source)

    expected = "forward" if distance == 1 else "back" if distance < 0 else ""
    assert stage_move(source, target) == expected
    assert Stage.values == STAGE_NAMES


@pytest.mark.parametrize("source", ConsentStatus.values)
@pytest.mark.parametrize("target", ConsentStatus.values)
def test_a_consent_never_comes_back_to_life(source, target):
    assert consent_move(source, target) is ((source, target) in CONSENTS)


@pytest.mark.parametrize("source", TransferState.values)
@pytest.mark.parametrize("target", TransferState.values)
def test_a_transfer_is_answered_once(source, target):
    expected = source == "offered" and target in {"accepted", "declined", "withdrawn"}

    assert transfer_move(source, target) is expected


@pytest.mark.parametrize(
    ("kind", "basis"),
    [
        ("mandatory_report", "statutory_duty"),
        ("life_safety", "emergency"),
        ("court_order", "authority_order"),
        ("statutory", "statutory_duty"),
    ],
)
def test_a_legal_basis_has_its_name_in_the_register(kind, basis):
    assert LegalBasisKind(kind).consent_basis == basis


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        (date(2012, 5, 20), date(2026, 5, 19), 13),
        (date(2012, 5, 20), date(2026, 5, 20), 14),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
    ],
)
def test_an_age_is_reached_on_the_birthday(born, on, age):
    assert age_on(born, on) == age


@pytest.mark.parametrize(
    ("age", "band"),
    [
        (0, "0-5"),
        (5, "0-5"),
        (6, "6-13"),
        (13, "6-13"),
        (14, "14-17"),
        (17, "14-17"),
        (18, "18-34"),
        (34, "18-34"),
        (35, "35-59"),
        (59, "35-59"),
        (60, "60-69"),
        (69, "60-69"),
        (70, "70-79"),
        (79, "70-79"),
        (80, "80+"),
        (107, "80+"),
    ],
)
def test_age_bands_meet_without_a_gap(age, band):
    assert band_of(age) == band
