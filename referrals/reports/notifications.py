"""Who hears of due looks and new chances; a count and a link, never anything about a client."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.operations import message
from core.jobs import today
from referrals.casefiles.models import Need
from referrals.handoffs.states import ClockClass
from referrals.reports.models import FollowUp

message.template(
    "reports.follow_up",
    subject=_("Follow-ups are due"),
    body=_("At least one follow-up is due today. Your work: %(link)s"),
)
message.template(
    "reports.follow_up_urgent",
    subject=_("An urgent follow-up is due"),
    body=_("An urgent need has to be looked at again now: %(link)s"),
)
message.template(
    "reports.chance",
    subject=_("New chances for unmet needs: %(count)s"),
    body=_(
        "Services that are new or open again may help with needs on your files: %(count)s. "
        "See which: %(link)s"
    ),
)


def due(follow_up: FollowUp) -> None:
    """Tell the owners of the file once a day, of an emergency at once."""
    urgent = follow_up.need.clock_class == ClockClass.EMERGENCY
    for owner in owners(follow_up.need):
        if urgent:
            message.queue(
                f"reports.follow_up:{follow_up.uid}",
                to=owner,
                template="reports.follow_up_urgent",
                link=reverse("reports:follow_up", args=[follow_up.uid]),
                client=follow_up.need.client,
            )
        else:
            message.queue(
                f"reports.follow_up:{today()}",
                to=owner,
                template="reports.follow_up",
                link=reverse("reports:follow_ups"),
            )


def chances(user: User, *, count: int, key: str) -> None:
    """Tell a worker of all new chances in one message, however many listings came."""
    message.queue(
        f"reports.chance:{key}",
        to=user,
        template="reports.chance",
        link=reverse("reports:unmet"),
        count=count,
    )


def owners(need: Need) -> list[User]:
    """Return who is responsible for the need: the owner of its case, else of any open one."""
    if need.case is not None and need.case.is_open:
        return [need.case.responsible] if need.case.responsible.is_active else []
    cases = need.client.cases.open().select_related("responsible")
    people = {case.responsible_id: case.responsible for case in cases}
    return [person for person in people.values() if person.is_active]
