"""Finding a person: letters in the own caseload, exact words beyond it, warnings about doubles."""

from datetime import date

import pytest

from accounts.permissions import Role
from referrals.casefiles import operations, queries
from referrals.casefiles.operations.client import Phone
from tests.factories import accounts
from tests.factories import casefiles as make

pytestmark = pytest.mark.django_db
ID_NUMBER = "900101194803050048"


@pytest.mark.parametrize(
    "text",
    ["王", "王桂", "wang", "wangguifang", "wgf", "WGF", "1234", "0001", "王桂芳"],
)
def test_a_few_letters_find_within_the_own_caseload(text):
    by = make.worker()
    client = make.adult(by)
    make.client(by, name="李明", phones=[Phone("13899990000")], file_no="X-7")

    assert queries.people.find(by, text).own == [client]


@pytest.mark.parametrize("text", ["芳", "guifang", "g", "zzz", "", "  "])
def test_the_middle_of_a_name_finds_nobody(text):
    by = make.worker()
    make.adult(by)

    assert queries.people.find(by, text).own == []


def test_a_pseudonym_and_a_name_with_a_dot_are_found():
    by = make.worker()
    dotted = make.client(by, name="阿依古丽·买买提")
    hidden = make.client(by, name="", pseudonym="小桔")

    assert queries.people.find(by, "阿依古丽买").own == [dotted]
    assert queries.people.find(by, "xiaoju").own == [hidden]


@pytest.mark.parametrize("text", ["王桂芳", "王 桂芳", "138 1234 1234", ID_NUMBER])
def test_exact_words_find_beyond_the_caseload_what_one_may_see(text):
    client = make.adult(id_number=ID_NUMBER)
    supervisor = make.colleague(client, Role.SUPERVISOR)

    found = queries.people.find(supervisor, text)

    assert (found.own, found.others) == ([], [client])
    assert queries.people.find(make.colleague(client), text).others == []
    assert queries.people.find(accounts.member(Role.SUPERVISOR), text).others == []


def test_file_and_case_numbers_are_exact_words():
    client = make.adult()
    supervisor = make.colleague(client, Role.SUPERVISOR)

    for number in (client.file_no, make.case(client).case_no):
        assert queries.people.find(supervisor, number).others == [client]


def test_beyond_the_caseload_a_part_of_a_name_finds_nobody():
    client = make.adult()
    supervisor = make.colleague(client, Role.SUPERVISOR)

    assert queries.people.find(supervisor, "王桂").others == []


def test_possible_doubles_are_shown_within_what_one_may_see():
    by = make.worker()
    client = make.adult(by, id_number=ID_NUMBER)

    def alike(person, **facts):
        return queries.people.alike(person, by.station, **facts)

    assert alike(by, id_number=ID_NUMBER) == [client]
    assert alike(by, numbers=["138-1234-1234"]) == [client]
    assert alike(by, name="王桂芳", birth_date=date(1948, 9, 9)) == [client]
    assert alike(by, name="王桂芳", birth_date=date(1950, 3, 5)) == []
    assert alike(by, name="王桂芳") == []
    assert alike(make.colleague(client), id_number=ID_NUMBER) == []


def test_an_emergency_finds_one_file_of_the_organization_by_exact_words():
    client = make.adult(populations=["plwh"])
    person = make.colleague(client)

    assert queries.people.in_reach(person, "王桂芳") == client
    assert queries.people.in_reach(make.worker(), "王桂芳") is None
    make.adult(client.worker)
    assert queries.people.in_reach(person, "王桂芳") is None


def test_a_related_worker_finds_nobody():
    client = make.adult()
    operations.client.declare_conflict(client, by=client.worker, user=client.worker)

    assert queries.people.find(client.worker, "王桂芳") == queries.people.Found([], [])
