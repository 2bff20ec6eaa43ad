"""What became of the listings: most confirmed, some late, some doubted, a few given up."""

import random
from datetime import timedelta
from typing import Final

from accounts.models import User
from accounts.permissions import Role
from accounts.queries import guest, system
from config.demo import people
from core import jobs
from directory.catalogue.models import Service, ServiceAtLocation
from directory.catalogue.operations import listing
from directory.upkeep import jobs as chores
from directory.upkeep import queries
from directory.upkeep.models import VerificationTask
from directory.upkeep.operations import checks, confirmations, doubts, requests
from directory.upkeep.operations.confirmations import Word
from directory.upkeep.states import Kind, Method, Source, Stage

SEED: Final = 20262
CONFIRMED: Final = 240
# Days ago of a confirmation: fresh, about to fall due, overdue, long overdue.
AGES: Final = (
    (range(3, 150), 70),
    (range(300, 345), 6),
    (range(370, 420), 5),
    (range(470, 520), 2),
)
BOOK_AHEAD: Final = "，需提前一天预约"
METHODS: Final = (Method.PHONE, Method.PHONE, Method.VISIT, Method.EMAIL, Method.PARTNER_UPDATE)


def tell() -> None:
    """Let a year pass over the listings."""
    chance = random.Random(SEED)  # noqa: S311  # invented data
    worker = people.of(Role.WORKER)
    services = list(_services())
    chance.shuffle(services)
    confirmed = services[:CONFIRMED]
    ages, weights = [one for one, _weight in AGES], [weight for _age, weight in AGES]
    for service in confirmed:
        days = chance.choice(chance.choices(ages, weights)[0])
        with jobs.shifted(-timedelta(days=days)):
            _confirm(service, by=worker, method=chance.choice(METHODS))
    rest = services[len(confirmed) :]
    _give_up(rest[:5], by=worker)
    _doubt(rest[5:11])
    _propose(services[:14])
    age()
    _ask_one()


def _ask_one() -> None:
    """Write to one provider about its listings, so that there is a link to follow."""
    asked = VerificationTask.objects.open().filter(stage=Stage.ASK, step__gte=1)
    for first in asked.order_by("due_on", "pk").select_related("service__organization")[:20]:
        if known := queries.addresses(first.service):
            own = asked.filter(service__organization=first.service.organization)
            requests.ask(own.select_related("service__organization")[:3], by=system(),
                         address=known[0])  # fmt: skip
            return


def age() -> None:
    """Write what today means for each listing, and open the checks that are due."""
    chores.age_listings()
    chores.open_checks()
    chores.advance_checks()


def _services() -> "list[Service]":
    found = Service.objects.listed().filter(source__code="demo-city")
    return list(found.select_related("organization").prefetch_related("places"))


def _place(service: Service) -> ServiceAtLocation | None:
    return next(iter(queries.active_places(service)), None)


def _confirm(service: Service, *, by: User, method: str) -> None:
    service.refresh_from_db()
    word = Word(method=method, seen_version=service.version, contact_role=Role.PARTNER_EDITOR)
    confirmations.confirm(service, _place(service), by=by, word=word)


def _give_up(services: list[Service], *, by: User) -> None:
    """Call three times on three days without an answer."""
    for service in services:
        place = _place(service)
        task = checks.start(
            service, place, by=system(), kind=Kind.FIRST, due_on=jobs.today() - timedelta(days=9)
        )
        for days in (8, 5, 2):
            at = jobs.now() - timedelta(days=days)
            checks.attempt(task, by=by, method=Method.PHONE, disposition="no_answer", at=at)
        checks.give_up(task, by=by)


def _doubt(services: list[Service]) -> None:
    """Let visitors say that something is wrong."""
    told = ("打了三次都说是空号", "门口贴了搬迁通知", "说下午开门，去了没人", "已经不做这个了",
            "电话是个人手机，不对外", "地址导航过去是工地")  # fmt: skip
    kinds = ("phone", "address", "hours", "closed", "phone", "address")
    for number, service in enumerate(services):
        doubts.report(
            service, _place(service), by=guest(), kind=kinds[number],
            groups=[] if kinds[number] == "closed" else [kinds[number]],
            text=told[number], contact="", key=f"demo:{number}",
        )  # fmt: skip


def _propose(services: list[Service]) -> None:
    """Let providers' words wait for a moderator, one of them overtaken by a later edit."""
    editor = people.of(Role.PARTNER_EDITOR)
    own = list(Service.objects.editable_by(editor))
    worker = people.of(Role.WORKER)
    for number, service in enumerate(services[:11]):
        service.refresh_from_db()
        listing.change(
            service, by=worker, base_version=service.version, source=Source.WORKER,
            key=f"demo:{number}",
            changes={
                "service.eligibility_description": service.eligibility_description + BOOK_AHEAD
            },
        )  # fmt: skip
    for service in own[:1]:
        service.refresh_from_db()
        listing.change(
            service, by=editor, base_version=service.version, source=Source.PARTNER, key="demo:own",
            changes={"service.description": "新增周末送餐，请审核后展示"},
        )  # fmt: skip
        service.refresh_from_db()
        listing.change(
            service, by=people.of(Role.COORDINATOR), base_version=service.version,
            changes={"service.description": "统筹人员先行更正：周六也送餐"},
        )  # fmt: skip
