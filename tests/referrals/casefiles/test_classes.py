"""The table of 21 data classes, its presets, and what policy lets a recipient have (C2, C3)."""

import csv

import pytest
from django.conf import settings

from referrals.casefiles.disclosure import classes
from referrals.casefiles.disclosure.classes import CLASSES, PRESETS
from referrals.casefiles.disclosure.policies import SEEDS, allowances
from referrals.casefiles.states import DataClass
from referrals.casefiles.states import PolicyRule as Rule

# class -> (S, R, sensitive category): a second copy of the table.
TABLE = {
    "identity": (False, False, ""),
    "contact": (False, False, ""),
    "household": (False, False, ""),
    "address_detail": (False, False, ""),
    "need_narrative": (False, False, ""),
    "finance": (True, False, "finance"),
    "benefits": (True, False, "finance"),
    "health_general": (True, False, "health"),
    "hiv": (True, True, "hiv"),
    "mental_health": (True, True, "mental"),
    "substance": (True, True, "identity_special"),
    "disability": (True, False, "health"),
    "violence": (True, True, "dv_address"),
    "whereabouts": (True, True, "dv_address"),
    "criminal_record": (True, True, "identity_special"),
    "juvenile_record": (True, True, "identity_special"),
    "residence_status": (False, False, ""),
    "education": (False, False, ""),
    "employment": (False, False, ""),
    "child_data": (True, True, "minor"),
    "documents": (True, True, ""),
}


def _codes(name):
    path = settings.FIXTURES_DIR / "codes.csv"
    with path.open(encoding="utf-8") as file:
        return {row["code"] for row in csv.DictReader(file) if row["set"] == name}


def test_the_21_classes_are_marked_as_the_law_says():
    found = {
        data_class.value: (traits.sensitive, traits.restricted, traits.category)
        for data_class, traits in CLASSES.items()
    }

    assert found == TABLE
    assert set(TABLE) == set(DataClass.values)


def test_every_restricted_class_is_sensitive():
    assert all(traits.sensitive for traits in CLASSES.values() if traits.restricted)


def test_sensitive_categories_are_codes_and_what_is_not_collected_is_absent():
    used = {traits.category for traits in CLASSES.values()} - {""}

    assert used <= _codes("sensitive_category")
    assert used.isdisjoint({"religion", "biometric", "track"})


def test_presets_are_the_consent_scopes():
    assert set(PRESETS) == _codes("consent_scope")
    assert PRESETS["anonymous"] == frozenset()


def test_a_population_or_risk_code_reveals_at_most_one_class():
    codes = [code for traits in CLASSES.values() for code in traits.codes]

    assert len(codes) == len(set(codes))
    assert set(codes) <= _codes("population") | _codes("risk")


@pytest.mark.parametrize(
    ("code", "revealed"),
    [
        ("plwh", "hiv"),
        ("smi", "mental_health"),
        ("correction", "criminal_record"),
        ("dv_victim", "violence"),
        ("elder", None),
        ("general", None),
    ],
)
def test_codes_reveal_their_class(code, revealed):
    assert classes.class_of_code(code) == revealed


def test_lists_outside_the_file_show_harmless_codes_only():
    assert classes.harmless(["elder", "plwh", "dibao", "drug_rehab"]) == ["elder", "dibao"]


@pytest.mark.parametrize(
    ("age", "populations", "needs", "expected"),
    [
        (17, [], [], True),
        (18, [], [], False),
        (None, [], [], False),
        (40, ["plwh"], [], True),
        (40, ["elder", "dibao"], [], False),
        (40, [], ["HE17"], True),
        (40, [], ["JU01"], True),
        (40, [], ["FM01"], True),
        (40, [], ["MH02"], False),
        (40, [], ["SA03"], False),
    ],
)
def test_law_closes_some_files_to_all_but_the_team(age, populations, needs, expected):
    assert (
        classes.makes_restricted(age=age, populations=populations, need_categories=needs)
        is expected
    )


def test_every_written_field_is_a_field_of_its_class():
    assert all(name in CLASSES[key].fields for key, name in classes.WRITTEN_FIELD.items())


def test_seeds_are_unique_and_name_real_fields():
    keys = [(seed.prefix, seed.data_class) for seed in SEEDS]

    assert len(keys) == len(set(keys))
    assert all(
        name in CLASSES[DataClass(seed.data_class)].fields for seed in SEEDS for name in seed.fields
    )


def test_without_a_row_plain_classes_are_optional_and_sensitive_ones_never_given():
    allowed = allowances(["ZZ99"], SEEDS)

    for data_class, (sensitive, _restricted, _category) in TABLE.items():
        expected = Rule.NEVER if sensitive else Rule.OPTIONAL
        assert allowed[DataClass(data_class)].rule == expected


@pytest.mark.parametrize(
    ("category", "data_class", "rule", "fields"),
    [
        ("HE17", "hiv", "optional", None),
        ("HE10", "hiv", "never", None),
        ("PG11", "hiv", "optional", None),
        ("PG01", "hiv", "never", None),
        ("MH03", "mental_health", "optional", None),
        ("JU03", "substance", "optional", None),
        ("JU02", "substance", "never", None),
        ("JU02", "criminal_record", "optional", ("order_reference",)),
        ("JU02", "contact", "never", None),
        ("DS05", "disability", "optional", None),
        ("CY01", "child_data", "optional", None),
        ("CY01", "violence", "never", None),
        ("CY05", "violence", "optional", None),
        ("CY06", "whereabouts", "optional", None),
        ("FM01", "violence", "optional", None),
        ("FM04", "violence", "never", None),
        ("SA03", "documents", "optional", None),
        ("LE02", "identity", "required", None),
        ("LE02", "need_narrative", "required", ("categories", "deadline")),
        ("LE02", "finance", "optional", ("income",)),
        ("LE02", "hiv", "never", None),
        ("LE02", "mental_health", "never", None),
        ("EM01", "disability", "optional", ("functional_level",)),
        ("EL05", "household", "optional", ("next_of_kin", "groups")),
        ("GT01", "identity", "required", ("name",)),
        ("GT01", "household", "optional", ("household_size",)),
        ("GT01", "address_detail", "optional", ("district",)),
        ("GT01", "contact", "never", None),
        ("GT01", "need_narrative", "never", None),
    ],
)
def test_what_a_kind_of_service_may_be_given(category, data_class, rule, fields):
    allowance = allowances([category], SEEDS)[DataClass(data_class)]

    assert allowance.rule == rule
    assert fields is None or allowance.fields == fields


def test_of_several_categories_the_one_that_may_have_more_decides():
    allowed = allowances(["GT01", "MH02"], SEEDS)

    assert allowed[DataClass.MENTAL_HEALTH].rule == Rule.OPTIONAL
    assert allowed[DataClass.IDENTITY].rule == Rule.REQUIRED
