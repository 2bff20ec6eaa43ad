"""Opening and keeping the file of a person."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple, TypedDict, Unpack

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.operations import audited
from accounts.permissions import Permission
from core.crypto import blind_index
from core.errors import Conflict, NotPermitted
from core.jobs import now, today
from core.text import clean
from directory.catalogue import phones as numbers_of
from directory.catalogue.models import Code, Organization
from directory.geography.models import Area
from referrals.casefiles import disclosure
from referrals.casefiles.errors import DuplicateNumber, FactsMissing, InvalidFacts
from referrals.casefiles.models import (
    CaseRules,
    Client,
    ClientFact,
    ClientKey,
    ClientPhone,
    ContactSafety,
    Guardian,
    HouseholdMember,
    StaffConflict,
)
from referrals.casefiles.models.identity import check_id_number
from referrals.casefiles.operations import case as cases
from referrals.casefiles.operations import consent as consents
from referrals.casefiles.operations import timeline
from referrals.casefiles.operations.access import must_edit
from referrals.casefiles.operations.numbers import next_number
from referrals.casefiles.states import (
    ClientKind,
    GrantorKind,
    PhoneKind,
    Sensitivity,
    age_on,
    band_of,
)
from referrals.casefiles.states.timeline import CLIENT_CREATED

# Field -> purpose of its blind index; a pseudonym is found like a name.
INDEXED = {"name": "client.name", "pseudonym": "client.name", "id_number": "client.id_number"}
CODE_SETS = {"languages": "language", "populations": "population", "risks": "risk"}


class Phone(NamedTuple):
    """A number as it was typed."""

    number: str
    kind: str = PhoneKind.MOBILE
    note: str = ""


class ClientFacts(TypedDict, total=False):
    """What a file may say about its person; what is left out stays as it is."""

    kind: str
    name: str
    pseudonym: str
    sex: str
    birth_date: date | None
    id_number: str
    phones: Sequence[Phone]
    address: str
    area: Area | None
    household_registration_area: Area | None
    languages: Sequence[str]
    populations: Sequence[str]
    risks: Sequence[str]
    sensitivity: str
    deceased_on: date | None


class SafetyAnswers(TypedDict, total=False):
    """How the client may be reached without harm."""

    channels: Sequence[str]
    safe_times: str
    leave_message: bool
    code_word: str
    must_not_know: str
    neutral_sender: bool


def create(
    organization: Organization,
    *,
    by: User,
    file_no: str = "",
    case_type: str = "casework",
    source: str = "",
    **facts: Unpack[ClientFacts],
) -> Client:
    """Open a file and its first case; whoever opens it is responsible for it."""
    with audited(by=by, action="client.create") as entry:
        by.must(Permission.CLIENT_WRITE, organization)
        key_id = f"c{uuid.uuid4().hex}"
        key = ClientKey.wrap(key_id)
        key.save(force_insert=True)
        client = Client(organization=organization, key=key)
        phones = _apply(client, facts)
        if not (client.name_bidx or client.pseudonym_bidx):
            raise FactsMissing.of("name")
        rules = CaseRules.of(organization)
        client.file_no = clean(file_no).strip() or next_number(
            rules.file_no_pattern, rules, by=by, on=today()
        )
        try:
            with transaction.atomic():
                client.save(force_insert=True)
        except IntegrityError as error:
            raise DuplicateNumber(_("Another file has this number.")) from error
        _keep_phones(client, phones or [])
        entry.on = entry.client = client
        timeline.add(client, by=by, at=now(), kind=CLIENT_CREATED, thing=client)
        cases.begin(client, by=by, case_type=case_type, source=source)
    return client


def change(
    client: Client, *, by: User, expected_version: int, **facts: Unpack[ClientFacts]
) -> Client:
    """Change what the file says; of two who edit at once the second is told."""
    with audited(by=by, action="client.change", on=client, client=client, fields=sorted(facts)):
        must_edit(client, by)
        _win(client, expected_version)
        phones = _apply(client, facts)
        if not (client.name_bidx or client.pseudonym_bidx):
            raise FactsMissing.of("name")
        client.save(update_fields=[*_columns(facts), "age_band", "sensitivity", "updated_at"])
        if phones is not None:
            _keep_phones(client, phones)
    return client


def answer_contact_safety(
    client: Client, *, by: User, may_contact: bool, **answers: Unpack[SafetyAnswers]
) -> ContactSafety:
    """Keep how the client may be reached; without this answer nothing can be sent."""
    with audited(by=by, action="client.contact_safety", on=client, client=client):
        must_edit(client, by)
        safety: ContactSafety
        safety, _new = ContactSafety.objects.visible_to(by).get_or_create(client=client)
        safety.may_contact = may_contact
        for name, value in answers.items():
            setattr(safety, name, clean(value) if isinstance(value, str) else value)
        safety.channels = _known("contact_method", safety.channels, "channels")
        safety.answered_at, safety.answered_by = now(), by
        safety.save()
    return safety


def write_fact(client: Client, *, by: User, data_class: str, text: str) -> None:
    """Keep what is known about one kind of data; nothing written removes it."""
    text = clean(text).strip()
    with audited(by=by, action="client.fact", on=client, client=client, data_class=data_class):
        must_edit(client, by)
        if data_class not in disclosure.WRITTEN_FIELD:
            raise InvalidFacts.of("data_class", _("Nothing is written down for this kind of data."))
        rows = ClientFact.objects.visible_to(by)
        if not text:
            rows.filter(client=client, data_class=data_class).delete()
            return
        row, _new = rows.get_or_create(
            client=client, data_class=data_class, defaults={"text": text, "author": by}
        )
        row.text, row.author = text, by
        row.save()


def add_guardian(
    client: Client,
    *,
    by: User,
    name: str,
    relation: str,
    phone: str = "",
    verified_by_document: bool = False,
    suspected_harmer: bool = False,
    since: date | None = None,
) -> Guardian:
    """Enter who decides for the client; somebody suspected of harm is hidden from every packet."""
    with audited(by=by, action="client.guardian", on=client, client=client):
        must_edit(client, by)
        if not (name.strip() and relation.strip()):
            raise FactsMissing.of("name", "relation")
        guardian = Guardian.objects.create(
            client=client,
            name=clean(name).strip(),
            relation=clean(relation).strip(),
            phone=clean(phone),
            verified_by_document=verified_by_document,
            since=since or today(),
        )
        if suspected_harmer:
            suspect_guardian(guardian, by=by)
    return guardian


def suspect_guardian(guardian: Guardian, *, by: User) -> None:
    """Mark a guardian as suspected of harm; what the guardian had allowed ends at once (C5)."""
    client = guardian.client
    with audited(by=by, action="client.guardian_suspected", on=client, client=client):
        must_edit(client, by)
        Guardian.objects.filter(pk=guardian.pk).update(suspected_harmer=True)
        guardian.suspected_harmer = True
        for consent in client.consents.in_force(now()).filter(grantor_kind=GrantorKind.GUARDIAN):
            consents.withdraw(consent, by=by, via="office")


def end_guardian(guardian: Guardian, *, by: User) -> None:
    """Note that somebody is guardian no longer."""
    with audited(by=by, action="client.guardian_ended", on=guardian.client, client=guardian.client):
        must_edit(guardian.client, by)
        Guardian.objects.filter(pk=guardian.pk, until__isnull=True).update(until=today())


def join_household(
    household: Client, *, by: User, person: Client, relation: str, since: date | None = None
) -> HouseholdMember:
    """Put a person into a household; nobody lives in the same one twice at a time."""
    with audited(by=by, action="client.household", on=household, client=person):
        must_edit(household, by)
        must_edit(person, by)
        if household.kind != ClientKind.HOUSEHOLD or person.kind != ClientKind.PERSON:
            raise InvalidFacts.of("household", _("Persons live in households."))
        begin = since or today()
        stays = person.households.filter(household=household)
        if stays.filter(Q(until__isnull=True) | Q(until__gte=begin)).exists():
            raise InvalidFacts.of("since", _("This person is in that household already."))
        return HouseholdMember.objects.create(
            household=household, person=person, relation=clean(relation), since=begin
        )


def leave_household(member: HouseholdMember, *, by: User, until: date | None = None) -> None:
    """Note that a person has left a household."""
    with audited(by=by, action="client.household_left", on=member.household, client=member.person):
        must_edit(member.person, by)
        HouseholdMember.objects.filter(pk=member.pk, until__isnull=True).update(
            until=until or today()
        )


def declare_conflict(client: Client, *, by: User, user: User, reason: str = "") -> StaffConflict:
    """Deny a related worker this client everywhere; oneself may say it, or who approves access."""
    with audited(by=by, action="client.conflict", on=client, client=client, user=user.uid):
        if by != user:
            by.must(Permission.ACCESS_APPROVE, client.organization_id)
        elif not Client.objects.in_reach_of(by).filter(pk=client.pk).exists():
            raise NotPermitted
        row: StaffConflict
        row, _new = StaffConflict.objects.visible_to(by).get_or_create(
            client=client, user=user, defaults={"reason": clean(reason)}
        )
    return row


def renew_age_band(client: Client, *, by: User) -> None:
    """Put the age band right on the day a birthday passes a border; minors' files close."""
    with audited(by=by, action="client.age_band", on=client, client=client):
        band, sensitivity = client.age_band, client.sensitivity
        _derive(client)
        if (band, sensitivity) != (client.age_band, client.sensitivity):
            client.save(update_fields=["age_band", "sensitivity", "updated_at"])


