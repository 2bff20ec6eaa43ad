"""Consent: the text that was read, what was said, how far it reaches; and other legal bases."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from core.crypto import EncryptedFileStorage, EncryptedJSONField, EncryptedTextField, sealed_path
from core.models import Record
from referrals.casefiles.models.client import Client, OfClient, OfClientRecord, known
from referrals.casefiles.states import (
    ANY,
    ConsentBasis,
    ConsentMethod,
    ConsentStatus,
    DataClass,
    GrantorKind,
    LegalBasisKind,
    Purpose,
    RecipientKind,
    ScopeDecision,
)


class ConsentTextQuerySet(models.QuerySet["ConsentText"]):
    def in_force(self, purpose: str, language: str, at: datetime) -> "ConsentText | None":
        """Return the newest published text for a purpose in a language."""
        published = self.filter(purpose=purpose, language=language, effective_from__lte=at)
        return published.order_by("-number").first()


class ConsentText(Record):
    """A notice as it was published; never changed, because people consented to its words."""

    purpose = models.CharField(max_length=20, choices=Purpose)
    language = models.CharField(max_length=10)
    number = models.PositiveIntegerField()
    body = models.TextField()
    sha256 = models.CharField(max_length=64, editable=False)
    effective_from = models.DateTimeField()

    objects = ConsentTextQuerySet.as_manager()

    class Meta:
        ordering = ["purpose", "language", "number"]
        constraints = [
            known("consenttext_purpose_is_known", "purpose", Purpose),
            models.UniqueConstraint(
                name="consenttext_version", fields=["purpose", "language", "number"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.number}"


class ConsentQuerySet(OfClient):
    def in_force(self, at: datetime) -> Self:
        """Keep consents that count at an instant."""
        return self.filter(status=ConsentStatus.ACTIVE, given_at__lte=at, expires_at__gt=at)

    def run_out(self, at: datetime) -> Self:
        """Keep active consents whose time is over."""
        return self.filter(status=ConsentStatus.ACTIVE, expires_at__lte=at)

    def to_warn(self, at: datetime, days: int) -> Self:
        """Keep consents that run out within so many days and about which nobody was told."""
        return self.in_force(at).filter(
            Q(warned_days__isnull=True) | Q(warned_days__gt=days),
            expires_at__lte=at + timedelta(days=days),
        )


class Consent(OfClientRecord):
    """What somebody who may decide said, to which text, how, and until when."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="consents")
    text = models.ForeignKey(ConsentText, models.PROTECT, related_name="+")
    grantor_kind = models.CharField(max_length=10, choices=GrantorKind)
    grantor = EncryptedTextField(blank=True)
    basis = models.CharField(max_length=20, choices=ConsentBasis)
    method = models.CharField(max_length=12, choices=ConsentMethod)
    evidence = models.FileField(storage=EncryptedFileStorage(), upload_to=sealed_path, blank=True)
    evidence_type = models.CharField(max_length=40, blank=True, editable=False)
    # Where the paper lies, or the number of a screenshot.
    evidence_ref = EncryptedTextField(blank=True)
    witnesses = EncryptedJSONField(default=list, blank=True)
    status = models.CharField(
        max_length=12, choices=ConsentStatus, default=ConsentStatus.PENDING, editable=False
    )
    given_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Code of the set `contact_method`.
    withdrawn_via = models.CharField(max_length=20, blank=True, editable=False)
    withdrawal_note = EncryptedTextField(blank=True, editable=False)
    assent_of_minor = models.BooleanField(null=True)
    guardian_told = models.BooleanField(null=True)
    guardian_not_told_reason = EncryptedTextField(blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    # The last warning before the end: 30, then 7.
    warned_days = models.PositiveSmallIntegerField(null=True, editable=False)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(name="consent_by_end", fields=["status", "expires_at"])]
        constraints = [
            known("consent_status_is_known", "status", ConsentStatus),
            known("consent_method_is_known", "method", ConsentMethod),
            known("consent_basis_is_known", "basis", ConsentBasis),
            known("consent_grantor_is_known", "grantor_kind", GrantorKind),
            models.CheckConstraint(
                name="consent_given_has_a_term",
                condition=Q(status__in=[ConsentStatus.PENDING, ConsentStatus.REFUSED])
                | Q(given_at__isnull=False, expires_at__gt=F("given_at")),
            ),
            models.CheckConstraint(
                name="consent_withdrawn_has_instant",
                condition=Q(status=ConsentStatus.WITHDRAWN, withdrawn_at__isnull=False)
                | ~Q(status=ConsentStatus.WITHDRAWN) & Q(withdrawn_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return str(self.uid)

    def in_force(self, at: datetime) -> bool:
        """Say whether the consent counts at an instant."""
        return (
            self.status == ConsentStatus.ACTIVE
            and self.given_at is not None
            and self.expires_at is not None
            and self.given_at <= at < self.expires_at
        )


class OfConsent(OfClient):
    client_path = "consent__client"


class ConsentScope(Record):
    """One thing the consent says: for this purpose, to these recipients, this class, yes or no."""

    consent = models.ForeignKey(Consent, models.CASCADE, related_name="scopes")
    purpose = models.CharField(max_length=20, choices=Purpose)
    recipient_kind = models.CharField(max_length=12, choices=RecipientKind)
    # A uid, the code of a category, or empty for anybody.
    recipient_uid = models.CharField(max_length=60, blank=True)
    data_class = models.CharField(max_length=20)
    decision = models.CharField(max_length=6, choices=ScopeDecision, default=ScopeDecision.PERMIT)
    separate_consent = models.BooleanField(default=False)

    objects = OfConsent.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            known("consentscope_purpose_is_known", "purpose", Purpose),
            known("consentscope_recipient_is_known", "recipient_kind", RecipientKind),
            known("consentscope_decision_is_known", "decision", ScopeDecision),
            models.CheckConstraint(
                name="consentscope_class_is_known",
                condition=Q(data_class__in=[*DataClass.values, ANY]),
            ),
            models.CheckConstraint(
                name="consentscope_anybody_has_no_uid",
                condition=Q(recipient_kind=RecipientKind.ANY, recipient_uid="")
                | ~Q(recipient_kind=RecipientKind.ANY) & ~Q(recipient_uid=""),
            ),
            models.CheckConstraint(
                name="consentscope_own_tick_names_its_class",
                condition=Q(separate_consent=False) | ~Q(data_class=ANY),
            ),
            models.UniqueConstraint(
                name="consentscope_is_said_once",
                fields=["consent", "purpose", "recipient_kind", "recipient_uid", "data_class"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.recipient_kind} {self.data_class}"


class BasisQuerySet(OfClient):
    def in_force(self, at: datetime) -> Self:
        """Keep approved bases whose time has not run out."""
        return self.filter(approved_at__lte=at, until__gt=at)


class LegalBasis(OfClientRecord):
    """A duty or power to provide data without consent; a second person approves it."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="legal_bases")
    kind = models.CharField(max_length=20, choices=LegalBasisKind)
    citation = models.CharField(max_length=200)
    document_no = models.CharField(max_length=100, blank=True)
    narrative = EncryptedTextField()
    # "service:<uid>", "conference:<uid>" or "organization:<uid>".
    recipients = models.JSONField(default=list)
    data_classes = models.JSONField(default=list)
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    approver = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    approved_at = models.DateTimeField(null=True, editable=False)
    until = models.DateTimeField()
    # Telling the client would endanger somebody.
    untold_reason = EncryptedTextField(blank=True)

    objects = BasisQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            known("legalbasis_kind_is_known", "kind", LegalBasisKind),
            models.CheckConstraint(
                name="legalbasis_takes_two",
                condition=Q(approver__isnull=True, approved_at__isnull=True)
                | Q(approver__isnull=False, approved_at__isnull=False) & ~Q(approver=F("author")),
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
