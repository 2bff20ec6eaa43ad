"""Referrals for tests, brought to where they stand by the ordinary operations."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

from accounts.models import User
from accounts.permissions import Role
from accounts.queries import guest, system
from core.jobs import now, today
from directory.catalogue.models import Organization, Service
from referrals.casefiles import operations as casefile_operations
from referrals.casefiles.models import Client, Consent, Need
from referrals.handoffs import operations
from referrals.handoffs.guards import Reported
from referrals.handoffs.models import (
    AccessLink,
    OffPlatformContact,
    Referral,
    ReferralEvent,
    SenderRules,
)
from tests.factories import accounts, casefiles, catalogue

_keys = count(1)
CLASSES = ("identity", "contact", "need_narrative")
CATEGORY = "EL02"
PHONED = Reported("高怀英", "phone")


def key() -> str:
    """Return a key that nobody has used."""
    return f"test-{next(_keys)}"


@dataclass
class Scene:
    """A station with its people, a provider with its intake, and a client who agrees."""

    station: Organization
    worker: User
    supervisor: User
    provider: Organization
    partner: User
    coordinator: User
    service: Service
    client: Client
    need: Need
    consent: Consent
    extra: dict[str, Any] = field(default_factory=dict)


def scene(*, urgency: str = "u3", category: str = CATEGORY) -> Scene:
    """Set up both sides of a referral, with consent for the service."""
    station = catalogue.organization(name="听雨街道社工站", sort_key="ting yu jie dao")
    provider = catalogue.organization(name="暖巢助浴队")
    worker = casefiles.worker(station)
    client = casefiles.adult(worker)
    casefiles.safe(client)
    service = catalogue.complete(provider, name="上门助浴")
    catalogue.tag(service, category)
    need = casefiles.need(client, category, urgency=urgency)
    return Scene(
        station=station,
        worker=worker,
        supervisor=accounts.member(Role.SUPERVISOR, station),
        provider=provider,
        partner=accounts.member(Role.PARTNER_INTAKE, provider),
        coordinator=accounts.member(Role.COORDINATOR),
        service=service,
        client=client,
        need=need,
        consent=casefiles.consent(client, service, CLASSES),
    )


def draft(at: Scene, **facts: Any) -> Referral:
    """Make a draft of the scene's need to its service."""
    defaults: dict[str, Any] = {
        "service": at.service,
        "referral_reason": "SPECIALIST",
        "summary": "请确认可以上楼服务",
        "classes": CLASSES,
    }
    facts = defaults | facts
    if facts.get("off_platform"):
        facts["service"] = None
    need = facts.pop("need", at.need)
    return operations.drafts.create(need, by=facts.pop("by", at.worker), **facts)


def another_need(at: Scene, category: str = "EL04") -> Need:
    """Record a further need of the scene's client."""
    return casefiles.need(at.client, category, urgency="u3")


def always_approve(at: Scene) -> None:
    """Let the station ask for approval of every referral."""
    SenderRules.objects.create(organization=at.station, always_approve=True)


@contextmanager
def approval(at: Scene, *, asked: bool) -> Iterator[None]:
    """Let the station ask for approval while the block runs, if it is asked."""
    if asked:
        always_approve(at)
    yield
    SenderRules.objects.filter(organization=at.station).delete()


def join_case(at: Scene, person: User, role: str = "supervisor") -> None:
    """Put somebody on the team of the client's case."""
    case = casefiles.case(at.client)
    casefile_operations.case.assign(case, by=at.worker, user=person, role=role)


def contact(**values: Any) -> OffPlatformContact:
    """Make somebody who receives referrals without an account."""
    facts = {"name": "街道食堂", "person": "方师傅", "phone": "0571-88880000"}
    return OffPlatformContact.objects.create(**facts | values)


def referral(at: Scene, status: str = "sent", **facts: Any) -> Referral:
    """Bring a referral of the scene to a status by the shortest way."""
    made = draft(at, **facts)
    for event in PATHS[status]:
        take(made, event, at)
    return made


def take(
    made: Referral, event: str, at: Scene, *, role: str = "", data: dict[str, Any] | None = None
) -> ReferralEvent:
    """Take a step in one of the roles that may."""
    return operations.apply(
        made,
        event=event,
        data=sample(event, made) if data is None else data,
        expected_version=made.version,
        idempotency_key=key(),
        **as_role(role or ROLES.get(event, "RCV"), made, at),
    )


