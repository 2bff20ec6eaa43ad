"""Rules as data: how often a listing is re-visited, and whose change goes live at once."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.upkeep.states import Source


class VerificationPolicy(models.Model):
    """How often, by which steps; the lowest `order` that matches a listing wins."""

    code = models.CharField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=100)
    order = models.PositiveSmallIntegerField(_("order"))
    # {"terms": [...], "kinds": [...], "sensitivity": [...], "numbered": true}: any of them matches;
    # empty matches everything.
    match = models.JSONField(_("applies to"), default=dict, blank=True)
    interval_days = models.PositiveSmallIntegerField(_("days between confirmations"))
    first_days = models.PositiveSmallIntegerField(_("days until the first confirmation"))
    ask_before = models.PositiveSmallIntegerField(_("first message, days before"))
    ask_steps = models.JSONField(_("reminders, days after the first message"), default=list)
    phone_after = models.PositiveSmallIntegerField(_("call, days after"), default=0)
    visit_after = models.PositiveSmallIntegerField(_("visit, days after"))
    stale_after = models.PositiveSmallIntegerField(_("ranked last, days after"))
    hide_after = models.PositiveSmallIntegerField(_("hidden, days after"))
    capacity_days = models.PositiveSmallIntegerField(_("days that a word on places holds"))
    critical_groups = models.JSONField(_("facts that must be confirmed"), default=list)
    visit_every = models.PositiveSmallIntegerField(
        _("visit at every n-th confirmation"), null=True, blank=True
    )
    max_self = models.PositiveSmallIntegerField(
        _("confirmations by the provider alone, in a row"), default=3
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["order", "code"]
        constraints = [
            models.CheckConstraint(
                name="policy_steps_in_order",
                condition=models.Q(stale_after__gt=models.F("phone_after"))
                & models.Q(hide_after__gt=models.F("stale_after")),
            )
        ]

    def __str__(self) -> str:
        return self.name


class ApprovalRule(models.Model):
    """Whether a change of one group of fields from one source goes live or waits."""

    source = models.CharField(_("source"), max_length=20, choices=Source)
    group = models.CharField(_("facts"), max_length=30)
    live = models.BooleanField(_("goes live at once"))

    class Meta:
        ordering = ["source", "group"]
        constraints = [
            models.UniqueConstraint(fields=["source", "group"], name="approval_rule_once"),
            models.CheckConstraint(
                name="approval_rule_source_is_known",
                condition=models.Q(source__in=Source.values),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.group}"
