"""What may come of looking after a need again, what must be told, and what becomes of the need."""

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from referrals.casefiles.states import NeedStatus


class Kind(TextChoices):
    """Why somebody looks again."""

    UNRESOLVED = "unresolved", _("Need not met yet")
    AFTERCARE = "aftercare", _("Aftercare")
    RETENTION_CHECK = "retention_check", _("Check whether it lasts")
    DISPUTE_CHECK = "dispute_check", _("Check of a disputed outcome")


class Result(TextChoices):
    """How a follow-up ends; the codes of the set `follow_up_result`."""

    RE_REFER = "re_refer", _("Refer again")
    WAIT = "wait", _("Wait")
    SELF_MANAGED = "self_managed", _("Solved without us")
    CONFERENCE = "conference", _("Bring to a case conference")
    UNMET = "unmet", _("Stays unmet")
    NO_LONGER_NEEDED = "no_longer_needed", _("Not needed any more")


class Settling(NamedTuple):
    """What must be told with a result, and the status that the need takes; empty = its own."""

    needs: tuple[str, ...] = ()
    status: str = ""


SETTLINGS: Mapping[Result, Settling] = {
    Result.RE_REFER: Settling(("service",)),
    Result.WAIT: Settling(("wait_until",)),
    Result.SELF_MANAGED: Settling(("note",), NeedStatus.RESOLVED),
    Result.UNMET: Settling(("reason", "review_on"), NeedStatus.UNMET),
    Result.NO_LONGER_NEEDED: Settling((), NeedStatus.NO_LONGER_NEEDED),
}
# A conference that nobody convenes would keep the need waiting for nobody.
OFFERED = tuple(SETTLINGS)

# When to look again where the plan names no day.
AFTER: Mapping[Kind, timedelta] = {
    Kind.AFTERCARE: timedelta(days=30),
    Kind.RETENTION_CHECK: timedelta(days=90),
    Kind.DISPUTE_CHECK: timedelta(days=7),
}
