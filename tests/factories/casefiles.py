"""Files, needs and consents for tests, made by the ordinary operations."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from accounts.models import User
from accounts.permissions import Role
from core.jobs import now
from directory.catalogue.models import (
    Attribute,
    Code,
    Organization,
    Service,
    Taxonomy,
    TaxonomyTerm,
)
from directory.catalogue.states import LinkType
from referrals.casefiles import disclosure, operations
from referrals.casefiles.models import (
    CaseFile,
    Client,
    Consent,
    ConsentText,
    DisclosureGrant,
    LegalBasis,
    Need,
)
from referrals.casefiles.operations.client import Phone
from referrals.casefiles.operations.consent import Said, Wish
from referrals.casefiles.states import DataClass, Purpose
from tests.factories import accounts

CODES = {
    "population": ["elder", "elder_alone", "dibao", "plwh", "dv_victim", "under14", "youth_risk"],
    "risk": ["self_harm", "violence", "medical", "neglect"],
    "language": ["zh_mandarin", "zh_yue", "en"],
    "contact_method": ["phone", "office", "home_visit", "wechat"],
    "case_type": ["casework", "group", "consult"],
    "case_source": ["self", "outreach"],
    "close_reason": ["goal_achieved", "moved", "client_ended"],
    "unmet_reason": ["NO_CAPACITY", "COST", "OTHER"],
    "confidentiality_exception": ["self_harm", "harm_others", "supervision"],
}


def codes() -> None:
    """Make sure of the codes that files use; the product's own data migration has them all."""
    for name, values in CODES.items():
        for code in values:
            Code.objects.get_or_create(set=name, code=code, defaults={"name": code})


def term(code: str = "EL05") -> TaxonomyTerm:
    """Return a leaf of the taxonomy of needs."""
    taxonomy, _new = Taxonomy.objects.get_or_create(
        code="shegong-cn", defaults={"name": "shegong-cn"}
    )
    leaf, _new = TaxonomyTerm.objects.get_or_create(
        taxonomy=taxonomy, code=code, defaults={"name": code}
    )
    return leaf


def service(*categories: str, organization: Organization | None = None) -> Service:
    """Make a service that is listed under some categories."""
    provider = organization or accounts.organization("暖巢助浴队")
    made = Service.objects.create(organization=provider, name="上门助浴")
    for code in categories or ("EL05",):
        Attribute.objects.create(
            link_entity="service",
            link_uid=made.uid,
            link_type=LinkType.SERVICE_TYPE,
            term=term(code),
            service=made,
        )
    return made


def worker(organization: Organization | None = None) -> User:
    """Make a social worker; `worker.station` is where."""
    codes()
    station = organization or accounts.organization()
    person = accounts.member(Role.WORKER, station)
    person.station = station  # type: ignore[attr-defined]
    return person


def colleague(client: Client, role: str = Role.WORKER) -> User:
    """Make somebody else of the client's organization."""
    return accounts.member(role, client.organization)


def client(by: User | None = None, **facts: Any) -> Client:
    """Open a file with its first case."""
    by = by or worker()
    facts.setdefault("name", "王桂芳")
    made = operations.client.create(by.station, by=by, **facts)  # type: ignore[attr-defined]
    made.worker = by  # type: ignore[attr-defined]
    return made


def adult(by: User | None = None, **facts: Any) -> Client:
    """Open a file about an old woman who can be called."""
    defaults: dict[str, Any] = {
        "birth_date": date(1948, 3, 5),
        "sex": "female",
        "phones": [Phone("13812341234")],
        "address": "榆钱巷 9 号 601",
        "populations": ["elder_alone"],
    }
    return client(by, **defaults | facts)


def case(client: Client) -> CaseFile:
    """Return the case that came with the file."""
    found: CaseFile = client.cases.get()
    return found


def need(client: Client, category: str = "EL05", **facts: Any) -> Need:
    """Record a need."""
    defaults: dict[str, Any] = {"urgency": "u2", "impact": "i1", "summary": "自己无法进出浴缸"}
    return operations.need.record(
        client,
        by=client.worker,  # type: ignore[attr-defined]
        **{"category": term(category)} | defaults | facts,
    )


def safe(client: Client) -> None:
    """Answer how the client may be reached."""
    operations.client.answer_contact_safety(
        client,
        by=client.worker,  # type: ignore[attr-defined]
        may_contact=True,
        channels=["phone"],
        safe_times="9:00 - 17:00",
    )


def notice(purpose: str = Purpose.REFERRAL, language: str = "zh-Hans") -> ConsentText:
    """Return the notice that is read to the client."""
    found = ConsentText.objects.in_force(purpose, language, now())
    assert found is not None
    return found


def wishes(
    recipient: Any,
    classes: Sequence[str],
    *,
    separate: bool | None = None,
    decision: str = "permit",
) -> list[Wish]:
    """Say yes (or no) to some classes for one recipient, sensitive ones with their own tick."""
    whom = disclosure.recipient_of(recipient)
    return [
        Wish(
            whom.kind,
            whom.uid,
            name,
            decision,
            disclosure.is_sensitive(name, under_14=False) if separate is None else separate,
        )
        for name in classes
    ]


ORAL = Said(witnesses=("周晓棠", "林一舟"))


def consent(
    client: Client,
    recipient: Any,
    classes: Sequence[str] = (DataClass.IDENTITY, DataClass.CONTACT, DataClass.NEED_NARRATIVE),
    **facts: Any,
) -> Consent:
    """Record a consent of the client for one recipient."""
    defaults: dict[str, Any] = {"said": ORAL, "wishes": wishes(recipient, classes)}
    return operations.consent.record(
        client,
        by=client.worker,  # type: ignore[attr-defined]
        text=notice(),
        **defaults | facts,
    )


def legal_basis(
    client: Client, recipient: Any, classes: Sequence[str], *, until: datetime | None = None
) -> LegalBasis:
    """Write down and approve a danger to life."""
    whom = disclosure.recipient_of(recipient)
    basis = operations.privacy.propose_basis(
        client,
        by=client.worker,  # type: ignore[attr-defined]
        kind="life_safety",
        citation="个人信息保护法第十三条第四项",
        narrative="有自伤危险",
        recipients=[f"{whom.kind}:{whom.uid}"],
        data_classes=list(classes),
        until=until or now() + timedelta(days=3),
    )
    supervisor = colleague(client, Role.SUPERVISOR)
    operations.case.assign(
        case(client),
        by=client.worker,  # type: ignore[attr-defined]
        user=supervisor,
        role="supervisor",
    )
    return operations.privacy.approve_basis(basis, by=supervisor)


def grant(client: Client, consent: Consent, uid: Any, **facts: Any) -> DisclosureGrant:
    """Open the classes of a consent for a referral that has this uid."""
    scopes = list(consent.scopes.all())
    defaults: dict[str, Any] = {
        "context_kind": "referral",
        "context_uid": uid,
        "recipient_org": accounts.organization("接收机构"),
        "basis": scopes[0],
        "data_classes": [scope.data_class for scope in scopes],
        "tier": "full",
    }
    return operations.disclosure.grant(
        client,
        by=client.worker,  # type: ignore[attr-defined]
        **defaults | facts,
    )
