"""What leaves the file: a preview that points at nobody, and the full packet after acceptance."""

from referrals.handoffs.packet.cell import Cell
from referrals.handoffs.packet.contents import (
    Body,
    categories,
    digest,
    fields,
    full,
    open_key,
    recipient,
)
from referrals.handoffs.packet.preview import conditions, fits, person, preview, serves

__all__ = [
    "Body",
    "Cell",
    "categories",
    "conditions",
    "digest",
    "fields",
    "fits",
    "full",
    "open_key",
    "person",
    "preview",
    "recipient",
    "serves",
]
