"""Hears that a location was protected: what sources said about it must not give it away."""

from typing import Any

from django.dispatch import receiver

from directory.catalogue.signals import listing_changed
from directory.exchange.operations import forgetting


@receiver(listing_changed)
def forget_protected(
    sender: type, *, table: str, ids: list[int], event: str, by: Any, **_: Any
) -> None:
    """Forget the rows of a location that is protected from now on."""
    if table == "location" and event == "protect":
        forgetting.forget_locations(ids, by=by)
