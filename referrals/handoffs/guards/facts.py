"""What a step was told, checked against the table: codes and instants in clear, words apart."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.text import clean
from directory.catalogue.models import Code
from referrals.casefiles.states import DataClass
from referrals.handoffs.models import ReasonCode, Referral
from referrals.handoffs.states import Actor, Fact, Selectable

Data = Mapping[str, Any]
FACTS = "facts"
SHORTEST_NOTE = 10
CHOSEN_BY = {
    Actor.CLI: frozenset({Selectable.WORKER_OR_CLIENT}),
    Actor.SYS: frozenset({Selectable.SYSTEM}),
}
BY_PEOPLE = frozenset({Selectable.RECIPIENT, Selectable.WORKER, Selectable.WORKER_OR_CLIENT})


@dataclass(frozen=True)
class Finding:
    """Something that does not hold, or holds only with a warning."""

    guard: str
    code: str
    detail: str | Promise
    field: str = ""
    blocks: bool = True

    def to_json(self) -> dict[str, object]:
        """Return the entry of a problem document."""
        return {
            "guard": self.guard,
            "code": self.code,
            "field": self.field,
            "detail": str(self.detail),
        }


@dataclass
class Facts:
    """The clean values of a step."""

    data: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def reason(self) -> str:
        """Return the reason that was given, if any."""
        return str(self.data.get("reason", ""))

    def day(self, name: str) -> date | None:
        """Return a civil day that was told."""
        return parse_date(self.data[name]) if self.data.get(name) else None

    def instant(self, name: str) -> datetime | None:
        """Return a moment that was told."""
        return parse_datetime(self.data[name]) if self.data.get(name) else None

    def refuse(self, code: str, detail: str | Promise, name: str = "") -> None:
        """Note one more thing that is wrong."""
        self.findings.append(Finding(FACTS, code, detail, name))


class Wrong(ValueError):
    """A value that is not of its kind; the argument is the sentence to show."""


def read(needs: tuple[Fact, ...], data: Data, *, referral: Referral, role: Actor) -> Facts:
    """Check the values of a step one by one and collect all that is wrong."""
    facts = Facts()
    known = {fact.name for fact in needs}
    for name in sorted(set(data) - known):
        facts.refuse("unknown", _("This is not asked for here."), name)
    for fact in needs:
        value = data.get(fact.name)
        if value in (None, "", [], {}):
            if fact.required:
                facts.refuse("required", _("Please fill this in."), fact.name)
            continue
        try:
            _keep(facts, fact, value, referral)
        except Wrong as wrong:
            facts.refuse("invalid", wrong.args[0], fact.name)
    _check_reason(facts, needs, role)
    return facts


def _keep(facts: Facts, fact: Fact, value: Any, referral: Referral) -> None:
    if fact.kind in {"text", "details"}:
        facts.texts[fact.name] = READERS[fact.kind](fact, value)
    elif fact.kind in {"outcomes", "results"}:
        READERS[fact.kind](facts, value, referral)
    else:
        facts.data[fact.name] = READERS[fact.kind](fact, value)


def _text(fact: Fact, value: Any) -> str:
    text = clean(str(value)).strip()
    if not text:
        raise Wrong(_("Please fill this in."))
    if len(text) > fact.max_length:
        raise Wrong(_("This text is too long."))
    return text


def _code(fact: Fact, value: Any) -> str:
    if not Code.objects.of(fact.codes).filter(code=str(value)).exists():
        raise Wrong(_("Please choose one of the list."))
    return str(value)


def _date(_fact: Fact, value: Any) -> str:
    found = value if isinstance(value, date) and not isinstance(value, datetime) else None
    if found is None:
        try:
            found = parse_date(str(value))
        except ValueError:
            found = None
    if found is None:
        raise Wrong(_("Please enter a date."))
    return found.isoformat()


def _instant(_fact: Fact, value: Any) -> str:
    found = value if isinstance(value, datetime) else None
    if found is None:
        try:
            found = parse_datetime(str(value))
        except ValueError:
            found = None
    if found is None:
        raise Wrong(_("Please enter a date and a time."))
    if timezone.is_naive(found):
        found = timezone.make_aware(found)
    return found.isoformat()


def _number(_fact: Fact, value: Any) -> int:
    try:
        number = int(value)
    except (TypeError, ValueError):
        number = -1
    if not 0 <= number <= 100_000:
        raise Wrong(_("Please enter a whole number from 0."))
    return number


def _flag(_fact: Fact, value: Any) -> bool:
    return value in (True, "true", "True", "on", "1", 1)


def _uid(_fact: Fact, value: Any) -> str:
    try:
        return str(uuid.UUID(str(value)))
    except ValueError:
        raise Wrong(_("Please choose one of the list.")) from None


def _classes(_fact: Fact, value: Any) -> list[str]:
    if not isinstance(value, list) or not set(value) <= set(DataClass.values):
        raise Wrong(_("Please choose from the kinds of information."))
    return sorted(set(value))


def _details(fact: Fact, value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not set(value) <= set(DataClass.values):
        raise Wrong(_("Please choose from the kinds of information."))
    return {name: _text(fact, text) for name, text in value.items() if text}


def _outcomes(facts: Facts, value: Any, referral: Referral) -> None:
    """Read what became of every need; what is missing in words is sealed with the event."""
    rows = _per_need(value, referral, "outcome", "referral_outcome")
    kept, missing = [], {}
    for row in rows:
        entry: dict[str, Any] = {"need": row["need"], "outcome": row["outcome"]}
        for name in ("quantity", "amount"):
            if row.get(name) not in (None, ""):
                entry[name] = str(_decimal(row[name]))
        if row.get("unit"):
            entry["unit"] = clean(str(row["unit"]))[:40]
        if row.get("missing"):
            missing[row["need"]] = clean(str(row["missing"])).strip()[:2000]
        elif row["outcome"] == "RECEIVED_PART":
            raise Wrong(_("Please say what is still missing."))
        kept.append(entry)
    facts.data["outcomes"] = kept
    if missing:
        facts.texts["missing"] = missing


def _results(facts: Facts, value: Any, referral: Referral) -> None:
    rows = _per_need(value, referral, "result", "referral_outcome")
    facts.data["results"] = [{"need": row["need"], "result": row["result"]} for row in rows]


def _per_need(value: Any, referral: Referral, name: str, codes: str) -> list[dict[str, Any]]:
    needs = {str(row.need.uid) for row in referral.needs.select_related("need")}
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise Wrong(_("Please answer for every need."))
    if {str(row.get("need")) for row in value} != needs or len(value) != len(needs):
        raise Wrong(_("Please answer for every need."))
    allowed = set(Code.objects.of(codes).values_list("code", flat=True))
    if not {row.get(name) for row in value} <= allowed:
        raise Wrong(_("Please choose one of the list."))
    return [row | {"need": str(row["need"])} for row in value]


def _decimal(value: Any) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal(-1)
    if not number.is_finite() or not 0 <= number < 10**10:
        raise Wrong(_("Please enter an amount."))
    return number.quantize(Decimal("0.01"))


def _check_reason(facts: Facts, needs: tuple[Fact, ...], role: Actor) -> None:
    """Hold a reason to who may choose it and to the note it asks for."""
    codes = next((fact.codes for fact in needs if fact.name == "reason"), "")
    if not facts.reason:
        return
    row = ReasonCode.objects.filter(code__set=codes, code__code=facts.reason).first()
    if row is None:
        return
    if row.selectable_by not in CHOSEN_BY.get(role, BY_PEOPLE):
        facts.refuse("invalid", _("This reason is not yours to choose."), "reason")
    if row.needs_note and len(facts.texts.get("note", "")) < SHORTEST_NOTE:
        facts.refuse("note_required", _("Please explain in ten characters or more."), "note")


READERS: dict[str, Callable[..., Any]] = {
    "text": _text,
    "details": _details,
    "code": _code,
    "date": _date,
    "instant": _instant,
    "number": _number,
    "flag": _flag,
    "uid": _uid,
    "classes": _classes,
    "outcomes": _outcomes,
    "results": _results,
}
