"""Invented people: one account for each role, two workers of one station, partners, clients."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.conf import settings

from accounts.models import User
from accounts.operations import membership
from accounts.operations import user as users
from accounts.permissions import Role
from accounts.queries import system
from config.demo.city import names, table
from core import jobs
from directory.catalogue.models import Organization, TaxonomyTerm
from directory.geography.models import Area
from referrals.casefiles import operations as casefiles
from referrals.casefiles.models import Client
from referrals.casefiles.operations.client import Phone

SEED: Final = 20263
CLIENTS: Final = 110


@dataclass(frozen=True)
class Person:
    """Somebody who can sign in to the demo; `at` is the name of an organization of the city."""

    email: str
    name: str
    roles: tuple[Role, ...]
    at: str = ""


STATION: Final = "听雨街道社会工作服务站"
PEOPLE: Final = (
    Person("worker@example.org", "周晓棠", (Role.WORKER,), STATION),
    Person("worker2@example.org", "林知远", (Role.WORKER,), STATION),
    Person("supervisor@example.org", "沈佩兰", (Role.SUPERVISOR, Role.WORKER), STATION),
    Person("privacy@example.org", "顾明", (Role.PRIVACY_LEAD,), STATION),
    Person("medical@example.org", "唐以宁", (Role.WORKER, Role.PARTNER_INTAKE), "澜江区人民医院"),
    Person("justice@example.org", "邓立言", (Role.WORKER, Role.PARTNER_INTAKE), "听雨街道司法所"),
    Person("intake@example.org", "方立秋", (Role.PARTNER_INTAKE,), "听雨街道综合为老服务中心"),
    Person("legal@example.org", "许知秋", (Role.PARTNER_INTAKE,), "澜江区法律援助中心"),
    Person("editor@example.org", "何雨晴", (Role.PARTNER_EDITOR,), "听雨街道综合为老服务中心"),
    Person("coordinator@example.org", "陈望", (Role.COORDINATOR,)),
    Person("system@example.org", "姚系", (Role.SYSTEM_ADMINISTRATOR,)),
    Person("security@example.org", "龚安", (Role.SECURITY_ADMINISTRATOR,)),
    Person("auditor@example.org", "邵审", (Role.AUDITOR,)),
)


def hire() -> None:
    """Open the accounts, all with the one passphrase of this installation."""
    by = system()
    for person in PEOPLE:
        user = users.invite(by=by, email=person.email, name=person.name, language="zh-hans")
        users.set_password(user, settings.DEMO_PASSPHRASE, by=by)
        place = Organization.objects.get(name=person.at) if person.at else None
        for role in person.roles:
            membership.grant(user, by=by, role=role, organization=place)


def of(role: Role) -> User:
    """Return the demo's person of a role."""
    email = next(person.email for person in PEOPLE if role in person.roles)
    return User.objects.get(email=email)


@dataclass(frozen=True)
class Life:
    """What brings somebody to a social worker: who it is, and which needs there are."""

    populations: tuple[str, ...]
    born: tuple[int, int]
    needs: tuple[tuple[str, str], ...]


def lives() -> list[Life]:
    """Read the lives of the demo."""
    return [
        Life(
            (row["population"],),
            (int(row["born_from"]), int(row["born_to"])),
            ((row["need"], row["summary"]), (row["second_need"], row["second_summary"])),
        )
        for row in table("lives")
    ]


def open_files() -> list[Client]:
    """Open case files over fourteen months, each with needs and an answer on safe contact."""
    chance = random.Random(SEED)  # noqa: S311  # invented data
    workers = [User.objects.get(email=f"worker{n}@example.org") for n in ("", "2")]
    terms = {t.code: t for t in TaxonomyTerm.objects.filter(taxonomy__code="shegong-cn")}
    towns = list(Area.objects.filter(code__startswith="900102", level="town"))
    station = Organization.objects.get(name=STATION)
    opened, known = [], lives()
    for number, name in enumerate(names("person")[:CLIENTS]):
        life = known[number % len(known)]
        worker = workers[number % 3 == 2]
        with jobs.shifted(-timedelta(days=chance.randint(20, 420))):
            client = casefiles.client.create(
                station,
                by=worker,
                name=name,
                sex=chance.choice(["female", "male"]),
                birth_date=date(chance.randint(*life.born), chance.randint(1, 12), 9),
                phones=[Phone(f"0900-61{chance.randint(10, 99)} {chance.randint(0, 9999):04d}")],
                address=f"{chance.choice(names('street'))} {chance.randint(1, 90)} 号",
                area=chance.choice(towns),
                populations=list(life.populations),
                languages=["zh_mandarin"],
                source="outreach",
            )
            casefiles.client.answer_contact_safety(
                client, by=worker, may_contact=True, channels=["phone"], safe_times="9:00-17:00"
            )
            for rank, (code, summary) in enumerate(life.needs, 1):
                casefiles.need.record(
                    client, by=worker, client_rank=rank, category=terms[code], summary=summary,
                    urgency=chance.choices(["u1", "u2", "u3", "u4"], [5, 25, 50, 20])[0],
                    impact=chance.choices(["i1", "i2", "i3"], [60, 35, 5])[0],
                )  # fmt: skip
        opened.append(client)
    return opened
