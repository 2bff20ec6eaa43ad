import pytest

from directory.catalogue.models.record import translation_state
from directory.catalogue.operations import listing
from tests.factories import accounts, catalogue

pytestmark = pytest.mark.django_db


@pytest.fixture
def service():
    made = catalogue.service(name="送餐")
    write(made, **{"name@en": "Meals"})
    return made


def write(service, **changes):
    listing.write(
        service, by=accounts.system(), changes=changes, base_version=service.version, reason="t:"
    )


def test_a_translation_made_by_a_person_is_current(service):
    assert translation_state(service, "name", "en") == "current"
    assert translation_state(service, "description", "en") == ""


def test_a_translation_is_outdated_once_its_base_text_changes(service):
    write(service, name="送餐上门")

    assert translation_state(service, "name", "en") == "outdated"
    assert service.text("name", "en") == ("Meals", "en")
    write(service, **{"name@en": "Meals delivered"})
    assert translation_state(service, "name", "en") == "current"


def test_machine_text_is_marked_until_somebody_reviews_it():
    made = catalogue.service(
        name="送餐", translations={"en": {"name": "Meal delivery"}},
        translation_meta={"en": {"name": {"origin": "machine"}}},
    )  # fmt: skip

    assert translation_state(made, "name", "en") == "machine"
    write(made, **{"name@en": "Meals"})
    assert translation_state(made, "name", "en") == "current"


def test_a_translation_can_be_taken_back(service):
    write(service, **{"name@en": ""})

    assert service.text("name", "en") == ("送餐", "zh-Hans")
    assert translation_state(service, "name", "en") == ""
