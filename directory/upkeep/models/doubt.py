"""Doubts about a listing and the reports of people who found it wrong."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Record
from directory.upkeep.states import DoubtState, Origin, ReportState

KINDS = {
    "phone": _("Phone number"),
    "hours": _("Opening hours"),
    "address": _("Address"),
    "closed": _("It has closed"),
    "treatment": _("Unfair treatment"),
    "other": _("Something else"),
    "missing": _("A service is missing"),
}


class Doubt(Record):
    """Somebody or something says: this may be wrong. Holds nothing about a client."""

    service = models.ForeignKey(
        "catalogue.Service", on_delete=models.PROTECT, related_name="doubts"
    )
    place = models.ForeignKey(
        "catalogue.ServiceAtLocation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="doubts",
    )
    groups = models.JSONField(_("doubted facts"), default=list)
    reason = models.CharField(_("reason"), max_length=40)
    origin = models.CharField(_("origin"), max_length=10, choices=Origin)
    weight = models.PositiveSmallIntegerField(_("weight"))
    reporter_organization = models.ForeignKey(
        "catalogue.Organization", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # A hash of the cause (an event, a report, a row of a batch): once per cause.
    key = models.CharField(max_length=100, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=DoubtState, default=DoubtState.OPEN)
    task = models.ForeignKey(
        "upkeep.VerificationTask", on_delete=models.PROTECT, null=True, related_name="doubts"
    )
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["service", "state"], name="doubt_service_state")]
        constraints = [
            models.CheckConstraint(
                name="doubt_state_is_known", condition=models.Q(state__in=DoubtState.values)
            ),
            models.CheckConstraint(
                name="doubt_origin_is_known", condition=models.Q(origin__in=Origin.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.weight}"


class ListingReport(Record):
    """A visitor's or worker's word that a listing is wrong, or that one is missing."""

    service = models.ForeignKey(
        "catalogue.Service",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reports",
    )
    place = models.ForeignKey(
        "catalogue.ServiceAtLocation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    kind = models.CharField(_("what is wrong"), max_length=20)
    groups = models.JSONField(default=list)
    # Never public; kept for a year.
    text = models.TextField(_("in your words"), blank=True)
    contact = models.CharField(_("how to reach you"), max_length=200, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField(
        _("state"), max_length=10, choices=ReportState, default=ReportState.NEW
    )
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="report_state_is_known", condition=models.Q(state__in=ReportState.values)
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.created_at:%Y-%m-%d}"

    @property
    def kind_words(self) -> object:
        """Return what is wrong, in words."""
        return KINDS.get(self.kind, self.kind)
