"""The person: file, key, telephone numbers, safe contact, and whom the file may be shown to."""

from base64 import b64decode, b64encode
from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from accounts.models import User
from accounts.permissions import Permission
from core.crypto import EncryptedTextField, new_key, open_with_ring, seal_with_ring
from core.jobs import now
from core.models import Record, ScopedModel, ScopedQuerySet, Versioned
from directory.catalogue.models import Organization
from directory.geography.models import Area
from referrals.casefiles.models.identity import masked_id, masked_name
from referrals.casefiles.states import (
    AgeBand,
    AssignmentRole,
    ClientKind,
    PhoneKind,
    Sensitivity,
    Sex,
)

WORKING = frozenset(AssignmentRole) - {AssignmentRole.FORMER}
READS = (Permission.CLIENT_READ_OWN, Permission.CLIENT_READ_ORG)


def known(name: str, field: str, choices: type[models.TextChoices], *, blank: bool = False) -> Any:
    """Return the constraint that holds a column to its enum."""
    values = [*choices.values, ""] if blank else choices.values
    return models.CheckConstraint(name=name, condition=Q((f"{field}__in", values)))


def organizations(user: User, *permissions: Permission, path: str = "organization") -> Q:
    """Return the condition that a row's organization is one where the user holds a permission."""
    granted: set[int] = set()
    for permission in permissions:
        ids = user.organization_ids(permission)
        if ids is None:
            return Q()
        granted |= ids
    return Q((f"{path}__in", granted))


class ClientKey(models.Model):
    """The data key of one client, wrapped by the ring; destroying it erases the person."""

    id = models.CharField(primary_key=True, max_length=40, editable=False)
    wrapped = models.TextField(blank=True, editable=False)
    destroyed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="clientkey_is_live_or_destroyed",
                condition=Q(destroyed_at__isnull=True) & ~Q(wrapped="")
                | Q(destroyed_at__isnull=False, wrapped=""),
            )
        ]

    def __str__(self) -> str:
        return self.id

    @classmethod
    def wrap(cls, key_id: str) -> "ClientKey":
        """Return an unsaved row with a fresh key."""
        sealed = seal_with_ring(b64encode(new_key()), cls.place(key_id))
        return cls(id=key_id, wrapped=sealed)

    @staticmethod
    def place(key_id: str) -> bytes:
        """Return what binds the wrapped key to its row."""
        return f"casefiles.clientkey.{key_id}".encode()


def load_data_keys(ids: set[str]) -> dict[str, bytes]:
    """Return the data keys of these clients that exist; a destroyed one is gone."""
    rows = ClientKey.objects.filter(pk__in=ids, destroyed_at__isnull=True)
    return {row.pk: b64decode(open_with_ring(row.wrapped, ClientKey.place(row.pk))) for row in rows}


