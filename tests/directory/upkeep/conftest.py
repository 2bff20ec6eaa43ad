"""A provider with one listing, and the people who look after it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from accounts.models import User
from accounts.permissions import Role
from core import jobs
from directory.catalogue.models import Organization, Service, ServiceAtLocation
from directory.upkeep.operations import confirmations
from directory.upkeep.operations.confirmations import Word
from directory.upkeep.states import Method
from tests.factories import accounts
from tests.factories import catalogue as make


@dataclass
class Listing:
    organization: Organization
    service: Service
    place: ServiceAtLocation
    worker: User
    coordinator: User
    editor: User

    def reload(self) -> None:
        self.service.refresh_from_db()
        self.place.refresh_from_db()

    def confirm(self, *, by: User | None = None, **word: Any) -> None:
        self.reload()
        facts: dict[str, Any] = {
            "method": Method.PHONE,
            "seen_version": self.service.version,
        } | word
        confirmations.confirm(self.service, self.place, by=by or self.worker, word=Word(**facts))
        self.reload()


@pytest.fixture
def listing(db: None) -> Listing:
    owner = make.organization(email="office@example.org")
    service = make.complete(owner, listed_on=jobs.today())
    place = make.place(service, make.measured())
    make.contact(
        service=service, email="fang@example.org", is_verification_contact=True,
        created_at=jobs.now() - timedelta(days=60),
    )  # fmt: skip
    station = make.organization()
    return Listing(
        owner,
        service,
        place,
        accounts.member(Role.WORKER, station),
        accounts.member(Role.COORDINATOR),
        accounts.member(Role.PARTNER_EDITOR, owner),
    )


def days(number: int) -> timedelta:
    return timedelta(days=number)


def late(listing: Listing, by_days: int) -> date:
    """Make a verified listing overdue by so many days."""
    due = jobs.today() - days(by_days)
    for record in (listing.service, listing.place):
        type(record).objects.filter(pk=record.pk).update(verify_by=due)
    listing.reload()
    return due
