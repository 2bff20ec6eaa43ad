"""The load for measuring stands like what was written one by one."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts import queries as accounts
from accounts.models import User
from config.load import listings
from config.load.chance import Chance
from directory.catalogue.models import Service, Source
from referrals.casefiles.states import Tier
from referrals.handoffs import queries as handoffs
from referrals.handoffs.models import Referral
from referrals.handoffs.states import Status
from search import sync
from tests.factories.accounts import browser
from tests.referrals.handoffs import replay

pytestmark = pytest.mark.django_db


def generate(**changed: Any) -> None:
    asked = {"services": 45, "clients": 5, "referrals": 60, "seed": 1, "among_real_data": True}
    call_command("generate_load", stdout=StringIO(), stderr=StringIO(), **asked | changed)


def seen_by(person: User, address: str) -> Any:
    return browser(person).get(address)


@pytest.mark.once
def test_copies_stand_like_what_the_operations_wrote(live: Any) -> None:
    generate()

    rows = Referral.objects.visible_to(accounts.system())
    assert rows.count() == 60 + len(Status)
    for referral in rows.select_related("client"):
        told = replay.of(referral.events.order_by("seq"))
        assert {name: getattr(referral, name) for name in told} == told
        for full in referral.packets.filter(tier=Tier.FULL):
            assert full.body["identity"]["name"] == referral.client.name
    assert sync.rebuild().docs == Service.objects.count()
    assert accounts.verify().is_whole
    intake = User.objects.get(email="load1-intake1@example.org")
    theirs = Referral.objects.received_by(intake).order_by("-pk")[0]
    inbox = seen_by(intake, "/inbox/")
    assert inbox.context["total"] == handoffs.inbox_counts(intake)["yours"] > 0
    assert seen_by(intake, f"/referrals/{theirs.uid}/").status_code == 200
    assert seen_by(User.objects.get(email="load1-worker1@example.org"), "/work/").status_code == 200


def written(seed: int) -> list[tuple[Any, ...]]:
    with transaction.atomic():
        listings.write(9, seed=1, chance=Chance(seed))
        found = Service.objects.filter(source__code="load-1").order_by("pk")
        told = list(found.values_list("uid", "name", "description", "places__location__latitude"))
        transaction.set_rollback(True)
    return told


def test_the_same_seed_gives_the_same_services() -> None:
    first = written(5)

    assert len(first) == 9
    assert written(5) == first
    assert written(6) != first


@pytest.mark.parametrize(
    ("amounts", "because"),
    [
        ({"among_real_data": False}, "do not belong here"),
        ({"services": 0}, "services of the same load"),
        ({"clients": 0}, "need clients"),
        ({"referrals": -1}, "not less than nothing"),
    ],
)
def test_what_would_mix_with_real_people_or_hangs_on_nothing_is_refused(
    amounts: dict[str, Any], because: str
) -> None:
    with pytest.raises(CommandError, match=because):
        generate(**amounts)

    assert not Source.objects.filter(code="load-1").exists()


def test_a_seed_is_loaded_once() -> None:
    generate(clients=0, referrals=0)

    with pytest.raises(CommandError, match="loaded already"):
        generate(clients=0, referrals=0)