class ClientQuerySet(ScopedQuerySet):
    def visible_to(self, user: User) -> Self:
        """Keep files of one's cases, of the organization where the role reads all, and opened ones.

        Restricted files need an assignment, an approval or an open emergency access; nobody sees
        the file of a relative, or of somebody who was erased.
        """
        if user.is_system:
            return self.scoped()
        opened = self._pks(user, "approvals", "revoked_at") | self._pks(
            user, "openings", "ended_at"
        )
        by_role = organizations(user, Permission.CLIENT_READ_ORG)
        seen = (
            Q(pk__in=self._team(user)) & organizations(user, *READS)
            | by_role & ~Q(sensitivity=Sensitivity.RESTRICTED)
            | Q(pk__in=opened) & organizations(user, *READS)
        )
        return self.unrelated_to(user).filter(seen, erased_at=None).scoped()

    def editable_by(self, user: User) -> Self:
        """Keep files of cases one works on now, where one may write."""
        if user.is_system:
            return self.scoped()
        team = self._team(user, writing=True)
        writes = organizations(user, Permission.CLIENT_WRITE)
        return self.unrelated_to(user).filter(writes, pk__in=team, erased_at=None).scoped()

    def caseload_of(self, user: User) -> Self:
        """Keep the persons of one's own open cases: what search by a few letters looks through."""
        team = self._team(user, cases__state="open", writing=True)
        return self.visible_to(user).filter(pk__in=team)

    def of_team(self, user: User) -> Self:
        """Keep files on whose team the user is, the former owner included."""
        return self.filter(pk__in=self._team(user))

    def approvable_by(self, user: User) -> Self:
        """Keep files whose access one may approve, without seeing what is in them."""
        approves = organizations(user, Permission.ACCESS_APPROVE)
        return self.unrelated_to(user).filter(approves).scoped()

    def in_reach_of(self, user: User) -> Self:
        """Keep files that an emergency may open: those of one's own organization."""
        return self.unrelated_to(user).filter(organizations(user, *READS)).scoped()

    def unrelated_to(self, user: User) -> Self:
        """Drop files of people the user is related to (C13)."""
        return self.exclude(pk__in=Client._base_manager.filter(conflicts__user=user).values("pk"))

    def _team(self, user: User, *, writing: bool = False, **more: Any) -> Any:
        if writing:
            # Named, not excluded: a negated condition over many rows would mean another row.
            more["cases__assignments__role__in"] = sorted(WORKING)
        return Client._base_manager.filter(
            Q(cases__assignments__until__isnull=True) | Q(cases__assignments__until__gt=now()),
            cases__assignments__user=user,
            **more,
        ).values("pk")

    def _pks(self, user: User, relation: str, ended: str) -> Any:
        return Client._base_manager.filter(
            **{
                f"{relation}__user": user,
                f"{relation}__until__gt": now(),
                f"{relation}__{ended}__isnull": True,
            }
        ).values("pk")


