"""Looks, links, answers and chances for tests."""

from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from core.jobs import now, today
from directory.catalogue.models import Service
from directory.upkeep.models import VerificationTask
from referrals.casefiles import operations as casefiles
from referrals.casefiles.models import Need
from referrals.reports import operations
from referrals.reports.models import Evaluation, FollowUp, ResourceLink, UnmetAlert
from tests.factories import handoffs
from tests.factories.handoffs import Scene

# A whole answer about help that was given.
GOOD: dict[str, Any] = {
    "delivered": True,
    "satisfaction": "s4",
    "resolution": "mostly",
    "quality": 4,
    "wait": 3,
}


def follow_up(at: Scene, *, due_at: datetime | None = None, **facts: Any) -> FollowUp:
    """Open a look at the scene's need, due in a week."""
    due = due_at or now() + timedelta(days=7)
    need = facts.pop("need", at.need)
    return operations.follow_ups.begin(need, by=at.worker, due_at=due, **facts)


def declined(at: Scene) -> FollowUp:
    """Let the scene's provider decline, and return the look that it opened."""
    sent = handoffs.referral(at, "sent")
    handoffs.take(sent, "decline", at, data={"reason": "CONFLICT_OF_INTEREST"})
    found: FollowUp = at.need.follow_ups.open().get()
    return found


def unmet(at: Scene, need: Need | None = None, **facts: Any) -> Need:
    """Say of a need that nobody could meet it."""
    need = need or at.need
    defaults = {"reason": "NO_CAPACITY", "review_on": today() + timedelta(days=30)}
    return casefiles.need.settle(need, by=at.worker, status="unmet", **defaults | facts)


def handout(at: Scene) -> ResourceLink:
    """Give the scene's client a service to go to."""
    return operations.links.log_only(at.need, by=at.worker, service=at.service)


def evaluation(at: Scene, **answers: Any) -> Evaluation:
    """Let the client answer by telephone."""
    facts = {"by": at.worker, **GOOD} | answers
    return operations.evaluations.record(facts.pop("need", at.need), **facts)


def alert(need: Need, service: Service, **values: Any) -> UnmetAlert:
    """Make a chance that nobody has looked at."""
    facts = {"need": need, "service": service, "cause": "new", "at": now()}
    return UnmetAlert.objects.create(**facts | values)


def check(service: Service, assignee: User | None = None, **values: Any) -> VerificationTask:
    """Make a visit that is due today."""
    facts: dict[str, Any] = {
        "kind": "periodic",
        "stage": "visit",
        "opened_on": today(),
        "due_on": today(),
    }
    return VerificationTask.objects.create(service=service, assignee=assignee, **facts | values)
