"""Keys of programs that act for a person."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken

from core.models import Record


class Token(AbstractAuthToken, Record):
    """A hashed, expiring token that counts in one organization, or in the network."""

    name = models.CharField(_("name"), max_length=100)
    organization = models.ForeignKey(
        "catalogue.Organization", on_delete=models.PROTECT, null=True, related_name="+"
    )

    # Not knox's: its `create` takes other arguments than every manager's.
    objects: ClassVar[models.Manager["Token"]] = models.Manager()

    def __str__(self) -> str:
        return self.name
