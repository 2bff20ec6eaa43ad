"""Keys of programs that act for a person."""

from django.db import models
from knox.models import AbstractAuthToken

from core.models import Record


class Token(AbstractAuthToken, Record):
    """A hashed, expiring token that counts in one organization, or in the network."""

    name = models.CharField(max_length=100)
    organization = models.ForeignKey(
        "catalogue.Organization", on_delete=models.PROTECT, null=True, related_name="+"
    )

    def __str__(self) -> str:
        return self.name
