"""Who hears what of checks and proposals; messages name public listings and a link, no more."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.notifications import template
from accounts.operations import message
from accounts.permissions import Permission
from accounts.queries import holding
from directory.upkeep.models import ListingProposal, VerificationTask

CONFIRM = "upkeep.confirm"
template(
    CONFIRM,
    subject=_("Please confirm your entries in the service directory"),
    body=_(
        "People find your service through the directory. Please confirm that your entries are "
        "still right; it takes two clicks and no account: %(link)s"
    ),
)
UNREACHED = "upkeep.unreached"
template(
    UNREACHED,
    subject=_("A provider could not be reached"),
    body=_("Two calls without an answer. Please decide what to do: %(link)s"),
)
DECIDED = "upkeep.decided"
template(
    DECIDED,
    subject=_("Your change of a listing was reviewed"),
    body=_("See what was accepted and what was not: %(link)s"),
)


def tell_coordinators(task: VerificationTask) -> None:
    """Tell the coordinators of a provider that two calls did not reach."""
    link = reverse("upkeep:check", args=[task.uid])
    for user in holding(Permission.LISTING_MODERATE):
        message.queue(f"upkeep.unreached:{task.uid}:{user.pk}", to=user, template=UNREACHED,
                      link=link)  # fmt: skip


def tell_author(proposal: ListingProposal) -> None:
    """Tell an author who has an account what became of the proposal."""
    if proposal.author.is_active:
        message.queue(
            f"upkeep.decided:{proposal.uid}",
            to=proposal.author,
            template=DECIDED,
            link=reverse("upkeep:proposal", args=[proposal.uid]),
        )
