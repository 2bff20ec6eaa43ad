"""A year of referrals: every status, reasons to decline, answers by link, phone and platform."""

import random
from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta
from functools import cache
from itertools import cycle
from typing import Any, Final

from accounts.models import User
from accounts.permissions import Permission, Role
from accounts.queries import holding, system
from config.demo import people
from core import jobs
from directory.catalogue.models import Code, Service
from referrals.casefiles import disclosure
from referrals.casefiles import operations as casefiles
from referrals.casefiles.models import ConsentText, Need
from referrals.casefiles.operations.consent import Said, Wish
from referrals.casefiles.states import DataClass, PolicyRule
from referrals.handoffs import operations
from referrals.handoffs.guards import Reported
from referrals.handoffs.models import Referral
from referrals.handoffs.states import Channel, Event, LinkKind

SEED: Final = 20264
REFERRALS: Final = 80
DECLINED_TWICE: Final = 4
CLASSES: Final = (DataClass.IDENTITY, DataClass.CONTACT, DataClass.NEED_NARRATIVE)
PHONED: Final = Reported("值班老师", "phone")
# The steps of each ending, with the hours after which each happens.
STORIES: Final[tuple[tuple[tuple[str, int], ...], ...]] = (
    (),
    (("send", 0),),
    (("send", 0), ("acknowledge", 5)),
    (("send", 0), ("acknowledge", 3), ("request_info", 6)),
    (("send", 0), ("acknowledge", 2), ("accept", 8)),
    (("send", 0), ("waitlist", 9)),
    (("send", 0), ("accept", 6), ("start", 40)),
    (("send", 0), ("accept", 6), ("start", 30), ("hold", 90)),
    (("send", 0), ("accept", 4), ("start", 20), ("report_outcome", 200)),
    (("send", 0), ("accept", 4), ("start", 20), ("report_outcome", 160), ("verify_close", 210)),
    (("send", 0), ("accept", 4), ("start", 26), ("report_outcome", 120), ("verify_close", 170)),
    (("send", 0), ("decline", 12)),
    (("send", 0), ("cancel", 10)),
    (("send", 0), ("accept", 7), ("start", 50), ("fail", 300)),
    (("send", 0), ("expire", 80)),
    (("send", 0), ("void", 1)),
)
# Open ones are recent, so that their clocks still run; ended ones lie further back.
OPEN_DAYS, ENDED_DAYS = (0, 9), (25, 380)
PARTNER: Final = {"acknowledge", "request_info", "accept", "waitlist", "start", "hold",
                  "report_outcome", "decline", "fail"}  # fmt: skip


def send() -> None:
    """Send referrals for the needs of the files, and let each story come to its end."""
    chance = random.Random(SEED)  # noqa: S311  # invented data
    reasons = cycle(Code.objects.of("decline_reason").values_list("code", flat=True))
    stories = cycle(STORIES)
    needs = _needs()
    for need in needs[:REFERRALS]:
        service = _recipient(need, chance)
        if service is not None:
            _tell(need, service, next(stories), chance, next(reasons))
    _waiting_now(chance)
    rest = needs[REFERRALS:]
    _leave_unmet(rest[::3])
    _decline_twice(rest[1::3][:DECLINED_TWICE], chance, reasons)


def _needs() -> list[Need]:
    found = Need.objects.visible_to(system()).select_related("client__organization", "category")
    return list(found.order_by("pk"))


def _recipient(need: Need, chance: random.Random, tried: Collection[int] = ()) -> Service | None:
    """Prefer providers whose people can sign in; others are called; none is asked twice."""
    fitting = Service.objects.listed().filter(
        attributes__term=need.category, places__state="active"
    )
    fitting = fitting.exclude(referral_mode__in=["none", "self_only"]).exclude(
        capacities__availability__in=["full", "paused"]
    )
    fitting = fitting.exclude(organization__in=tried)
    found = list(fitting.select_related("organization").distinct())
    known = [service for service in found if service.organization_id in _answerers()]
    if known:
        return chance.choice(known)
    return chance.choice(found) if found else None


@cache
def _answerers() -> dict[int, User]:
    """Return, by organization, who answers referrals there."""
    return {
        organization: user
        for user in holding(Permission.REFERRAL_ANSWER)
        for organization in user.organization_ids(Permission.REFERRAL_ANSWER) or ()
    }


def _tell(
    need: Need,
    service: Service,
    story: tuple[tuple[str, int], ...],
    chance: random.Random,
    reason: str,
    before: Referral | None = None,
) -> Referral:
    """Write one referral and take its steps, each at its instant; after another one's end."""
    ended = bool(story) and story[-1][0] in {
        "verify_close", "decline", "cancel", "fail", "expire", "void",
    }  # fmt: skip
    days = chance.randint(*(ENDED_DAYS if ended else OPEN_DAYS))
    last = story[-1][1] if story else 0
    # Nothing may lie in the future, and a step may not come before the need was known.
    known = (jobs.now() - need.identified_at).total_seconds() / 3600
    start = min(max(days * 24, last + 1), max(known - 1, last + 1))
    if before is not None and before.ended_at is not None:
        start = max(last, (jobs.now() - before.ended_at).total_seconds() / 3600 - 24)
    worker = _responsible(need)
    with jobs.shifted(-timedelta(hours=start)):
        referral = _draft(need, service, worker, before)
    for event, hours in story:
        with jobs.shifted(-timedelta(hours=start - hours)):
            _take(referral, event, worker=worker, reason=reason)
    return referral


