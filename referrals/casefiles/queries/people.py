"""Finding a person: by a few letters in one's own caseload, by exact words beyond it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Q

from accounts.models import User
from core import crypto
from core.text import fold, initials, pinyin
from directory.catalogue import phones
from directory.catalogue.models import Code, Organization
from referrals.casefiles.models import Client, ClientPhone

# More would mean decrypting a whole organization for one search.
CASELOAD_LIMIT = 500


@dataclass(frozen=True)
class Found:
    """What a search gives: one's own clients, and others that one may open with a reason."""

    own: list[Client]
    others: list[Client]


def caseload(user: User) -> list[Client]:
    """Return one's own clients with their keys and numbers, in the order of their names."""
    rows = Client.objects.caseload_of(user).select_related("area")
    clients = list(rows.prefetch_related("phones", "cases")[:CASELOAD_LIMIT])
    crypto.prime({client.key_id for client in clients})
    return sorted(clients, key=lambda client: (pinyin(client.called), client.pk))


def find(user: User, text: str) -> Found:
    """Find by name start, pinyin, initials and phone tail in the own caseload; else exactly."""
    own = [client for client in caseload(user) if _fits(client, text)]
    mine = {client.pk for client in own}
    others = [
        client
        for client in exact(user, name=text, phone=text, id_number=text, number=text)
        if client.pk not in mine
    ]
    return Found(own, others)


def exact(
    user: User, *, name: str = "", phone: str = "", id_number: str = "", number: str = ""
) -> list[Client]:
    """Find by a full name, telephone, identity, file or case number among what one may see."""
    return _ordered(
        Client.objects.visible_to(user).filter(_exactly(name, phone, id_number, number))
    )


def in_reach(user: User, text: str) -> Client | None:
    """Return the one file of the organization that an emergency may open by these exact words."""
    rows = Client.objects.in_reach_of(user).filter(_exactly(text, text, text, text))
    found = list(rows.distinct()[:2])
    return found[0] if len(found) == 1 else None


def alike(
    user: User,
    organization: Organization,
    *,
    name: str = "",
    birth_date: date | None = None,
    id_number: str = "",
    numbers: Sequence[str] = (),
) -> list[Client]:
    """Return files that may be about the same person: a warning, masked, never a block."""
    same = Q()
    if id_number:
        same |= Q(id_bidx=crypto.blind_index("client.id_number", id_number))
    for number in numbers:
        if index := phone_index(number):
            same |= Q(pk__in=_owning(index))
    rows = Client.objects.visible_to(user).filter(organization=organization)
    found = {client.pk: client for client in rows.filter(same)} if same else {}
    if name and birth_date:
        for client in rows.filter(name_bidx=crypto.blind_index("client.name", name)):
            if client.born and client.born.year == birth_date.year:
                found[client.pk] = client
    return list(found.values())[:10]


def phone_index(text: str) -> str:
    """Return the blind index of what may be a telephone number, empty if it is none."""
    prefixes = Code.objects.of("extra_number").values_list("code", flat=True)
    try:
        read = phones.parse(text, country=settings.COUNTRY, extra_prefixes=list(prefixes))
    except phones.NotANumber:
        return ""
    return crypto.blind_index("client.phone", read.e164)


def _exactly(name: str, phone: str, id_number: str, number: str) -> Q:
    wanted = Q(pk__in=())
    if index := crypto.blind_index("client.name", name):
        wanted |= Q(name_bidx=index) | Q(pseudonym_bidx=index)
    if index := phone_index(phone):
        wanted |= Q(pk__in=_owning(index))
    if index := crypto.blind_index("client.id_number", id_number):
        wanted |= Q(id_bidx=index)
    if number := number.strip():
        by_case = Client._base_manager.filter(cases__case_no=number).values("pk")
        wanted |= Q(file_no=number) | Q(pk__in=by_case)
    return wanted


def _owning(index: str) -> object:
    return ClientPhone._base_manager.filter(bidx=index).values("client")


def _ordered(rows: object) -> list[Client]:
    clients = list(rows.select_related("area").prefetch_related("phones")[:50])  # type: ignore[attr-defined]
    crypto.prime({client.key_id for client in clients})
    return sorted(clients, key=lambda client: (pinyin(client.called), client.pk))


def _fits(client: Client, text: str) -> bool:
    wanted = re.sub(r"[\s·•・]+", "", fold(text))
    if not wanted:
        return False
    if wanted.isdigit() and len(wanted) >= 2:
        ends = any(phone.number.endswith(wanted) for phone in client.phones.all())
        return ends or wanted in client.file_no
    for name in filter(None, (client.name, client.pseudonym)):
        sound = pinyin(name).replace(" ", "")
        plain = re.sub(r"[\s·•・]+", "", fold(name))
        if plain.startswith(wanted) or sound.startswith(wanted) or initials(name) == wanted:
            return True
    return wanted in fold(client.file_no)