class Client(Record, Versioned, ScopedModel):
    """One person (or household, group, community), one file."""

    kind = models.CharField(max_length=10, choices=ClientKind, default=ClientKind.PERSON)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="clients")
    key = models.OneToOneField(ClientKey, models.PROTECT, related_name="client", editable=False)
    file_no = models.CharField(max_length=60)
    name = EncryptedTextField(blank=True)
    name_bidx = models.CharField(max_length=32, blank=True, editable=False)
    pseudonym = EncryptedTextField(blank=True)
    pseudonym_bidx = models.CharField(max_length=32, blank=True, editable=False)
    sex = models.CharField(max_length=10, choices=Sex, default=Sex.UNKNOWN)
    # ISO text, because ciphertext has no type; `born` reads it.
    birth_date = EncryptedTextField(blank=True)
    age_band = models.CharField(max_length=5, choices=AgeBand, blank=True, editable=False)
    id_number = EncryptedTextField(blank=True)
    id_bidx = models.CharField(max_length=32, blank=True, editable=False)
    address = EncryptedTextField(blank=True)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    household_registration_area = models.ForeignKey(
        Area,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    languages = models.JSONField(default=list, blank=True)
    populations = models.JSONField(default=list, blank=True)
    risks = models.JSONField(default=list, blank=True)
    sensitivity = models.CharField(
        max_length=12, choices=Sensitivity, default=Sensitivity.CONFIDENTIAL
    )
    deceased_on = models.DateField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ClientQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(name="client_name", fields=["name_bidx"]),
            models.Index(name="client_pseudonym", fields=["pseudonym_bidx"]),
            models.Index(name="client_id_number", fields=["id_bidx"]),
            models.Index(name="client_by_organization", fields=["organization", "sensitivity"]),
            models.Index(
                name="client_erased",
                fields=["erased_at"],
                condition=Q(erased_at__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(name="client_file_no", fields=["organization", "file_no"]),
            known("client_kind_is_known", "kind", ClientKind),
            known("client_sex_is_known", "sex", Sex),
            known("client_age_band_is_known", "age_band", AgeBand, blank=True),
            known("client_sensitivity_is_known", "sensitivity", Sensitivity),
            models.CheckConstraint(
                name="client_has_a_name",
                condition=~Q(name_bidx="", pseudonym_bidx="") | Q(erased_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        # Never a name: this ends up in admin logs, messages and error pages.
        return self.file_no

    @property
    def data_key_id(self) -> str:
        """Name the key that seals this client's values."""
        return str(self.key_id)

    @property
    def born(self) -> date | None:
        """Return the date of birth."""
        return date.fromisoformat(self.birth_date) if self.birth_date else None

    @property
    def is_restricted(self) -> bool:
        """Say whether only the team and approved readers may open the file."""
        return self.sensitivity == Sensitivity.RESTRICTED

    @property
    def called(self) -> str:
        """Return the name, or what the person wants to be called."""
        return str(self.name or self.pseudonym)

    @property
    def masked_name(self) -> str:
        """Return the surname alone."""
        return masked_name(self.called)

    @property
    def masked_id(self) -> str:
        """Return the identity number with its middle hidden."""
        return masked_id(self.id_number)


class OfClient(ScopedQuerySet):
    """Rows of a client follow the client: who sees the file sees them."""

    client_path: ClassVar[str] = "client"

    def visible_to(self, user: User) -> Self:
        """Keep rows of files the user may open."""
        return self._narrowed(user, Client.objects.visible_to(user))

    def editable_by(self, user: User) -> Self:
        """Keep rows of files the user works on."""
        return self._narrowed(user, Client.objects.editable_by(user))

    def _narrowed(self, user: User, clients: ClientQuerySet) -> Self:
        if user.is_system:
            return self.scoped()
        return self.filter(**{f"{self.client_path}__in": clients.values("pk")}).scoped()


class OfClientRecord(Record, ScopedModel):
    """A row about a client, sealed with the client's key."""

    class Meta:
        abstract = True

    @property
    def data_key_id(self) -> str:
        """Name the client's key."""
        return self.client.key_id  # type: ignore[attr-defined,no-any-return]  # declared below

    @staticmethod
    def keys(rows: "Iterable[OfClientRecord]") -> set[str]:
        """Return the keys that open these rows, for `crypto.prime`."""
        return {row.data_key_id for row in rows}


class ClientPhone(OfClientRecord):
    """A number under which the client is reached."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="phones")
    number = EncryptedTextField()
    bidx = models.CharField(max_length=32, db_index=True, editable=False)
    kind = models.CharField(max_length=10, choices=PhoneKind, default=PhoneKind.MOBILE)
    note = EncryptedTextField(blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    objects = OfClient.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            known("clientphone_kind_is_known", "kind", PhoneKind),
            models.UniqueConstraint(name="clientphone_is_unique", fields=["client", "bidx"]),
        ]

    def __str__(self) -> str:
        return str(self.uid)


class ContactSafety(OfClientRecord):
    """How the client may be reached without harm; nothing is sent before somebody asked."""

    client = models.OneToOneField(Client, models.CASCADE, related_name="contact_safety")
    may_contact = models.BooleanField(default=True)
    # Codes of the set `contact_method`; empty = any.
    channels = models.JSONField(default=list, blank=True)
    safe_times = EncryptedTextField(blank=True)
    leave_message = models.BooleanField(default=False)
    code_word = EncryptedTextField(blank=True)
    must_not_know = EncryptedTextField(blank=True)
    neutral_sender = models.BooleanField(default=False)
    answered_at = models.DateTimeField(null=True, editable=False)
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = OfClient.as_manager()

    def __str__(self) -> str:
        return str(self.client_id)


class StaffConflict(OfClientRecord):
    """A worker who is related to the client, and therefore denied everywhere (C13)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    client = models.ForeignKey(Client, models.CASCADE, related_name="conflicts")
    reason = EncryptedTextField(blank=True)

    objects = OfClient.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="staffconflict_is_unique", fields=["user", "client"])
        ]

    def __str__(self) -> str:
        return str(self.uid)
