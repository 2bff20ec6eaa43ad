"""Hears what the catalogue changed and marks the services that are found by it."""

from collections.abc import Sequence
from typing import Any

from django.core.signals import request_finished
from django.dispatch import receiver

from accounts.queries import system
from directory.catalogue.signals import listing_changed
from search import operations, sync
from search.queries import tally


@receiver(listing_changed)
def mark_services(sender: object, table: str, ids: Sequence[int], **_facts: Any) -> None:
    """Mark what changed; whoever depends on a changed record is announced under `service` too."""
    if table == "service":
        sync.mark(ids)
    elif table == "taxonomy_term":
        sync.terms_changed(ids)


@receiver(request_finished)
def store_tally(sender: object, **_facts: Any) -> None:
    """Store once a minute what this process counted, after a request and not within it."""
    if tally.is_due():
        operations.add_tally(tally.taken(), by=system())
