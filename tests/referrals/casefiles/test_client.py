"""Opening and keeping a file: encryption, blind indexes, numbers, versions."""

from datetime import date

import pytest

from core.errors import Conflict, NotPermitted
from core.text import UncleanText
from referrals.casefiles import operations
from referrals.casefiles.errors import DuplicateNumber, FactsMissing, InvalidFacts
from referrals.casefiles.models import Client, ClientPhone
from referrals.casefiles.models.identity import masked_id, masked_name, told_by
from referrals.casefiles.operations.client import Phone
from tests.factories import accounts
from tests.factories import casefiles as make

pytestmark = pytest.mark.django_db
# Made up, with a true check digit; 900000 is no real division.
ID_NUMBER = "900101194803050048"


def stored(client, *columns):
    return Client._base_manager.filter(pk=client.pk).values_list(*columns).get()


def test_a_file_is_sealed_and_reads_back():
    client = make.adult(name="王桂芳", id_number=ID_NUMBER)

    row = stored(client, "name", "birth_date", "id_number", "address")
    again = Client._base_manager.get(pk=client.pk)

    assert all(value.startswith(f"v1.{client.key_id}.") for value in row)
    assert (again.name, again.born, again.id_number) == ("王桂芳", date(1948, 3, 5), ID_NUMBER)


def test_telephone_numbers_are_sealed_and_found_by_any_writing():
    client = make.client(phones=[Phone("138 1234-1234", "mobile", "侄女代接")])

    phone = client.phones.get()
    raw = ClientPhone._base_manager.values_list("number", "note").get()

    assert phone.number == "+8613812341234"
    assert all(value.startswith("v1.c") for value in raw)


def test_whoever_opens_a_file_is_responsible_for_it():
    client = make.client()

    case = make.case(client)

    assert case.responsible == client.worker
    assert case.stage == "intake"
    assert Client.objects.editable_by(client.worker).filter(pk=client.pk).exists()


def test_age_band_is_clear_and_computed():
    client = make.client(birth_date=date(1948, 3, 5))

    assert stored(client, "age_band") == ("70-79",)


def test_a_minors_file_is_restricted_from_the_start():
    client = make.client(birth_date=date(2014, 5, 1))

    assert client.sensitivity == "restricted"
    assert make.case(client).retention_class == "case_minor"


def test_a_name_or_a_pseudonym_is_required():
    with pytest.raises(FactsMissing):
        make.client(name=" ")

    assert make.client(name="", pseudonym="小桔").called == "小桔"


def test_file_numbers_run_on_without_gaps():
    by = make.worker()

    numbers = [make.client(by).file_no for _round in range(3)]

    assert [number[-4:] for number in numbers] == ["0001", "0002", "0003"]


def test_a_number_is_given_once_in_an_organization():
    by = make.worker()
    make.client(by, file_no="澜江-2026-0317")

    with pytest.raises(DuplicateNumber):
        make.client(by, file_no="澜江-2026-0317")

    assert make.client(make.worker(), file_no="澜江-2026-0317")


def test_of_two_editors_the_second_is_told():
    client = make.client()
    other = Client._base_manager.get(pk=client.pk)
    operations.client.change(client, by=client.worker, expected_version=1, address="榆钱巷 9 号")

    with pytest.raises(Conflict):
        operations.client.change(other, by=client.worker, expected_version=1, address="别处")

    assert Client._base_manager.get(pk=client.pk).address == "榆钱巷 9 号"


def test_changing_the_name_moves_its_index():
    client = make.client(name="王桂芳")
    before = client.name_bidx

    operations.client.change(client, by=client.worker, expected_version=1, name="王桂香")

    assert stored(client, "name_bidx")[0] not in {"", before}
    assert client.version == 2


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"id_number": "900101194803050040"}, "id_number"),
        ({"id_number": "123"}, "id_number"),
        ({"birth_date": date(2099, 1, 1)}, "birth_date"),
        ({"populations": ["nonsense"]}, "populations"),
        ({"phones": [Phone("abc")]}, "phones"),
    ],
)
def test_what_cannot_be_right_is_named(facts, field):
    with pytest.raises(InvalidFacts) as refused:
        make.client(**facts)

    assert refused.value.errors[0]["field"] == field


def test_invisible_characters_are_refused():
    with pytest.raises(UncleanText):
        make.client(name="王\u202e芳")


def test_only_workers_of_the_organization_open_files():
    station = accounts.organization()
    stranger = make.worker()

    with pytest.raises(NotPermitted):
        operations.client.create(station, by=stranger, name="王桂芳")


def test_a_colleague_who_is_not_on_the_team_does_not_edit():
    client = make.client()
    colleague = make.colleague(client)

    with pytest.raises(NotPermitted):
        operations.client.change(client, by=colleague, expected_version=1, address="x")


def test_numbers_that_are_taken_away_are_gone():
    client = make.client(phones=[Phone("13812341234"), Phone("13912341234")])

    operations.client.change(
        client, by=client.worker, expected_version=1, phones=[Phone("13912341234")]
    )

    assert [phone.number for phone in client.phones.all()] == ["+8613912341234"]


def test_a_fact_belongs_to_one_class_and_nothing_written_removes_it():
    client = make.client()
    operations.client.write_fact(
        client, by=client.worker, data_class="health_general", text="髋部手术后六周"
    )
    assert client.facts.get().text == "髋部手术后六周"

    operations.client.write_fact(client, by=client.worker, data_class="health_general", text="")

    assert not client.facts.exists()


def test_nothing_is_written_about_classes_that_come_from_the_file():
    client = make.client()

    with pytest.raises(InvalidFacts):
        operations.client.write_fact(client, by=client.worker, data_class="identity", text="x")


def test_names_and_numbers_are_masked():
    assert masked_name("王桂芳") == "王**"
    assert masked_name("欧阳修文") == "欧阳**"
    assert masked_name("阿依古丽·买买提") == "阿**"
    assert masked_id(ID_NUMBER) == "900***********0048"


def test_an_identity_number_offers_birth_date_and_sex():
    assert told_by(ID_NUMBER) == (date(1948, 3, 5), "female")


def test_a_birthday_moves_the_band_and_a_file_once_closed_stays_closed():
    client = make.client(birth_date=date(2014, 5, 1))
    client.birth_date = "1990-05-01"
    client.save(update_fields=["birth_date"])

    operations.client.renew_age_band(client, by=accounts.system())

    assert (client.age_band, client.sensitivity) == ("35-59", "restricted")
