"""Kills the scheduler in the middle of its work, for tests and for the bench."""

import os
import random
import signal
from collections import Counter
from datetime import timedelta
from itertools import count

from django.core.management import call_command
from django.db import connection

from accounts.models import JobState, Message
from core.jobs import JOBS, shifted, today
from core.safeguards import CHECKPOINTS
from directory.catalogue.models import Service
from directory.upkeep.models import VerificationTask
from referrals.handoffs.models import Referral
from tests.factories import casefiles, catalogue, handoffs

CHECKS, LADDERS = "upkeep.open_checks", "handoffs.climb_ladders"
# Places inside the transaction of a row: it has been taken, it has been dealt with.
PLACES = ("row_claimed", "row_done")
LONG_AGO = timedelta(days=40)


def silent_referrals(rows: int) -> list[Referral]:
    """Send referrals of as many clients, long ago, and let nobody ever answer."""
    with shifted(-LONG_AGO):
        at = handoffs.scene()
        sent = [handoffs.referral(at, "sent")]
        for number in range(1, rows):
            at.client = casefiles.adult(at.worker, name=f"王桂芳{number}")
            casefiles.safe(at.client)
            at.need = casefiles.need(at.client, handoffs.CATEGORY, urgency="u3")
            at.consent = casefiles.consent(at.client, at.service, handoffs.CLASSES)
            sent.append(handoffs.referral(at, "sent"))
    return sent


def unconfirmed_listings(rows: int) -> list[Service]:
    """Make listings whose yearly question is due today."""
    listings = [catalogue.complete(name=f"助餐点 {number}") for number in range(rows)]
    mine = Service.objects.filter(pk__in=[listing.pk for listing in listings])
    mine.update(verify_by=today())
    return list(mine)


def life(job: str, *, lasts: int = 0) -> int:
    """Run `manage.py work` for one job in a process of its own; return how that ended.

    The process is killed with SIGKILL at its n-th checkpoint; 0 lets it come to its end.
    """
    JobState.objects.filter(name=job).delete()  # As if its interval had passed.
    connection.close()
    child = os.fork()
    if child == 0:
        _work(job, lasts)
    _pid, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def _work(job: str, lasts: int) -> None:
    """Be the scheduler; nothing of the parent's may run behind this."""
    code, reached = 1, count(1)

    def reach() -> None:
        if next(reached) == lasts:
            os.kill(os.getpid(), signal.SIGKILL)

    try:
        CHECKPOINTS.update(dict.fromkeys(PLACES, reach))
        for name in set(JOBS) - {job}:
            del JOBS[name]
        call_command("work", once=True)
        code = 0
    finally:
        os._exit(code)


def kill_at_random(job: str, *, kills: int, most: int, seed: int) -> int:
    """Kill the scheduler at random moments, then let one live; return how many were killed."""
    chance = random.Random(seed)
    endings = [life(job, lasts=chance.randint(1, most)) for _ in range(kills)]
    assert life(job) == 0
    assert set(endings) <= {0, -signal.SIGKILL}, endings
    return endings.count(-signal.SIGKILL)


def stories(sent: list[Referral]) -> list[Counter[str]]:
    """Return for each referral how often each line was logged and each message written."""
    return [_story(referral) for referral in sent]


def _story(referral: Referral) -> Counter[str]:
    lines = (
        f"{event} {data.get('clock', '')} {data.get('level', '')}".strip()
        for event, data in referral.events.values_list("event", "data")
    )
    messages = Message.objects.filter(key__startswith=f"{referral.uid}:")
    return Counter(lines) + Counter({"messages": messages.count()})


def checks(listings: list[Service]) -> list[int]:
    """Return how many checks each listing has."""
    tasks = Counter(VerificationTask.objects.values_list("service", flat=True))
    return [tasks[listing.pk] for listing in listings]