def as_role(role: str, made: Referral, at: Scene) -> dict[str, Any]:
    """Return who acts in a role, as the arguments of `apply`."""
    if role in {"LNK", "CLI"}:
        return {"by": guest(), "link": link(made, "recipient" if role == "LNK" else "client")}
    if role == "PRX":
        return {"by": at.coordinator, "on_behalf_of": PHONED}
    people = {
        "SND": at.worker,
        "SUP": at.supervisor,
        "RCV": at.partner,
        "CRD": at.coordinator,
        "SYS": system(),
    }
    return {"by": people[role]}


def link(made: Referral, kind: str = "recipient", **values: Any) -> AccessLink:
    """Make a link whose token is its number."""
    number = next(_keys)
    facts: dict[str, Any] = {
        "referral": made,
        "kind": kind,
        "token_hash": operations.links.queries.token_hash(f"token-{number}"),
        "expires_at": now() + timedelta(days=14),
    }
    made_link = AccessLink.objects.create(**facts | values)
    made_link.token = f"token-{number}"  # type: ignore[attr-defined]
    return made_link


def sample(event: str, made: Referral) -> dict[str, Any]:
    """Return the least that a step must be told."""
    maker = SAMPLES.get(event)
    return maker(made) if maker else {}


def _per_need(made: Referral, name: str) -> list[dict[str, str]]:
    return [
        {"need": str(row.need.uid), name: "RECEIVED_FULL"}
        for row in made.needs.select_related("need")
    ]


def _contact(made: Referral) -> dict[str, Any]:
    return {"first_contact_at": now()}


def _outcome(made: Referral) -> dict[str, Any]:
    told = {"outcomes": _per_need(made, "outcome"), "ongoing": True}
    return told | (_contact(made) if made.first_contact_at is None else {})


SAMPLES: dict[str, Callable[[Referral], dict[str, Any]]] = {
    "return": lambda _made: {"note": "请补充同意书"},
    "request_info": lambda _made: {"question": "能坐立二十分钟吗？"},
    "provide_info": lambda _made: {"answer": "可以，有扶手"},
    "accept": lambda _made: {
        "contact_name": "高怀英",
        "expected_contact_on": today() + timedelta(days=2),
    },
    "waitlist": lambda _made: {"review_on": today() + timedelta(days=14)},
    "promote": lambda _made: {"expected_contact_on": today() + timedelta(days=2)},
    "decline": lambda _made: {"reason": "NO_CAPACITY"},
    "start": _contact,
    "hold": lambda _made: {
        "reason": "CLIENT_AWAY",
        "resume_on": today() + timedelta(days=10),
    },
    "report_outcome": _outcome,
    "fail": lambda _made: {"reason": "NO_SHOW"},
    "verify_close": lambda made: {
        "verification": "client_phone",
        "results": _per_need(made, "result"),
    },
    "dispute": lambda _made: {"note": "本人说没有得到"},
    "cancel": lambda _made: {"reason": "CLIENT_WITHDREW"},
    "basis_lost": lambda _made: {"reason": "CONSENT_WITHDRAWN"},
    "reopen": lambda _made: {"reason": "STILL_NEEDED"},
    "void": lambda _made: {"reason": "TEST"},
}
ROLES = {
    "submit": "SND",
    "approve": "SUP",
    "return": "SUP",
    "send": "SND",
    "provide_info": "SND",
    "verify_close": "SND",
    "dispute": "SND",
    "auto_close": "SYS",
    "cancel": "SND",
    "client_withdraw": "CLI",
    "basis_lost": "SYS",
    "expire": "SYS",
    "lapse": "SYS",
    "reopen": "SND",
    "void": "SND",
}
PATHS: dict[str, tuple[str, ...]] = {
    "draft": (),
    "pending_approval": ("submit",),
    "sent": ("send",),
    "acknowledged": ("send", "acknowledge"),
    "info_requested": ("send", "request_info"),
    "accepted": ("send", "accept"),
    "waitlisted": ("send", "waitlist"),
    "in_service": ("send", "accept", "start"),
    "on_hold": ("send", "accept", "start", "hold"),
    "outcome_reported": ("send", "accept", "start", "report_outcome"),
    "closed": ("send", "accept", "start", "report_outcome", "verify_close"),
    "declined": ("send", "decline"),
    "cancelled": ("send", "cancel"),
    "failed": ("send", "accept", "start", "fail"),
    "expired": ("send", "expire"),
    "entered_in_error": ("send", "void"),
}
