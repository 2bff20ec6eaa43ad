"""The referral and its log."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from core.crypto import EncryptedJSONField, EncryptedTextField
from core.models import AppendOnly, Record, ScopedModel, ScopedQuerySet, Versioned
from referrals.casefiles.models import Client
from referrals.handoffs.states import (
    DONE,
    OPEN,
    PREPARED,
    UNDER_WAY,
    Act,
    Actor,
    Channel,
    ClockClass,
    Origin,
    Status,
    Turn,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from accounts.models import User
    from referrals.casefiles.models import Need
    from referrals.handoffs.models.clock import ReferralClock
    from referrals.handoffs.models.packet import PacketSnapshot


def known(name: str, field: str, values: "list[str]") -> models.CheckConstraint:
    """Return the constraint that holds a column to its words."""
    return models.CheckConstraint(name=name, condition=Q((f"{field}__in", values)))


class ReferralQuerySet(ScopedQuerySet):
    def visible_to(self, user: "User") -> Self:
        """Keep what the user may see: as sender's case team, recipient, approver or coordinator."""
        if user.is_system:
            return self.scoped()
        if user.may(Permission.REFERRAL_COORDINATE):
            return self.filter(client__erased_at=None).scoped()
        own = Q(client__in=Client.objects.visible_to(user))
        approve = user.organization_ids(Permission.REFERRAL_APPROVE) or set()
        waiting = Q(sender_org__in=approve, status=Status.PENDING_APPROVAL)
        return self.filter(own | waiting | self._received(user)).scoped()

    def sent_by(self, user: "User") -> Self:
        """Keep what the user's own case teams sent or prepare."""
        return self.filter(client__in=Client.objects.visible_to(user)).scoped()

    def received_by(self, user: "User") -> Self:
        """Keep what has reached the organizations the user answers for."""
        return self.filter(self._received(user)).scoped()

    def open(self) -> Self:
        """Keep what is not over."""
        return self.filter(status__in=OPEN)

    def under_way(self) -> Self:
        """Keep what the recipient has been told of and is not over."""
        return self.filter(status__in=UNDER_WAY)

    def overdue(self, *, at: "datetime") -> Self:
        """Keep open ones whose running clock has passed its due instant."""
        return self.filter(status__in=OPEN, due_at__lt=at)

    def not_handed_over(self, *, at: "datetime") -> Self:
        """Keep those without first contact in time, or ended without it while the need is open."""
        late = Q(
            status__in=UNDER_WAY,
            first_contact_at__isnull=True,
            clocks__kind="C",
            clocks__due_at__lt=at,
            clocks__stopped_at__isnull=True,
        )
        ended = Q(
            status__in=[Status.DECLINED, Status.EXPIRED, Status.FAILED],
            needs__need__status__in=["open", "in_progress"],
            onward__isnull=True,
        )
        return self.filter(late | ended).distinct()

    @staticmethod
    def _received(user: "User") -> Q:
        answered = user.organization_ids(Permission.REFERRAL_ANSWER)
        reached = Q(sent_at__isnull=False) & ~Q(status=Status.ENTERED_IN_ERROR)
        # Two small sets, read once: joined, the file of every row would be looked at.
        files = Client._base_manager.all()
        erased, related = files.exclude(erased_at=None), files.filter(conflicts__user=user)
        free = ~Q(client__in=erased.values("pk")) & ~Q(client__in=related.values("pk"))
        return (reached if answered is None else reached & Q(recipient_org__in=answered)) & free


