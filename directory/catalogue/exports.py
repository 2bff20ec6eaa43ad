"""Papers: the slip that a person takes along, with a QR code and the text of a message."""

from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.urls import reverse

from directory.catalogue.models import Address
from directory.catalogue.queries import words
from directory.catalogue.queries.pages import ListingView, PlaceView

# Two segments of Chinese text; a longer message arrives in pieces.
SMS_LENGTH: Final = 134


@dataclass(frozen=True)
class Slip:
    """What stands on a slip: how to get help, never why somebody needs it."""

    view: ListingView
    here: PlaceView
    numbers: list[str]
    address: str
    url: str
    message: str


def slip(view: ListingView) -> Slip:
    """Return the slip of a listing: name, address, phone, hours, papers to bring, the way."""
    here = view.here
    numbers = [each.row.number for each in here.facts.phones if view.is_reachable]
    address = words.address(street(here))
    url = f"{settings.SITE_URL}{reverse('catalogue:service', args=[view.service.uid])}"
    return Slip(
        view=view,
        here=here,
        numbers=numbers[:2],
        address=address,
        url=url,
        message=_message(view, numbers[:1], address, url),
    )


def street(view: PlaceView) -> Address | None:
    """Return the address to go to: a street before a postal one."""
    by_kind = sorted(view.addresses, key=lambda row: row.address_type != "physical")
    return next(iter(by_kind), None)


def _message(view: ListingView, numbers: list[str], address: str, url: str) -> str:
    """Return the text of a message: what fits into two segments, the number and the link first."""
    name = view.service.text("name")[0]
    must = [*numbers, url]
    room = SMS_LENGTH - sum(len(part) + 1 for part in must)
    if address and len(name) + 1 + len(address) <= room:
        return " ".join([name, *numbers, address, url])
    return " ".join([name[: max(room, 0)].strip(), *must]).strip()
