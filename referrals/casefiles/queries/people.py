"""Finding a person: by a few letters in one's own caseload, by exact words beyond it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import Count, Max, Min, Q, QuerySet

from accounts.models import Membership, User
from accounts.permissions import GRANTS, Permission
from core import crypto
from core.errors import NotFound
from core.jobs import now
from core.text import fold, initials, pinyin
from directory.catalogue import phones
from directory.catalogue.models import Code, Organization, Phone
from referrals.casefiles.models import Client, ClientPhone, Consent, TimelineEntry
from referrals.casefiles.models.client import ClientQuerySet
from referrals.casefiles.models.identity import masked_name
from referrals.casefiles.states import ACTIVE, ConsentStatus

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


@dataclass(frozen=True)
class Row:
    """One client in the list: what is urgent, when something last happened, whether consent is."""

    client: Client
    name: str
    born: int | None
    priority: str
    needs: int
    last_at: datetime | None
    consent: str
    consent_until: datetime | None
    case_no: str


def rows(user: User) -> list[Row]:
    """Return the own caseload, the most urgent first, then by name."""
    listed = described(caseload(user), user)
    return sorted(listed, key=lambda row: (row.priority or "p9", -row.needs))


def described(clients: Sequence[Client], user: User) -> list[Row]:
    """Return list rows for clients, in few queries however many they are."""
    found = {client.pk: client for client in clients}
    marks = (
        Client.objects.visible_to(user)
        .filter(pk__in=found)
        .annotate(
            top=Min("needs__priority", filter=Q(needs__status__in=ACTIVE)),
            open_needs=Count("needs", filter=Q(needs__status__in=ACTIVE), distinct=True),
        )
    )
    news = dict(
        TimelineEntry.objects.visible_to(user)
        .filter(client__in=found)
        .order_by()
        .values_list("client")
        .annotate(Max("at"))
    )
    consents = Consent.objects.visible_to(user).filter(client__in=found).order_by("pk")
    said: dict[int, Consent] = {}
    for consent in consents.only("client", "status", "given_at", "expires_at"):
        if consent.client_id not in said or consent.in_force(now()):
            said[consent.client_id] = consent
    counted = {client.pk: (client.top or "", client.open_needs) for client in marks}
    return [_row(client, *counted[client.pk], news.get(client.pk), said) for client in clients]


def is_office_number(organization: Organization, numbers: Sequence[str]) -> bool:
    """Say whether a number is the agency's own: a slip of the pen that merges people."""
    typed = {read.e164 for number in numbers if (read := _read(number))}
    own = Phone.objects.filter(Q(organization=organization) | Q(contact__organization=organization))
    return own.filter(e164__in=typed).exists()


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


def editable(user: User, uid: object) -> Client:
    """Return a file one works on, by its uid."""
    rows = Client.objects.editable_by(user).select_related("organization")
    return _one(rows, uid)


def reachable(user: User, uid: object) -> Client:
    """Return a file of the organization that an emergency may open, by its uid."""
    rows = Client.objects.in_reach_of(user).select_related("organization")
    return _one(rows, uid)


def approvable(user: User, uid: object) -> Client:
    """Return a file whose access one may approve, by its uid."""
    rows = Client.objects.approvable_by(user).select_related("organization")
    return _one(rows, uid)


def _one(rows: ClientQuerySet, uid: object) -> Client:
    found: Client | None = rows.filter(uid=uid).first()
    if found is None:
        raise NotFound
    return found


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


def staff(organization_id: int) -> "QuerySet[User]":
    """Return the active people who work with files of an organization, by name."""
    return staff_of({organization_id})


def staff_of(organization_ids: set[int] | None) -> "QuerySet[User]":
    """Return the people who work with files of some organizations; none named = of all."""
    reading = {Permission.CLIENT_READ_OWN, Permission.CLIENT_READ_ORG}
    roles = [role for role, granted in GRANTS.items() if granted & reading]
    held = Membership.objects.current().filter(role__in=roles)
    if organization_ids is not None:
        held = held.filter(organization__in=organization_ids)
    people = User.objects.filter(is_active=True, memberships__in=held)
    return people.distinct().order_by("name", "pk")


def organizations_named(name: str) -> list[Organization]:
    """Return the organizations of exactly this name that are listed."""
    name = name.strip()
    return list(Organization.objects.listed().filter(name=name)[:2]) if name else []


def phone_index(text: str) -> str:
    """Return the blind index of what may be a telephone number, empty if it is none."""
    read = _read(text)
    return crypto.blind_index("client.phone", read.e164) if read else ""


def _read(text: str) -> phones.Number | None:
    prefixes = Code.objects.of("extra_number").values_list("code", flat=True)
    try:
        return phones.parse(text, country=settings.COUNTRY, extra_prefixes=list(prefixes))
    except phones.NotANumber:
        return None


def _row(
    client: Client,
    priority: str,
    needs: int,
    last_at: datetime | None,
    said: Mapping[int, Consent],
) -> Row:
    consent = said.get(client.pk)
    in_force = consent is not None and consent.in_force(now())
    numbers = [case.case_no for case in client.cases.all()]
    return Row(
        client=client,
        name=masked_name(client.called),
        born=client.born.year if client.born else None,
        priority=priority,
        needs=needs,
        last_at=last_at,
        consent=consent.status if consent else ConsentStatus.PENDING,
        consent_until=consent.expires_at if consent and in_force else None,
        case_no=numbers[0] if numbers else client.file_no,
    )


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
