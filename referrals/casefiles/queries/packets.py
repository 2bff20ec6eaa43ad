"""What the file holds for a recipient, class by class, and how a packet is put into words."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core.templatetags import words
from directory.catalogue.models import Code, TaxonomyTerm
from directory.geography.models import Area
from referrals.casefiles.disclosure.classes import (
    CLASSES,
    REVEALING_NEEDS,
    WRITTEN_FIELD,
    class_of_code,
)
from referrals.casefiles.models import Client, ContactSafety, Need
from referrals.casefiles.states import DataClass, PhoneKind, Sex, SupporterKind

D = DataClass
Packet = dict[DataClass, dict[str, Any]]


def facts(client: Client, needs: Sequence[Need]) -> Packet:
    """Return what the file holds per data class and field; codes stay codes, blanks are left out.

    Only the named needs speak: other needs of the client, hidden ones above all, leave no trace.
    """
    written = {fact.data_class: fact.text for fact in client.facts.all()}
    packet: Packet = {}
    for data_class, traits in CLASSES.items():
        values = {name: _value(data_class, name, client, needs) for name in traits.fields}
        if data_class in written:
            values[WRITTEN_FIELD[data_class]] = written[data_class]
        if kept := {name: value for name, value in values.items() if value}:
            packet[data_class] = kept
    return packet


def address_is_protected(client: Client) -> bool:
    """Say whether the address is a hiding place: then it belongs to the whereabouts class."""
    revealed = {class_of_code(code) for code in [*client.populations, *client.risks]}
    leaves = client.needs.values_list("category__code", flat=True)
    revealed |= {REVEALING_NEEDS.get(code[:4]) for code in leaves}
    return not revealed.isdisjoint({D.VIOLENCE, D.WHEREABOUTS})


@dataclass(frozen=True)
class Section:
    """One class of a packet in words: its name and its rows."""

    data_class: DataClass
    label: str | Promise
    rows: list[tuple[str, str | Promise, str]]


def in_words(packet: Mapping[str, Mapping[str, Any]]) -> list[Section]:
    """Put a packet, live or frozen, into the reader's language; unknown codes stay as they are."""
    names = _names(packet)
    sections = []
    for data_class, traits in CLASSES.items():
        values = packet.get(data_class, {})
        rows = [
            (field, label, _worded(field, values[field], names))
            for field, label in traits.fields.items()
            if field in values
        ]
        if rows:
            sections.append(Section(data_class, data_class.label, rows))
    return sections


def _value(data_class: DataClass, field: str, client: Client, needs: Sequence[Need]) -> Any:
    if field == "groups":
        codes = CLASSES[data_class].codes
        return [code for code in [*client.populations, *client.risks] if code in codes]
    getter = _GETTERS.get(field)
    return getter(client, needs) if getter else None


def _safe_contact(client: Client, _needs: Sequence[Need]) -> dict[str, Any]:
    safety: ContactSafety | None = getattr(client, "contact_safety", None)
    if safety is None or safety.answered_at is None:
        return {}
    if not safety.may_contact:
        return {"may_contact": False}
    said = {
        "channels": safety.channels,
        "safe_times": safety.safe_times,
        "code_word": safety.code_word,
        "must_not_know": safety.must_not_know,
    }
    rules = {"leave_message": safety.leave_message, "neutral_sender": safety.neutral_sender}
    return {name: value for name, value in said.items() if value} | rules


def _members(client: Client, _needs: Sequence[Need]) -> list[dict[str, Any]]:
    home = client.households.filter(until__isnull=True).first()
    if home is None:
        return []
    others = home.household.members.filter(until__isnull=True).exclude(person=client)
    return [
        {
            "relation": member.relation,
            "birth_year": member.person.born.year if member.person.born else None,
        }
        for member in others.select_related("person")
    ]


def _household_size(client: Client, needs: Sequence[Need]) -> int | None:
    home = client.households.filter(until__isnull=True).first()
    return len(_members(client, needs)) + 1 if home else None


def _next_of_kin(client: Client, _needs: Sequence[Need]) -> list[dict[str, str]]:
    """Name guardians and relatives; a guardian suspected of harm is hidden everywhere (C5)."""
    guardians = client.guardians.filter(until__isnull=True, suspected_harmer=False)
    kin = client.supporters.filter(kind=SupporterKind.KIN)
    return [
        {"name": one.name, "relation": one.relation, "phone": one.phone} for one in guardians
    ] + [{"name": one.name, "relation": "", "phone": one.contact} for one in kin]


def _phones(client: Client, _needs: Sequence[Need]) -> list[dict[str, str]]:
    return [
        {"number": phone.number, "kind": phone.kind, "note": phone.note}
        for phone in client.phones.all()
    ]


def _summaries(_client: Client, needs: Sequence[Need]) -> list[dict[str, str]]:
    return [
        {"category": need.category.code, "text": need.summary} for need in needs if need.summary
    ]