def close_by_law(client: Client, *, by: User) -> None:
    """Restrict the file when something reveals what law protects; nothing lifts that by itself."""
    before = client.sensitivity
    _derive(client)
    if client.sensitivity != before:
        with audited(by=by, action="client.restrict", on=client, client=client):
            client.save(update_fields=["sensitivity", "age_band", "updated_at"])


def _apply(client: Client, facts: ClientFacts) -> Sequence[Phone] | None:
    """Put clean facts and their blind indexes on the client; telephone numbers are own rows."""
    given: dict[str, Any] = dict(facts)
    phones: Sequence[Phone] | None = given.pop("phones", None)
    for field, said in given.items():
        value = _checked(field, said)
        setattr(client, field, value)
        if field in INDEXED:
            column = "id_bidx" if field == "id_number" else f"{field}_bidx"
            setattr(client, column, blind_index(INDEXED[field], value))
    _derive(client)
    return phones


def _checked(field: str, said: Any) -> Any:
    if field in CODE_SETS:
        return _known(CODE_SETS[field], said, field)
    if field == "birth_date":
        return _past(said)
    if field == "id_number":
        return check_id_number(clean(said))
    return clean(said).strip() if isinstance(said, str) else said


def _columns(facts: ClientFacts) -> list[str]:
    columns = [field for field in facts if field != "phones"]
    return columns + [
        "id_bidx" if field == "id_number" else f"{field}_bidx"
        for field in columns
        if field in INDEXED
    ]


