"""The people of a load, and one referral for each way to end, by the ordinary operations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any, Final, NamedTuple

from django.core.management.base import CommandError

from accounts.models import User
from accounts.operations import membership
from accounts.operations import user as users
from accounts.permissions import Role
from accounts.queries import system
from config.demo.city import PHONE_PREFIX, names
from core import jobs
from directory.catalogue.models import Attribute, Organization, Service, TaxonomyTerm
from referrals.casefiles import disclosure
from referrals.casefiles import operations as casefiles
from referrals.casefiles.models import Client, ConsentText
from referrals.casefiles.operations.client import Phone
from referrals.casefiles.operations.consent import Said, Wish
from referrals.casefiles.states import DataClass, PolicyRule, Purpose, RecipientKind
from referrals.handoffs import operations
from referrals.handoffs.models import Referral, SenderRules
from referrals.handoffs.states import Channel, Event

CLASSES: Final = (DataClass.IDENTITY, DataClass.CONTACT, DataClass.NEED_NARRATIVE)
# Providers that get referrals, and have somebody who answers them.
RECIPIENTS: Final = 120
CLIENTS_PER_STATION: Final = 1_000
STATIONS: Final = 40


class Story(NamedTuple):
    """Steps with the hours after which each happens; how many go like that among their kind."""

    share: float
    steps: tuple[tuple[Event, int], ...]


SENT: Final = (Event.SEND, 0)
SUBMITTED: Final = (Event.SUBMIT, 0)
TAKEN: Final = (SENT, (Event.ACCEPT, 6))
SERVED: Final = (*TAKEN, (Event.START, 30))
TOLD: Final = (*SERVED, (Event.REPORT_OUTCOME, 160))
STORIES: Final = (
    Story(5, ()),
    Story(2, (SUBMITTED,)),
    Story(10, (SENT,)),
    Story(6, (SENT, (Event.ACKNOWLEDGE, 4))),
    Story(4, (SENT, (Event.REQUEST_INFO, 6))),
    Story(13, TAKEN),
    Story(7, (SENT, (Event.WAITLIST, 9))),
    Story(33, SERVED),
    Story(5, (*SERVED, (Event.HOLD, 90))),
    Story(15, TOLD),
    Story(75, (*TOLD, (Event.VERIFY_CLOSE, 210))),
    Story(10, (SENT, (Event.DECLINE, 12))),
    Story(5, (SENT, (Event.CANCEL, 10))),
    Story(4, (*SERVED, (Event.FAIL, 300))),
    Story(4, (SENT, (Event.EXPIRE, 80))),
    Story(1, (SENT, (Event.VOID, 1))),
)
BY_RECIPIENT: Final = frozenset({
    *(Event.ACKNOWLEDGE, Event.REQUEST_INFO, Event.ACCEPT, Event.WAITLIST, Event.DECLINE),
    *(Event.START, Event.HOLD, Event.REPORT_OUTCOME, Event.FAIL),
})  # fmt: skip


@dataclass(frozen=True)
class Desk:
    """Somebody and where: a worker of a station, or who answers at a provider."""

    user: User
    organization: Organization
    offers: tuple[tuple[Service, TaxonomyTerm], ...] = ()


@dataclass(frozen=True)
class Stage:
    """Who sends, who answers, and the referrals that all others are copies of."""

    seed: int
    workers: list[Desk]
    recipients: list[Desk]
    client: Client
    patterns: list[Referral]


def set_up(providers: Sequence[Organization], *, clients: int, seed: int) -> Stage:
    """Open the accounts, one file, and in it a referral for each story."""
    recipients = _recipients(providers, seed)
    workers = [
        Desk(_person(f"load{seed}-worker{number}", Role.WORKER, station), station)
        for number, station in enumerate(_stations(clients, seed), 1)
    ]
    client = _file(workers[0])
    patterns = [_referral(client, workers[0].user, recipients[0], story) for story in STORIES]
    return Stage(seed, workers, recipients, client, patterns)


def _stations(clients: int, seed: int) -> list[Organization]:
    count = min(STATIONS, 1 + clients // CLIENTS_PER_STATION)
    return Organization.objects.bulk_create(
        Organization(name=f"第{number}社会工作站（压测 {seed}）", state="listed", kind="sw_station")
        for number in range(1, count + 1)
    )


def _recipients(providers: Sequence[Organization], seed: int) -> list[Desk]:
    first = [provider.pk for provider in providers[: RECIPIENTS * 3]]
    rows = Attribute.objects.filter(link_type="service_type", service__organization__in=first)
    offered: dict[int, list[tuple[Service, TaxonomyTerm]]] = {}
    for row in rows.select_related("service", "term").order_by("pk"):
        if row.service and row.term and _may_be_told(row.term.code):
            offered.setdefault(row.service.organization_id, []).append((row.service, row.term))
    desks = [
        Desk(
            _person(f"load{seed}-intake{number}", Role.PARTNER_INTAKE, provider),
            provider,
            tuple(offered[provider.pk]),
        )
        for number, provider in enumerate(
            [one for one in providers if one.pk in offered][:RECIPIENTS], 1
        )
    ]
    if not desks:
        raise CommandError("None of these services takes referrals; ask for more of them.")
    return desks


@cache
def _may_be_told(category: str) -> bool:
    """Say whether providers of a category get the three classes, and need no more."""
    rules = {name: one.rule for name, one in disclosure.recipient_allowances([category]).items()}
    needed = {name for name, rule in rules.items() if rule == PolicyRule.REQUIRED}
    return needed <= set(CLASSES) and all(rules[name] != PolicyRule.NEVER for name in CLASSES)


def _person(name: str, role: Role, at: Organization) -> User:
    by = system()
    user = users.invite(by=by, email=f"{name}@example.org", name=name, language="zh-hans")
    membership.grant(user, by=by, role=role, organization=at)
    return user


def _file(desk: Desk) -> Client:
    with jobs.shifted(-timedelta(days=40)):
        client = casefiles.client.create(
            desk.organization, by=desk.user, name=names("person")[0], sex="female",
            birth_date=date(1958, 5, 9), phones=[Phone(f"{PHONE_PREFIX}-6110 0000")],
            address=f"{names('street')[0]} 1 号", languages=["zh_mandarin"],
        )  # fmt: skip
        casefiles.client.answer_contact_safety(
            client, by=desk.user, may_contact=True, channels=["phone"], safe_times="9:00-17:00"
        )
        text = ConsentText.objects.in_force(Purpose.REFERRAL, "zh-Hans", jobs.now())
        if text is None:
            raise CommandError("There is no notice that a client could agree to.")
        casefiles.consent.record(
            client, by=desk.user, text=text, said=Said(witnesses=tuple(names("person")[1:3])),
            wishes=[Wish(RecipientKind.ANY, "", name) for name in CLASSES],
        )  # fmt: skip
    return client


def _referral(client: Client, worker: User, desk: Desk, story: Story) -> Referral:
    """Write one referral and take its steps, the last of them an hour ago."""
    service, term = desk.offers[0]
    hours = 1 + (story.steps[-1][1] if story.steps else 0)
    with jobs.shifted(-timedelta(hours=hours)):
        need = casefiles.need.record(
            client, by=worker, category=term, summary="请帮忙办理", urgency="u3", impact="i1"
        )
        referral = operations.drafts.create(
            need, by=worker, service=service, referral_reason="SPECIALIST", summary="请帮忙办理",
            classes=CLASSES, channel=Channel.PLATFORM, confirmed=["referable"],
            override_reason="已电话核实可以接收",
        )  # fmt: skip
    rules = None
    if story.steps[:1] == (SUBMITTED,):
        rules = SenderRules.objects.create(organization=client.organization, always_approve=True)
    for event, after in story.steps:
        with jobs.shifted(-timedelta(hours=hours - after)):
            operations.apply(
                referral,
                event=event,
                by=_actor(event, worker, desk),
                data=_told(event, str(need.uid)),
                expected_version=referral.version,
                idempotency_key=f"load:{referral.uid}:{event}",
            )
    if rules is not None:
        rules.delete()
    return referral


def _actor(event: Event, worker: User, desk: Desk) -> User:
    if event == Event.EXPIRE:
        return system()
    return desk.user if event in BY_RECIPIENT else worker


def _told(event: Event, need: str) -> dict[str, Any]:
    day = jobs.today() + timedelta(days=7)
    facts: dict[Event, dict[str, Any]] = {
        Event.REQUEST_INFO: {"question": "方便上门吗？"},
        Event.ACCEPT: {"contact_name": "值班老师", "expected_contact_on": day},
        Event.WAITLIST: {"review_on": day},
        Event.START: {"first_contact_at": jobs.now()},
        Event.HOLD: {"reason": "CLIENT_AWAY", "resume_on": day},
        Event.REPORT_OUTCOME: {
            "outcomes": [{"need": need, "outcome": "RECEIVED_FULL"}],
            "ongoing": True,
        },
        Event.VERIFY_CLOSE: {
            "verification": "client_phone",
            "results": [{"need": need, "result": "RECEIVED_FULL"}],
        },
        Event.DECLINE: {"reason": "NO_CAPACITY"},
        Event.CANCEL: {"reason": "PLAN_CHANGED"},
        Event.FAIL: {"reason": "NO_SHOW"},
        Event.VOID: {"reason": "DUPLICATE_ENTRY"},
    }
    return facts.get(event, {})
