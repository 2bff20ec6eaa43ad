"""What we write as HSDS, we read back the same."""

from datetime import date, time

import pytest

from directory.catalogue.models import Organization, Service, ServiceArea
from directory.catalogue.operations.batch import ORDER
from directory.exchange.exports.hsds import Writer
from directory.exchange.exports.shelf import Shelf
from tests.directory.exchange import conformance
from tests.factories import catalogue
from tests.factories import exchange as make

pytestmark = pytest.mark.django_db


def written():
    services = list(Service.objects.select_related("organization__parent", "program"))
    owners = list(Organization.objects.select_related("parent"))
    shelf = Shelf(services=services, organizations=owners)
    writer = Writer(shelf, "zh-Hans")
    return [
        *writer.services(services, full=True),
        *writer.organizations(owners, full=True, services="names"),
    ]


def without_extensions(value):
    if isinstance(value, dict):
        kept = {
            key: without_extensions(each)
            for key, each in value.items()
            if not key.startswith("x_") and key not in {"last_modified", "assured_date"}
        }
        return dict(sorted(kept.items()))
    if isinstance(value, list):
        return sorted((without_extensions(each) for each in value), key=str)
    return value


@pytest.fixture(autouse=True)
def _empty(db):
    _wipe()


def _wipe():
    Service.objects.update(program=None)
    for model in reversed(ORDER):
        if model.__name__ not in {"Taxonomy", "TaxonomyTerm"}:
            model.objects.all().delete()


def rich():
    owner = catalogue.organization(
        name="听雨社工站", description="社区服务", website="https://example.org/路",
        email="a@example.org", year_incorporated=2011,
    )  # fmt: skip
    owner.identifiers.create(
        identifier_scheme="CN-USCC", identifier_type="统一社会信用代码",
        identifier="91350100M000100Y43", normalized="91350100M000100Y43",
    )  # fmt: skip
    program = owner.programs.create(name="长者关爱")
    made = catalogue.service(
        owner, name="助餐", description="午餐送到家", minimum_age=60, program=program,
        fees_description="每餐 8 元", url="https://example.org/meals",
    )  # fmt: skip
    catalogue.phone(service=made, number="0571-88880000", extension="8012", type="voice")
    catalogue.phone(organization=owner, number="12345", extension="0123")
    contact = catalogue.contact(service=made, name="方师傅", title="前台", audience="public")
    catalogue.phone(contact=contact, number="0571-88880001")
    catalogue.schedule(service=made)
    catalogue.schedule(service=made, byday="SA", all_day=True, opens_at=None, closes_at=None)
    catalogue.schedule(
        service=made, byday="1SU", freq="MONTHLY", opens_at=time(22), closes_at=time(6),
        closes_next_day=True, valid_from=date(2026, 1, 1),
    )  # fmt: skip
    made.languages.create(name="粤语", code="yue")
    made.cost_options.create(option="一餐", amount="8.50", currency="CNY")
    made.required_documents.create(document="身份证")
    made.funding.create(source="福彩公益金")
    made.urls.create(label="公众号", url="https://example.org/wx")
    area = ServiceArea.objects.create(service=made, name="西湖区")
    area.served.create(area=catalogue.area())
    catalogue.nationwide(made)
    catalogue.tag(made, "EL04")
    place = catalogue.place(made, catalogue.measured(organization=owner), description="一楼")
    catalogue.phone(service_at_location=place, number="0571-88880002")
    place.location.accessibility.create(description="无障碍坡道")
    return made


def test_an_export_read_into_an_empty_directory_gives_the_same_export(tmp_path):
    rich()
    first = written()
    for item in first[:1]:
        assert conformance.faults("service", item) == []
    path = tmp_path / "service.json"
    path.write_text(make.as_json(first), "utf-8")
    _wipe()

    batch = make.imported(path, source="ourselves")

    lost = batch.rows.filter(outcome__in=["quarantined", "refused"])
    assert list(lost.values_list("table", "problems")) == []
    assert without_extensions(written()) == without_extensions(first)


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("active", ""),
        ("suspended", "provider_break"),
        ("suspended", "upstream_inactive"),
        ("closed", ""),
    ],
)
def test_a_state_survives(tmp_path, state, reason):
    made = catalogue.service(catalogue.organization(), state=state, state_reason=reason)
    path = tmp_path / "service.json"
    path.write_text(make.as_json(written()), "utf-8")
    _wipe()

    make.imported(path, source="ourselves")

    again = Service.objects.get(uid=made.uid)
    assert (again.state, again.state_reason) == (state, reason)