def _deadlines(_client: Client, needs: Sequence[Need]) -> list[dict[str, str]]:
    return [
        {"category": need.category.code, "date": need.deadline.isoformat()}
        for need in needs
        if need.deadline
    ]


_GETTERS: Mapping[str, Callable[[Client, Sequence[Need]], Any]] = {
    "name": lambda client, _needs: client.called,
    "sex": lambda client, _needs: "" if client.sex == Sex.UNKNOWN else client.sex,
    "birth_date": lambda client, _needs: client.birth_date,
    "phones": _phones,
    "safe_contact": _safe_contact,
    "languages": lambda client, _needs: list(client.languages),
    "household_size": _household_size,
    "members": _members,
    "next_of_kin": _next_of_kin,
    "district": lambda client, _needs: client.area.code if client.area else "",
    "address": lambda client, _needs: "" if address_is_protected(client) else client.address,
    "protected_address": lambda client, _needs: (
        client.address if address_is_protected(client) else ""
    ),
    "categories": lambda _client, needs: [need.category.code for need in needs],
    "summary": _summaries,
    "deadline": _deadlines,
    "registration": lambda client, _needs: (
        client.household_registration_area.code if client.household_registration_area else ""
    ),
    "id_number": lambda client, _needs: client.id_number,
}

# Fields that hold codes, and the sets whose words codes take.
_SETS = frozenset({"groups", "languages"})
_WORDS = frozenset({"population", "risk", "language", "contact_method"})
_AREAS = frozenset({"district", "registration"})


def _names(packet: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Return the words of all codes of a packet, in three queries however long it is."""
    used: dict[str, set[str]] = {"codes": set(), "areas": set(), "leaves": set()}
    for values in packet.values():
        for name, value in values.items():
            kind, found = _codes(name, value)
            used[kind] |= set(found)
    names: dict[str, str] = {}
    if used["codes"]:
        rows = Code.objects.filter(set__in=sorted(_WORDS), code__in=used["codes"])
        names |= {row.code: row.label for row in rows}
    if used["areas"]:
        names |= {area.code: str(area) for area in Area.objects.filter(code__in=used["areas"])}
    if used["leaves"]:
        terms = TaxonomyTerm.objects.filter(taxonomy__code="shegong-cn", code__in=used["leaves"])
        names |= {term.code: term.text("name")[0] for term in terms}
    return names


def _codes(field: str, value: Any) -> tuple[str, Iterable[str]]:
    """Return which codes a field holds and where their words are."""
    if field in _SETS:
        return "codes", value
    if field == "safe_contact":
        return "codes", value.get("channels", ())
    if field in _AREAS:
        return "areas", [value]
    if field == "categories":
        return "leaves", value
    if field in {"summary", "deadline"}:
        return "leaves", [row["category"] for row in value]
    return "codes", ()


def _worded(field: str, value: Any, names: Mapping[str, str]) -> str:
    if field == "sex":
        return str(Sex(value).label)
    if field in {*_SETS, "categories"}:
        return _listed(names.get(code, code) for code in value)
    if field == "safe_contact":
        return _safe_words(value, names)
    if isinstance(value, list):
        return _listed(_row(row, names) for row in value)
    if field == "birth_date":
        return words.day(date.fromisoformat(str(value)))
    return names.get(value, str(value)) if field in _AREAS else str(value)


def _row(row: Any, names: Mapping[str, str]) -> str:
    if not isinstance(row, Mapping):
        return str(row)
    parts = [_part(key, value, names) for key, value in row.items() if value]
    return " ".join(parts)


def _part(key: str, value: Any, names: Mapping[str, str]) -> str:
    if key in {"category", "relation"}:
        return names.get(value, str(value))
    if key in {"number", "phone"}:
        return words.phone(value)
    if key == "kind":
        return str(PhoneKind(value).label) if value in PhoneKind.values else str(value)
    if key == "date":
        return words.day(date.fromisoformat(str(value)))
    return str(value)


def _safe_words(value: Mapping[str, Any], names: Mapping[str, str]) -> str:
    if value.get("may_contact") is False:
        return _("The client must not be contacted.")
    said = [_listed(names.get(code, code) for code in value.get("channels", ()))]
    said += [str(value.get("safe_times", ""))]
    said += [_("Messages may be left.") if value.get("leave_message") else _("Leave no message.")]
    if value.get("neutral_sender"):
        said.append(_("Do not name the agency."))
    if word := value.get("code_word"):
        said.append(_("Code word: %(word)s") % {"word": word})
    if people := value.get("must_not_know"):
        said.append(_("Must not learn of it: %(people)s") % {"people": people})
    return " · ".join(part for part in said if part)


def _listed(words: Iterable[str]) -> str:
    return _(", ").join(word for word in words if word)