class Referral(Record, Versioned, ScopedModel):
    """One attempt to hand a need to a provider; `status` is the projection of its events."""

    ref_no = models.CharField(_("number"), max_length=40, editable=False)
    act = models.CharField(max_length=10, choices=Act, default=Act.REFERRAL)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.PLATFORM)
    client = models.ForeignKey(
        "casefiles.Client", models.PROTECT, related_name="referrals", verbose_name=_("client")
    )
    sender_org = models.ForeignKey(
        "catalogue.Organization", models.PROTECT, related_name="referrals_sent"
    )
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="referrals_sent"
    )
    service = models.ForeignKey(
        "catalogue.Service", models.PROTECT, null=True, related_name="referrals"
    )
    place = models.ForeignKey(
        "catalogue.ServiceAtLocation", models.PROTECT, null=True, related_name="+"
    )
    off_platform_contact = models.ForeignKey(
        "handoffs.OffPlatformContact", models.PROTECT, null=True, related_name="referrals"
    )
    recipient_org = models.ForeignKey(
        "catalogue.Organization", models.PROTECT, null=True, related_name="referrals_received"
    )
    # The recipient's person in charge.
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="referrals_assigned"
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    # Code of the set `referral_reason`; leaf of the taxonomy that the first need stands under.
    referral_reason = models.CharField(_("reason for referral"), max_length=40)
    category = models.CharField(max_length=20, db_index=True)
    summary = EncryptedTextField(_("message to the recipient"), blank=True)
    # Per data class what the worker wrote about it; the file supplies the rest.
    details = EncryptedJSONField(default=dict, blank=True)
    data_classes = models.JSONField(default=list)
    priority = models.CharField(_("priority"), max_length=2)
    clock_class = models.CharField(max_length=10, choices=ClockClass)
    channel = models.CharField(_("channel"), max_length=12, choices=Channel)
    # Where a link goes, and by which other way its code: `mailto:…` or `sms:…`.
    delivery = EncryptedJSONField(default=dict, blank=True)
    # What the worker confirmed or overrode: codes of warnings, and the reason in words.
    confirmed = models.JSONField(default=list)
    override_reason = EncryptedTextField(blank=True)
    status = models.CharField(
        _("status"), max_length=20, choices=Status, default=Status.DRAFT, editable=False
    )
    last_seq = models.PositiveIntegerField(default=0, editable=False)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="onward")
    root = models.ForeignKey("self", models.PROTECT, null=True, related_name="chain")
    attempt_no = models.PositiveSmallIntegerField(default=1)
    # Code of the set `handoff_mode`; date, persons present, documents handed over.
    handoff_mode = models.CharField(max_length=20, blank=True)
    handoff_record = EncryptedJSONField(default=dict, blank=True)
    must_happen_before = models.DateField(null=True)
    # Release or discharge: the day from which a missing contact is an alarm.
    expected_on = models.DateField(null=True)
    next_actor = models.CharField(max_length=20, choices=Turn, default=Turn.SENDER, blank=True)
    # Due instant of the clock that colors the row, so that lists need no join.
    due_at = models.DateTimeField(null=True, editable=False)
    sent_at = models.DateTimeField(null=True, editable=False)
    acknowledged_at = models.DateTimeField(null=True, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    first_contact_at = models.DateTimeField(null=True, editable=False)
    outcome_at = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    end_reason = models.CharField(max_length=40, blank=True, editable=False)
    verification = models.CharField(max_length=20, blank=True, editable=False)

    objects = ReferralQuerySet.as_manager()
    # The needs of a referral that is only being written; a stored one has rows for them.
    proposed: "Sequence[Need]" = ()
    if TYPE_CHECKING:
        # What lists fetch along, where they do.
        running_clocks: list["ReferralClock"]
        previews: list["PacketSnapshot"]

    class Meta:
        verbose_name = _("referral")
        constraints = [
            models.UniqueConstraint(
                name="referral_number_is_unique", fields=["sender_org", "ref_no"]
            ),
            known("referral_status_is_known", "status", Status.values),
            known("referral_act_is_known", "act", Act.values),
            known("referral_origin_is_known", "origin", Origin.values),
            known("referral_channel_is_known", "channel", Channel.values),
            known("referral_clock_class_is_known", "clock_class", ClockClass.values),
            known("referral_next_actor_is_known", "next_actor", Turn.values),
            models.CheckConstraint(
                name="referral_goes_to_one_recipient",
                condition=Q(service__isnull=False, off_platform_contact__isnull=True)
                | Q(service__isnull=True, off_platform_contact__isnull=False),
            ),
            models.CheckConstraint(
                name="referral_ended_means_done",
                condition=Q(status__in=sorted(DONE), ended_at__isnull=False)
                | Q(status__in=sorted(OPEN), ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="referral_under_way_was_sent",
                condition=Q(sent_at__isnull=False)
                | Q(status__in=sorted(PREPARED | {Status.CANCELLED, Status.ENTERED_IN_ERROR})),
            ),
            models.CheckConstraint(
                name="referral_is_not_its_parent",
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
            ),
            models.CheckConstraint(
                name="referral_attempts_count_from_one", condition=Q(attempt_no__gte=1)
            ),
        ]
        indexes = [
            models.Index(name="referral_in", fields=["recipient_org", "status", "due_at"]),
            # An inbox counts by these columns alone, however much has ended there.
            models.Index(
                name="referral_received",
                fields=["recipient_org", "status", "client"],
                condition=Q(sent_at__isnull=False),
            ),
            models.Index(
                name="referral_ended",
                fields=["recipient_org", "-ended_at"],
                condition=Q(sent_at__isnull=False, ended_at__isnull=False),
            ),
            models.Index(name="referral_out", fields=["sender_org", "status", "due_at"]),
            models.Index(name="referral_by_status", fields=["status", "due_at"]),
            models.Index(name="referral_by_updated", fields=["updated_at"]),
        ]

    def __str__(self) -> str:
        return self.ref_no

    @property
    def data_key_id(self) -> str:
        """Name the key that seals the texts: the client's own."""
        return self.client.key_id

    @property
    def is_open(self) -> bool:
        """Say whether it is not over."""
        return self.status in OPEN

    @property
    def served(self) -> "list[Need]":
        """Return the needs that this referral is to serve, the first one first."""
        if self._state.adding:
            return list(self.proposed)
        rows = self.needs.select_related("need__category", "need__client").order_by("pk")
        return [row.need for row in rows]

    @property
    def chain_id(self) -> int:
        """Return the first attempt that all attempts of this chain name."""
        return self.root_id or self.pk


class OfReferralQuerySet(ScopedQuerySet):
    def visible_to(self, user: "User") -> Self:
        """Keep what belongs to referrals the user may see."""
        if user.is_system:
            return self.scoped()
        return self.filter(referral__in=Referral.objects.visible_to(user)).scoped()


class ReferralNeed(Record, ScopedModel):
    """A need that a referral serves, and what became of it there."""

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="needs")
    need = models.ForeignKey("casefiles.Need", models.PROTECT, related_name="referrals")
    # Codes of the set `referral_outcome`: as the provider reports, as the client confirms.
    outcome = models.CharField(max_length=20, blank=True)
    missing = EncryptedTextField(blank=True)
    quantity = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    unit = models.CharField(max_length=40, blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    result = models.CharField(max_length=20, blank=True)
    # Need and recipient while open, so that the database itself refuses a second open referral.
    open_key = models.CharField(max_length=60, null=True, unique=True)  # noqa: DJ001

    objects = OfReferralQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="referralneed_is_named_once", fields=["referral", "need"])
        ]

    def __str__(self) -> str:
        return f"{self.referral_id}: {self.need_id}"

    @property
    def data_key_id(self) -> str:
        """Name the key that seals the texts: the client's own."""
        return self.referral.data_key_id


