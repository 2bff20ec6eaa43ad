"""The form of any step, made from what the table says it needs."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from directory.catalogue.models import Service
from referrals.casefiles.states import DataClass
from referrals.handoffs import queries
from referrals.handoffs.forms.fields import StepForm, Words, day, moment, whole, words
from referrals.handoffs.guards import Reported
from referrals.handoffs.models import Referral
from referrals.handoffs.queries import Allowed, Field
from referrals.handoffs.states import Entry, Event

LABELS: Mapping[str, Words] = {
    "note": _("Explanation"),
    "question": _("What is missing"),
    "answer": _("Your answer"),
    "classes": _("Information to add"),
    "details": _("Particulars"),
    "contact_name": _("Contact person"),
    "expected_contact_on": _("Date of first contact"),
    "capacity_left": _("Places left after this one"),
    "review_on": _("When to look again"),
    "position": _("Place in the queue"),
    "estimate_days": _("Expected waiting time in days"),
    "reason": _("Reason"),
    "suggested_service": _("Service you suggest"),
    "first_contact_at": _("First contact with the client"),
    "resume_on": _("Goes on on"),
    "service_ended_on": _("Service ended on"),
    "ongoing": _("The service goes on"),
    "verification": _("How you verified it"),
    "method": _("How"),
    "result": _("Result"),
    "at": _("When"),
    "place": _("Where"),
    "appointment": _("Appointment"),
    "text": _("Message"),
    "internal": _("Internal note, the other side does not see it"),
    "person": _("Person in charge"),
    "corrects": _("What was recorded"),
}
HINTS: Mapping[str, Words] = {
    "note": _("Write facts, no labels."),
    "capacity_left": _("Helps others to know whether you have room."),
    "question": _("Say once everything that is missing."),
}
TRIVIAL = "yes"


class TakeStep(StepForm):
    """What one step asks for; the names of the fields are those of the operation."""

    def __init__(
        self, *args: Any, step: Allowed, referral: Referral, sending: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.step, self.referral, self.sending = step, referral, sending
        for field in step.fields:
            self._add(field)
        if step.on_behalf_of:
            self._add_reported()

    def clean(self) -> dict[str, Any]:
        """Take a contact in the minute of the sending as after it: people write minutes."""
        data = super().clean() or {}
        contact, sent = data.get("first_contact_at"), self.referral.sent_at
        if contact and sent and contact < sent < contact + timedelta(minutes=1):
            data["first_contact_at"] = sent
        return data

    def data_of_step(self) -> dict[str, Any]:
        """Return the data of the event."""
        given = self.cleaned_data
        data: dict[str, Any] = {}
        for field in self.step.fields:
            name = field.fact.name
            if field.fact.kind in {"outcomes", "results"}:
                data[name] = self._per_need(name, "outcome" if name == "outcomes" else "result")
            elif field.fact.kind != "details" and given.get(name) not in (None, "", []):
                data[name] = given[name]
        return data

    def reported(self) -> Reported | None:
        """Return who said it, where the step records what was said elsewhere."""
        if not self.step.on_behalf_of:
            return None
        given = self.cleaned_data
        return Reported(given["reported_by"], given["channel"], given.get("reported_at"))

    def rows(self) -> Iterator[tuple[Any, list[forms.BoundField]]]:
        """Yield each need with its fields, for outcomes and results."""
        for need in self.referral.served:
            names = [name for name in self.fields if name.endswith(f"__{need.uid}")]
            if names:
                yield need, [self[name] for name in names]

    def plain(self) -> list[forms.BoundField]:
        """Return the fields that are not about one need."""
        return [self[name] for name in self.fields if "__" not in name]

    # ---- Making the fields ------------------------------------------------------------------
    def _add(self, field: Field) -> None:
        maker = MAKERS.get(field.fact.kind)
        if maker is not None:
            self.fields[field.fact.name] = maker(self, field)
        elif field.fact.kind in {"outcomes", "results"}:
            self._add_rows(field)

    def _add_rows(self, field: Field) -> None:
        """Ask per need; the provider also says what is missing and how much was given."""
        name = "outcome" if field.fact.kind == "outcomes" else "result"
        for need in self.referral.served:
            self.fields[f"{name}__{need.uid}"] = forms.ChoiceField(
                label=_("Result"), choices=field.choices, widget=forms.RadioSelect
            )
            if name == "outcome":
                self.fields[f"missing__{need.uid}"] = words(
                    _("What is still missing"), rows=2, required=False
                )
                self.fields[f"amount__{need.uid}"] = forms.DecimalField(
                    label=_("Amount in yuan"), min_value=0, decimal_places=2, required=False
                )

    def _add_reported(self) -> None:
        who = _("Who said so") if self.step.on_behalf_of == "recipient" else _("The client said so")
        self.fields["reported_by"] = words(who, rows=1, longest=80)
        self.fields["channel"] = forms.ChoiceField(
            label=_("By which way"), choices=queries.code_choices("contact_method")
        )
        self.fields["reported_at"] = moment(_("When it was said"), required=False)

    def _per_need(self, name: str, key: str) -> list[dict[str, Any]]:
        rows = []
        for need in self.referral.served:
            row = {"need": str(need.uid), key: self.cleaned_data[f"{key}__{need.uid}"]}
            for extra in ("missing", "amount"):
                value = self.cleaned_data.get(f"{extra}__{need.uid}")
                if value not in (None, ""):
                    row[extra] = str(value)
            rows.append(row)
        return rows


def _text(_form: TakeStep, field: Field) -> forms.Field:
    fact = field.fact
    rows = 1 if fact.max_length <= 200 else 3
    return words(
        LABELS[fact.name],
        rows=rows,
        longest=fact.max_length,
        required=fact.required,
        help_text=HINTS.get(fact.name, ""),
    )


def _code(_form: TakeStep, field: Field) -> forms.Field:
    few = len(field.choices) <= 7
    return forms.ChoiceField(
        label=LABELS[field.fact.name],
        choices=field.choices if few else [("", "—"), *field.choices],
        required=field.fact.required,
        widget=forms.RadioSelect if few else forms.Select,
    )


def _date(_form: TakeStep, field: Field) -> forms.Field:
    return day(LABELS[field.fact.name], required=field.fact.required)


def _instant(_form: TakeStep, field: Field) -> forms.Field:
    return moment(LABELS[field.fact.name], required=field.fact.required)


def _number(form: TakeStep, field: Field) -> forms.Field:
    if field.fact.name == "corrects":
        labels = {**dict(Event.choices), **dict(Entry.choices)}
        rows = queries.correctable(form.referral)
        return forms.ChoiceField(
            label=LABELS["corrects"],
            choices=[(one.seq, labels.get(one.event, one.event)) for one in rows],
        )
    hint = HINTS.get(field.fact.name, "")
    return whole(LABELS[field.fact.name], required=field.fact.required, help_text=hint)


def _flag(_form: TakeStep, field: Field) -> forms.Field:
    return forms.BooleanField(label=LABELS[field.fact.name], required=False)


def _classes(form: TakeStep, field: Field) -> forms.Field:
    """Offer what the packet does not hold yet."""
    added = [name for name in DataClass if name not in form.referral.data_classes]
    return forms.MultipleChoiceField(
        label=LABELS[field.fact.name],
        choices=[(name.value, name.label) for name in added],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


def _uid(form: TakeStep, field: Field) -> forms.Field:
    return forms.ChoiceField(
        label=LABELS[field.fact.name],
        choices=_rows(form, field.fact.name),
        required=field.fact.required,
    )


def _rows(form: TakeStep, name: str) -> list[tuple[str, str]]:
    """Return the rows that a step may name: colleagues, appointments, services of the kind."""
    if name == "person":
        people = queries.people(form.referral, sending=form.sending).order_by("name")
        return [(str(person.uid), person.name) for person in people]
    if name == "appointment":
        meetings = form.referral.appointments.filter(state__in=["set", "moved"])
        return [(str(one.uid), f"{one.at:%Y-%m-%d %H:%M}") for one in meetings]
    services: list[Service] = queries.similar(form.referral)
    return [
        ("", "—"),
        *((str(one.uid), f"{one.text('name')[0]} · {one.organization}") for one in services),
    ]


MAKERS: dict[str, Callable[[TakeStep, Field], forms.Field]] = {
    "text": _text,
    "code": _code,
    "date": _date,
    "instant": _instant,
    "number": _number,
    "flag": _flag,
    "classes": _classes,
    "uid": _uid,
}