def _derive(client: Client) -> None:
    """Compute age band and the sensitivity that law asks for at least."""
    age = age_on(client.born, today()) if client.born else None
    client.age_band = band_of(age) if age is not None else ""
    needs = client.needs.values_list("category__code", flat=True) if client.pk else []
    if disclosure.makes_restricted(
        age=age, populations=[*client.populations, *client.risks], need_categories=needs
    ):
        client.sensitivity = Sensitivity.RESTRICTED


def _past(born: date | None) -> str:
    if born is None:
        return ""
    if not date(1880, 1, 1) <= born <= today():
        raise InvalidFacts.of("birth_date", _("Nobody was born on this day."))
    return born.isoformat()


def _known(name: str, codes: Iterable[str], field: str) -> list[str]:
    """Keep codes of a set in the order given; one that does not exist is a mistake."""
    chosen = list(dict.fromkeys(codes))
    found = set(Code.objects.filter(set=name, code__in=chosen).values_list("code", flat=True))
    if unknown := [code for code in chosen if code not in found]:
        raise InvalidFacts.of(field, _("Unknown code: %(code)s") % {"code": unknown[0][:60]})
    return chosen


def _keep_phones(client: Client, phones: Sequence[Phone]) -> None:
    """Replace the numbers; the first is the one to call."""
    prefixes = list(Code.objects.of("extra_number").values_list("code", flat=True))
    kept: dict[str, ClientPhone] = {}
    present = {row.bidx: row for row in client.phones.all()}
    for order, phone in enumerate(phones):
        try:
            read = numbers_of.parse(
                clean(phone.number), country=settings.COUNTRY, extra_prefixes=prefixes
            )
        except numbers_of.NotANumber as error:
            raise InvalidFacts.of("phones", _("This is not a telephone number.")) from error
        index = blind_index("client.phone", read.e164)
        row = present.get(index) or ClientPhone(client=client, bidx=index)
        row.number, row.kind, row.note, row.order = read.e164, phone.kind, phone.note, order
        row.save()
        kept[index] = row
    client.phones.exclude(bidx__in=kept).delete()


def _win(client: Client, expected_version: int) -> None:
    """Take the version in one statement; whoever comes second is told."""
    won = Client.objects.filter(pk=client.pk, version=expected_version).update(
        version=F("version") + 1
    )
    if not won:
        raise Conflict(_("Somebody has changed this file meanwhile. Reload it."))
    client.version = expected_version + 1
