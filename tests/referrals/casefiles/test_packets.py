"""What a packet is filled from: class by class, no other need, no suspected guardian (C3, C4)."""

from datetime import date, timedelta

import pytest

from core.jobs import today
from referrals.casefiles import operations, queries
from referrals.casefiles.disclosure import CLASSES
from referrals.casefiles.states import DataClass
from tests.factories import casefiles as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    made = make.adult(populations=["elder_alone", "dibao"], languages=["zh_mandarin"])
    make.safe(made)
    operations.client.write_fact(
        made, by=made.worker, data_class="health_general", text="髋部手术后六周"
    )
    return made


def test_every_field_of_a_packet_belongs_to_its_class(client):
    need = make.need(client, deadline=today() + timedelta(days=3))

    packet = queries.casefile.facts(client, [need])

    for data_class, values in packet.items():
        assert set(values) <= set(CLASSES[data_class].fields)
        assert all(values.values())
    assert packet[DataClass.IDENTITY] == {
        "name": "王桂芳",
        "sex": "female",
        "birth_date": "1948-03-05",
    }
    assert packet[DataClass.HEALTH_GENERAL] == {"note": "髋部手术后六周"}
    assert packet[DataClass.BENEFITS] == {"groups": ["dibao"]}
    assert packet[DataClass.NEED_NARRATIVE]["categories"] == ["EL05"]
    assert DataClass.HIV not in packet


def test_other_needs_leave_no_trace(client):
    bath = make.need(client)
    make.need(client, category="HE17", summary="感染者关怀", hidden=True)

    packet = queries.casefile.facts(client, [bath])

    assert "HE17" not in str(packet)
    assert "感染者" not in str(packet)


def test_a_suspected_guardian_is_hidden():
    client = make.adult(birth_date=date(2014, 5, 1), populations=[])
    operations.client.add_guardian(client, by=client.worker, name="奶奶", relation="祖母")
    operations.client.add_guardian(
        client, by=client.worker, name="王建国", relation="父亲", suspected_harmer=True
    )

    packet = queries.casefile.facts(client, [])

    assert [kin["name"] for kin in packet[DataClass.HOUSEHOLD]["next_of_kin"]] == ["奶奶"]
    assert "王建国" not in str(packet)


def test_a_hiding_place_is_no_ordinary_address():
    client = make.adult(populations=["dv_victim"])

    packet = queries.casefile.facts(client, [])

    assert packet[DataClass.WHEREABOUTS] == {"protected_address": "榆钱巷 9 号 601"}
    assert "address" not in packet.get(DataClass.ADDRESS_DETAIL, {})


def test_who_must_not_be_contacted_has_no_ways_to_call():
    client = make.adult()
    operations.client.answer_contact_safety(client, by=client.worker, may_contact=False)

    packet = queries.casefile.facts(client, [])

    assert packet[DataClass.CONTACT]["safe_contact"] == {"may_contact": False}


def test_a_packet_is_put_into_words(client):
    need = make.need(client)
    sections = queries.casefile.in_words(queries.casefile.facts(client, [need]))

    words = {field: text for section in sections for field, _label, text in section.rows}

    assert words["name"] == "王桂芳"
    assert "138 1234 1234" in words["phones"]
    assert "EL05" not in words["summary"] or need.category.name == "EL05"
    assert sections[0].data_class == DataClass.IDENTITY


def test_a_frozen_packet_with_text_keys_reads_the_same(client):
    need = make.need(client)
    packet = queries.casefile.facts(client, [need])

    frozen = {data_class.value: values for data_class, values in packet.items()}

    assert queries.casefile.in_words(frozen) == queries.casefile.in_words(packet)


def test_household_members_are_counted_and_described_without_names():
    client = make.adult()
    home = make.client(client.worker, kind="household", name="王家")
    niece = make.client(client.worker, name="许小梅", birth_date=date(1981, 4, 4))
    for person, relation in ((client, "本人"), (niece, "侄女")):
        operations.client.join_household(
            home, by=client.worker, person=person, relation=relation, since=date(2020, 1, 1)
        )

    household = queries.casefile.facts(client, [])[DataClass.HOUSEHOLD]

    assert household["household_size"] == 2
    assert household["members"] == [{"relation": "侄女", "birth_year": 1981}]
