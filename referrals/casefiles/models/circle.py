"""Who is around the client, and what else is known, one data class each."""

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from core.crypto import EncryptedTextField
from referrals.casefiles.models.client import Client, OfClient, OfClientRecord, known
from referrals.casefiles.models.identity import masked_name
from referrals.casefiles.states import DataClass, SupporterKind


class ClientFact(OfClientRecord):
    """What a worker wrote about one data class; a packet carries it only with that class."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="facts")
    data_class = models.CharField(max_length=20, choices=DataClass)
    text = EncryptedTextField()
    author = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = OfClient.as_manager()

    class Meta:
        ordering = ["data_class"]
        constraints = [
            known("clientfact_class_is_known", "data_class", DataClass),
            models.UniqueConstraint(name="clientfact_is_unique", fields=["client", "data_class"]),
        ]

    def __str__(self) -> str:
        return self.get_data_class_display()


class MemberQuerySet(OfClient):
    client_path = "person"


class HouseholdMember(OfClientRecord):
    """A person living in a household for a time."""

    household = models.ForeignKey(Client, models.PROTECT, related_name="members")
    person = models.ForeignKey(Client, models.PROTECT, related_name="households")
    relation = models.CharField(max_length=60)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="householdmember_lives_there_once",
                fields=["household", "person"],
                condition=Q(until__isnull=True),
            ),
            models.CheckConstraint(
                name="householdmember_ends_after_it_began",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
            ),
            models.CheckConstraint(
                name="householdmember_is_not_the_household",
                condition=~Q(household=F("person")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.uid)

    @property
    def data_key_id(self) -> str:
        """Name the person's key."""
        return self.person.key_id


class Guardian(OfClientRecord):
    """Who decides for a minor or an adult without full capacity."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="guardians")
    name = EncryptedTextField()
    phone = EncryptedTextField(blank=True)
    relation = models.CharField(max_length=60)
    verified_by_document = models.BooleanField(default=False)
    suspected_harmer = models.BooleanField(default=False)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = OfClient.as_manager()

    class Meta:
        ordering = ["since", "pk"]

    def __str__(self) -> str:
        return str(self.uid)

    @property
    def masked_name(self) -> str:
        """Return the surname alone."""
        return masked_name(self.name)


class Supporter(OfClientRecord):
    """Who helps outside the agencies."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="supporters")
    kind = models.CharField(max_length=10, choices=SupporterKind)
    name = EncryptedTextField()
    contact = EncryptedTextField(blank=True)
    note = EncryptedTextField(blank=True)

    objects = OfClient.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [known("supporter_kind_is_known", "kind", SupporterKind)]

    def __str__(self) -> str:
        return str(self.uid)

    @property
    def masked_name(self) -> str:
        """Return the surname alone."""
        return masked_name(self.name)