class ReferralEvent(AppendOnly, Record, ScopedModel):
    """One line of the log, from which the whole referral can be rebuilt."""

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    event = models.CharField(max_length=30)
    from_status = models.CharField(max_length=20, choices=Status, blank=True)
    to_status = models.CharField(max_length=20, choices=Status, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    actor_role = models.CharField(max_length=3, choices=Actor)
    # Who said it, when somebody else recorded it; by which channel, when.
    on_behalf_of = models.CharField(max_length=10, blank=True)
    channel = models.CharField(max_length=20, blank=True)
    reported_by = EncryptedTextField(blank=True)
    reported_at = models.DateTimeField(null=True)
    link = models.ForeignKey(
        "handoffs.AccessLink", models.PROTECT, null=True, related_name="events"
    )
    at = models.DateTimeField()
    occurred_at = models.DateTimeField()
    reason = models.CharField(max_length=40, blank=True)
    # Codes and instants in clear, words about people sealed.
    data = models.JSONField(default=dict)
    texts = EncryptedJSONField(default=dict, blank=True)
    idempotency_key = models.CharField(max_length=300, blank=True)
    due_frozen = models.JSONField(default=dict)

    objects = OfReferralQuerySet.as_manager()

    class Meta:
        ordering = ["referral", "seq"]
        constraints = [
            models.UniqueConstraint(name="referralevent_has_its_place", fields=["referral", "seq"]),
            models.UniqueConstraint(
                name="referralevent_happens_once_per_key",
                fields=["idempotency_key"],
                condition=~Q(idempotency_key=""),
            ),
            known("referralevent_actor_role_is_known", "actor_role", Actor.values),
        ]
        indexes = [models.Index(name="referralevent_by_kind", fields=["event", "at"])]

    def __str__(self) -> str:
        return f"{self.referral_id}.{self.seq} {self.event}"

    @property
    def data_key_id(self) -> str:
        """Name the key that seals the texts: the client's own."""
        return self.referral.data_key_id


class ReferralSeries(models.Model):
    """The last number an organization has given out in a month."""

    organization = models.ForeignKey("catalogue.Organization", models.PROTECT, related_name="+")
    month = models.CharField(max_length=6)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="referralseries_is_one", fields=["organization", "month"])
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.month}"


class Appointment(Record, ScopedModel):
    """A meeting of client and provider."""

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="appointments")
    at = models.DateTimeField()
    place = EncryptedTextField(blank=True)
    state = models.CharField(max_length=10)

    objects = OfReferralQuerySet.as_manager()

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.referral_id}: {self.state}"

    @property
    def data_key_id(self) -> str:
        """Name the key that seals the texts: the client's own."""
        return self.referral.data_key_id


class ContactAttempt(Record, ScopedModel):
    """One try to reach the client; codes of `contact_method` and `contact_result`."""

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="contact_attempts")
    at = models.DateTimeField()
    method = models.CharField(max_length=20)
    result = models.CharField(max_length=20)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = OfReferralQuerySet.as_manager()

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.referral_id}: {self.result}"
