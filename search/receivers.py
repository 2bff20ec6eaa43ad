"""Hears what the catalogue changed and marks the services that are found by it."""

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from directory.catalogue.signals import listing_changed
from search import sync


@receiver(listing_changed)
def mark_services(sender: object, table: str, ids: Sequence[int], **_facts: Any) -> None:
    """Mark what changed; whoever depends on a changed record is announced under `service` too."""
    if table == "service":
        sync.mark(ids)
    elif table == "taxonomy_term":
        sync.terms_changed(ids)
