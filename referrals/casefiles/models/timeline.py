"""One stream per client; upper applications write to it, so rows name things by kind and uid."""

from django.db import models

from accounts.models import User
from core.crypto import EncryptedTextField
from directory.catalogue.models import Organization
from referrals.casefiles.models.client import Client, OfClient, OfClientRecord
from referrals.casefiles.states import TIMELINE, TimelineKind


class TimelineEntry(OfClientRecord):
    """Something that happened to a client."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="timeline")
    at = models.DateTimeField()
    kind = models.CharField(max_length=60)
    actor = models.ForeignKey(User, models.PROTECT, related_name="+")
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+"
    )
    thing_kind = models.CharField(max_length=60, blank=True)
    thing_uid = models.UUIDField(null=True, blank=True)
    url_name = models.CharField(max_length=60, blank=True)
    # Only quick notes hold text.
    note = EncryptedTextField(blank=True)

    objects = OfClient.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(name="timeline_of_client", fields=["client", "-at"])]

    def __str__(self) -> str:
        return self.kind

    @property
    def shown(self) -> TimelineKind:
        """Return words and icon of the kind; a retired kind keeps its code as its words."""
        return TIMELINE.get(self.kind) or TimelineKind(self.kind, "note")
