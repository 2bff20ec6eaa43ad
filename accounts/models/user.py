"""People who sign in, and the two built-in actors that never do."""

import uuid
from functools import cached_property
from typing import ClassVar, NamedTuple

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.permissions import GRANTS, SECOND_FACTOR_ROLES, Permission, Role
from core.errors import NotPermitted
from core.models import Record

SYSTEM = uuid.UUID(int=1)
GUEST = uuid.UUID(int=2)


class Held(NamedTuple):
    """One membership as permission checks read it; no organization = the whole network."""

    role: Role
    organization_id: int | None
    organization_uid: uuid.UUID | None


class Theme(models.TextChoices):
    AUTO = "auto", _("Like the device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class TextSize(models.IntegerChoices):
    NORMAL = 100, _("Normal")
    LARGE = 125, _("Large")
    LARGEST = 150, _("Very large")


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        """Find a person by e-mail address; case never tells two people apart."""
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, Record):
    """One person, one account; what the person may do is decided by the memberships."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name of the person"), max_length=100)
    language = models.CharField(_("language"), max_length=10, blank=True)
    theme = models.CharField(_("theme"), max_length=5, choices=Theme, default=Theme.AUTO)
    text_size = models.PositiveSmallIntegerField(
        _("text size"), choices=TextSize, default=TextSize.NORMAL
    )
    reduced_data = models.BooleanField(_("save data: no maps, no pictures"), default=False)
    single_keys = models.BooleanField(_("single-key commands"), default=True)
    is_active = models.BooleanField(_("active"), default=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    # Set while a request is made with a token: it counts in one organization (or the network).
    token_scope: int | None = None
    has_token_scope = False

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="user_theme_is_known", condition=models.Q(theme__in=Theme.values)
            ),
            models.CheckConstraint(
                name="user_text_size_is_known", condition=models.Q(text_size__in=TextSize.values)
            ),
            models.CheckConstraint(
                name="user_email_is_lower_case", condition=models.Q(email=Lower("email"))
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_system(self) -> bool:
        """Say whether this is the scheduler, which may do and see everything."""
        return self.uid == SYSTEM

    @property
    def is_guest(self) -> bool:
        """Say whether this is the holder of a secret link, whose right is the link alone."""
        return self.uid == GUEST

    @property
    def is_staff(self) -> bool:
        """Say whether Django's admin opens: a view on settings, hence for who may edit them."""
        return self.may(Permission.SETTINGS_EDIT)

    @cached_property
    def held(self) -> list[Held]:
        """Memberships, read once per loaded user, hence anew with every request."""
        if not self.is_active:
            return []
        rows = self.memberships.current().values_list(
            "role", "organization_id", "organization__uid"
        )
        if self.has_token_scope:
            rows = rows.filter(organization=self.token_scope)
        return [Held(Role(role), pk, uid) for role, pk, uid in rows]

    @property
    def organization_uid(self) -> uuid.UUID | None:
        """Return the organization the person acts for, if it can be only one."""
        uids = {held.organization_uid for held in self.held if held.organization_uid}
        return uids.pop() if len(uids) == 1 else None

    def may(self, permission: Permission, organization: models.Model | int | None = None) -> bool:
        """Say whether a membership grants the act there; no organization named = anywhere."""
        if self.is_system:
            return True
        wanted = getattr(organization, "pk", organization)
        return any(
            permission in GRANTS[held.role]
            and (wanted is None or held.organization_id in {None, wanted})
            for held in self.held
        )

    def must(self, permission: Permission, organization: models.Model | int | None = None) -> None:
        """Refuse the act unless a membership grants it."""
        if not self.may(permission, organization):
            raise NotPermitted

    def organization_ids(self, permission: Permission) -> set[int] | None:
        """Return where the act is granted; None = in the whole network."""
        granted = {h.organization_id for h in self.held if permission in GRANTS[h.role]}
        if self.is_system or None in granted:
            return None
        return {pk for pk in granted if pk is not None}

    @property
    def needs_second_factor(self) -> bool:
        """Say whether a role that is held may not be used with a password alone."""
        if not settings.SECOND_FACTOR_REQUIRED:
            return False
        every = settings.SECURITY_PROFILE == "dengbao3"
        return every or any(held.role in SECOND_FACTOR_ROLES for held in self.held)

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Open the product's tables in Django's admin; what signs people in stays shut there."""
        return self.is_staff and perm.partition(".")[0] not in {"account", "mfa", "usersessions"}

    def has_module_perms(self, app_label: str) -> bool:
        """Open an application in Django's admin under the same rule."""
        return self.has_perm(f"{app_label}.view")


class OldPassword(models.Model):
    """The hash of a password that somebody has had, so that it does not come back."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="old_passwords")
    password = models.CharField(max_length=128)

    def __str__(self) -> str:
        return str(self.pk)