def _responsible(need: Need) -> User:
    worker: User = need.client.cases.open().get().responsible
    return worker


def _draft(need: Need, service: Service, worker: User, before: Referral | None = None) -> Referral:
    whom = disclosure.recipient_of(service)
    codes = service.attributes.filter(link_type="service_type").values_list("term__code", flat=True)
    allowed = disclosure.recipient_allowances(codes)
    classes = [name for name in CLASSES if allowed[name].rule != PolicyRule.NEVER]
    text = ConsentText.objects.filter(purpose="referral", language="zh-Hans").latest("number")
    casefiles.consent.record(
        need.client,
        by=worker,
        text=text,
        said=Said(method="oral", witnesses=("周晓棠", "林知远")),
        wishes=[Wish(whom.kind, str(whom.uid), name) for name in classes],
    )
    answered = service.organization_id in _answerers()
    return operations.drafts.create(
        need,
        by=worker,
        service=service,
        referral_reason="SPECIALIST",
        summary=need.summary,
        classes=classes,
        channel=Channel.PLATFORM if answered else Channel.PHONE,
        confirmed=["referable"],
        override_reason="已电话核实可以接收",
        parent=before,
    )


def _take(referral: Referral, event: str, *, worker: User, reason: str) -> None:
    who: dict[str, Any] = {"by": worker}
    if event == "send":
        operations.drafts.send(referral, by=worker, idempotency_key=f"demo:{referral.uid}:send")
        referral.refresh_from_db()
        return
    if event in {"expire", "auto_close", "lapse"}:
        who = {"by": system()}
    elif event in PARTNER:
        who = _answering(referral)
    operations.apply(
        referral,
        event=event,
        data=_said(event, referral, reason),
        expected_version=referral.version,
        idempotency_key=f"demo:{referral.uid}:{event}",
        **who,
    )


def _answering(referral: Referral) -> dict[str, Any]:
    """Return who answers: the provider's own people, else the coordinator for them."""
    user = _answerers().get(referral.recipient_org_id or 0)
    if user is not None:
        return {"by": user}
    return {"by": people.of(Role.COORDINATOR), "on_behalf_of": PHONED}


def _said(event: str, referral: Referral, reason: str) -> Mapping[str, Any]:
    rows = [str(row.need.uid) for row in referral.needs.select_related("need")]
    soon = jobs.today() + timedelta(days=2)
    said: dict[str, dict[str, Any]] = {
        Event.REQUEST_INFO: {"question": "请问老人能否自己下楼？"},
        Event.ACCEPT: {"contact_name": "方立秋", "expected_contact_on": soon},
        Event.WAITLIST: {"review_on": jobs.today() + timedelta(days=14), "estimate_days": 12},
        Event.START: {"first_contact_at": jobs.now()},
        Event.HOLD: {"reason": "CLIENT_AWAY", "resume_on": jobs.today() + timedelta(days=20)},
        Event.REPORT_OUTCOME: {
            "outcomes": [{"need": uid, "outcome": "RECEIVED_FULL"} for uid in rows],
            "ongoing": True,
        },
        Event.VERIFY_CLOSE: {
            "verification": "client_phone",
            "results": [{"need": uid, "result": "RECEIVED_FULL"} for uid in rows],
        },
        Event.DECLINE: {"reason": reason, "note": "电话里已说明，请另找机构"},
        Event.CANCEL: {"reason": "PLAN_CHANGED"},
        Event.FAIL: {"reason": "NO_SHOW"},
        Event.VOID: {"reason": "DUPLICATE_ENTRY"},
    }
    return said.get(Event(event), {})


def _leave_unmet(needs: list[Need]) -> None:
    """Say of some needs that nobody could meet them, and when somebody looks again."""
    reasons = cycle(Code.objects.of("unmet_reason").values_list("code", flat=True))
    for number, need in enumerate(needs):
        casefiles.need.settle(
            need,
            by=_responsible(need),
            status="unmet",
            reason=next(reasons),
            review_on=jobs.today() + timedelta(days=10 + 7 * (number % 9)),
        )


def _decline_twice(needs: list[Need], chance: random.Random, reasons: Iterator[str]) -> None:
    """Let two providers turn the same client away, so that somebody must look for a third."""
    for need in needs:
        tried: set[int] = set()
        before: Referral | None = None
        for hours in (12, 1):
            service = _recipient(need, chance, tried)
            if service is not None:
                story = (("send", 0), ("decline", hours))
                before = _tell(need, service, story, chance, next(reasons), before)
                tried.add(service.organization_id)


def _waiting_now(chance: random.Random) -> None:
    """Leave one referral that waits for an answer by link, and one whose client has a link."""
    open_needs = [need for need in _needs() if need.status == "open"][:6]
    for need in open_needs:
        service = _recipient(need, chance)
        if service is None or service.organization_id in _answerers():
            continue
        worker = _responsible(need)
        referral = _draft(need, service, worker)
        operations.drafts.edit(
            referral, by=worker, expected_version=referral.version, channel=Channel.SECURE_LINK,
            delivery={"link": "mailto:partner@example.org", "code": "sms:0900-6218 0455"},
        )  # fmt: skip
        referral.refresh_from_db()
        operations.drafts.send(referral, by=worker, idempotency_key=f"demo:{referral.uid}:send")
        break
    moving = Referral.objects.visible_to(system()).filter(status="in_service").first()
    if moving is not None:
        operations.links.issue(
            moving, by=moving.sender, kind=LinkKind.CLIENT, address="sms:0900-6118 0001"
        )
