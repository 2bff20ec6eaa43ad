from decimal import Decimal

import pytest

from referrals.handoffs.packet.eligibility import Conditions, Mark, Person, marks, verdict

SIXTY = Conditions(minimum_age=Decimal(60))


@pytest.mark.parametrize(
    ("age", "expected"), [(59, "fails"), (60, "meets"), (82, "meets"), (None, "unknown")]
)
def test_age_counts_from_the_birthday_that_is_known(age, expected):
    assert marks(SIXTY, Person(age=age)) == [Mark("age_range", expected)]


def test_a_group_the_file_does_not_name_is_unknown_not_failed():
    conditions = Conditions(groups=frozenset({"veteran"}))

    assert verdict(marks(conditions, Person(groups=frozenset()))) == "unknown"
    assert verdict(marks(conditions, Person(groups=frozenset({"veteran"})))) == "meets"


def test_an_excluded_group_fails():
    conditions = Conditions(excluded_groups=frozenset({"tb"}))

    assert verdict(marks(conditions, Person(groups=frozenset({"tb"})))) == "fails"


def test_a_service_for_women_asks_for_the_sex_alone():
    conditions = Conditions(groups=frozenset({"woman"}))

    assert marks(conditions, Person(sex="female")) == [Mark("gender", "meets")]
    assert marks(conditions, Person(sex="male")) == [Mark("gender", "fails")]
    assert marks(conditions, Person()) == [Mark("gender", "unknown")]


def test_a_service_for_everybody_asks_nothing():
    conditions = Conditions(
        groups=frozenset({"general", "veteran"}), requirements=frozenset({"no_restriction"})
    )

    assert verdict(marks(conditions, Person())) == "meets"


def test_a_low_income_family_fulfills_the_income_condition():
    conditions = Conditions(requirements=frozenset({"income_low"}))

    assert verdict(marks(conditions, Person(groups=frozenset({"dibao"})))) == "meets"
    assert verdict(marks(conditions, Person())) == "unknown"


def test_one_failed_condition_decides():
    conditions = Conditions(
        minimum_age=Decimal(60), requirements=frozenset({"income_low", "medical_proof"})
    )
    person = Person(age=30, groups=frozenset({"dibao"}))

    assert verdict(marks(conditions, person)) == "fails"
