"""Changes that wait for a moderator beside the listing they concern."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from core.models import Record, ScopedModel, ScopedQuerySet
from directory.upkeep.states import ProposalKind, ProposalState, Source

RISKS = {
    "new_account": _("The author's account is less than a week old."),
    "many_changes": _("The author changed many listings within an hour."),
    "website_changed": _("A website changes."),
    "address_in_text": _("A new address or number stands in a text."),
    "protected": _("The listing is protected."),
}


class ProposalQuerySet(ScopedQuerySet):
    """Proposals, narrowed."""

    def visible_to(self, user: User) -> Self:
        """Show all to moderators, to a provider its organization's, to anybody their own."""
        if user.may(Permission.LISTING_MODERATE):
            return self.scoped()
        own = user.organization_ids(Permission.LISTING_EDIT)
        mine = models.Q(author=user)
        if own:
            mine |= models.Q(organization__in=own)
        return self.filter(mine).scoped()

    def pending(self) -> Self:
        """Keep what waits for a decision, riskiest first, then longest waiting."""
        return self.filter(state=ProposalState.PENDING).order_by("-risk", "created_at", "pk")


class ListingProposal(Record, ScopedModel):
    """A change, a new listing or a closing that somebody asks for; the listing stays as it is."""

    kind = models.CharField(_("kind"), max_length=10, choices=ProposalKind)
    table = models.CharField(max_length=40)
    target_uid = models.UUIDField()
    # The listing under which a moderator finds it; null for an organization's own record.
    service = models.ForeignKey(
        "catalogue.Service", on_delete=models.PROTECT, null=True, related_name="proposals"
    )
    organization = models.ForeignKey(
        "catalogue.Organization", on_delete=models.PROTECT, null=True, related_name="proposals"
    )
    base_version = models.PositiveIntegerField()
    # Per path: the value when proposed and the proposed one.
    changes = models.JSONField(default=dict)
    source = models.CharField(_("source"), max_length=20, choices=Source)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        _("state"), max_length=10, choices=ProposalState, default=ProposalState.PENDING
    )
    # Per path: accepted or not, and why not.
    decisions = models.JSONField(default=dict)
    risk = models.PositiveSmallIntegerField(_("risk"), default=0)
    risk_reasons = models.JSONField(default=list)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="proposal_state_is_known", condition=models.Q(state__in=ProposalState.values)
            ),
            # A second edit by the same side replaces the first.
            models.UniqueConstraint(
                fields=["target_uid", "source", "organization"],
                condition=models.Q(state=ProposalState.PENDING, organization__isnull=False),
                name="one_pending_proposal_per_side",
            ),
            models.UniqueConstraint(
                fields=["target_uid", "source", "author"],
                condition=models.Q(state=ProposalState.PENDING, organization__isnull=True),
                name="one_pending_proposal_per_author",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.target_uid}"

    @property
    def risk_words(self) -> str:
        """Return the signs of risk as one line for the moderator."""
        return " ".join(str(RISKS[reason]) for reason in self.risk_reasons)
