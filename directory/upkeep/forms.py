"""Checking what providers, workers, visitors and moderators type about a listing."""

import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.text import clean
from directory.catalogue import queries as catalogue
from directory.catalogue.models import Service, ServiceAtLocation
from directory.catalogue.models.paths import parse, read
from directory.catalogue.states import Availability, Group, OnHolidays
from directory.upkeep.models.check import DISPOSITIONS
from directory.upkeep.models.doubt import KINDS
from directory.upkeep.states import Method, Result

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAY_NAMES = dict(
    zip(
        DAYS,
        (
            gettext_lazy("Monday"),
            gettext_lazy("Tuesday"),
            gettext_lazy("Wednesday"),
            gettext_lazy("Thursday"),
            gettext_lazy("Friday"),
            gettext_lazy("Saturday"),
            gettext_lazy("Sunday"),
        ),
        strict=True,
    )
)
# Dashes as people type them, and 至.
SPAN = re.compile(
    r"(\d{1,2})[:：](\d{2})\s*(?:-|\u2013|\u2014|~|\uff5e|至|to)\s*(\d{1,2})[:：](\d{2})"
)
# Until when a night may last; later it is a slip of the pen.
LATEST = time(12, 0)
# What a provider may rewrite in place; longer texts are edited in the portal.
TEXTS = (
    ("description", gettext_lazy("What is offered")),
    ("eligibility_description", gettext_lazy("Who may apply")),
    ("application_process", gettext_lazy("How to apply")),
    ("fees_description", gettext_lazy("Fees")),
)


def spans(text: str) -> list[tuple[time, time]]:
    """Read one day's opening hours, such as 09:00-12:00, 13:30-17:30.

    24:00 is the end of the day; what closes before it opens closes next morning.
    """
    found = []
    for match in SPAN.finditer(text):
        opens_hour, opens_minute, closes_hour, closes_minute = map(int, match.groups())
        if (closes_hour, closes_minute) == (24, 0):
            closes_hour, closes_minute = 23, 59
        found.append((time(opens_hour, opens_minute), time(closes_hour, closes_minute)))
    rest = SPAN.sub("", text).strip(" ,，、;；")
    if rest or any(closes <= opens and closes > LATEST for opens, closes in found):
        raise ValueError(text)
    return found


class FactsForm(forms.Form):
    """The facts of one listing, filled with what stands there; `changes()` is what differs."""

    phones = forms.CharField(
        label=gettext_lazy("Phone"),
        help_text=gettext_lazy("One number per line."),
        widget=forms.Textarea(attrs={"rows": 2, "inputmode": "tel"}),
        max_length=500,
        required=False,
    )

    def __init__(
        self, *args: Any, service: Service, place: ServiceAtLocation | None, **kwargs: Any
    ) -> None:
        """Show the listing as it is."""
        self.service, self.place = service, place
        self.phone_path = _nearest(service, place, "phones")
        self.hours_path = _nearest(service, place, "schedules")
        self.now = {
            path: read(service, parse(path, service))
            for path in (self.phone_path, self.hours_path, *(f"service.{n}" for n, _l in TEXTS))
        }
        super().__init__(*args, **kwargs)
        self.initial = {**self.initial, **self._initial()}
        for name, label in TEXTS:
            self.fields[name] = forms.CharField(
                label=label, required=False, max_length=4000, widget=forms.Textarea({"rows": 3})
            )
            self.initial[name] = self.now[f"service.{name}"]
        for day in DAYS:
            self.fields[f"hours_{day}"] = forms.CharField(
                label=DAY_NAMES[day], required=False, max_length=80
            )

    @property
    def hours_fields(self) -> list[forms.BoundField]:
        """Return the seven days."""
        return [self[f"hours_{day}"] for day in DAYS]

    @property
    def text_fields(self) -> list[forms.BoundField]:
        """Return the longer texts."""
        return [self[name] for name, _label in TEXTS]

    @property
    def numbers(self) -> list[str]:
        """Return the numbers as they stand."""
        return [row["number"] for row in self.now[self.phone_path]]

    @property
    def week_text(self) -> list[tuple[object, str]]:
        """Return the days that have hours, in words."""
        week = self._week()
        return [(DAY_NAMES[day], ", ".join(week[day])) for day in DAYS if week[day]]

    def _initial(self) -> dict[str, Any]:
        return {"phones": "\n".join(self.numbers)} | {
            f"hours_{day}": ", ".join(texts) for day, texts in self._week().items()
        }

    def _week(self) -> dict[str, list[str]]:
        week: dict[str, list[str]] = {day: [] for day in DAYS}
        for row in self._weekly():
            for day in row["byday"].split(","):
                if day in week:
                    week[day].append(f"{row['opens_at'][:5]}-{row['closes_at'][:5]}")
        return week

    def _weekly(self) -> list[dict[str, Any]]:
        return [
            row
            for row in self.now[self.hours_path]
            if row["freq"] == "WEEKLY" and row["byday"] and row["opens_at"]
        ]

    def clean(self) -> dict[str, Any]:
        """Refuse numbers and hours that cannot be read, naming the field and the form they need."""
        data: dict[str, Any] = {
            name: clean(value) if isinstance(value, str) else value
            for name, value in (super().clean() or {}).items()
        }
        for line in self._lines(data.get("phones") or ""):
            if line not in self.numbers and not catalogue.is_number(line):
                sentence = _("“%(number)s” is not a telephone number.")
                self.add_error("phones", sentence % {"number": line[:40]})
        for day in DAYS:
            try:
                spans(data.get(f"hours_{day}") or "")
            except ValueError:
                self.add_error(
                    f"hours_{day}",
                    _("Write the hours as 09:00-12:00, 13:30-17:30, or leave empty."),
                )
        return data

    def changes(self) -> dict[str, Any]:
        """Return paths and new values of what was edited; a field that was not sent stays."""
        sent = {name for name in self.fields if self.add_prefix(name) in self.data}
        edited = sent & set(self.changed_data)
        found: dict[str, Any] = {
            f"service.{name}": self.cleaned_data[name]
            for name, _label in TEXTS
            if name in edited and self.cleaned_data[name] != self.now[f"service.{name}"].strip()
        }
        if "phones" in edited:
            found[self.phone_path] = self._new_phones()
        days = {f"hours_{day}" for day in DAYS}
        if days <= sent and days & edited:
            found[self.hours_path] = self._new_hours()
        return found

    def _new_phones(self) -> list[dict[str, Any]]:
        before = {row["number"]: row for row in self.now[self.phone_path]}
        lines = self._lines(self.cleaned_data["phones"])
        return [before.get(line, {"number": line}) for line in lines]

    def _lines(self, text: str) -> list[str]:
        return [line.strip() for line in text.splitlines() if line.strip()]

    def _new_hours(self) -> list[dict[str, Any]]:
        """Replace the weekly rows; days with the same span share one row."""
        days: dict[tuple[time, time], list[str]] = defaultdict(list)
        for day in DAYS:
            for span in spans(self.cleaned_data[f"hours_{day}"]):
                days[span].append(day)
        weekly = self._weekly()
        kept = [row for row in self.now[self.hours_path] if row not in weekly]
        holidays = weekly[0]["on_holidays"] if weekly else OnHolidays.UNKNOWN
        return kept + [
            {
                "freq": "WEEKLY",
                "byday": ",".join(on),
                "opens_at": opens.strftime("%H:%M"),
                "closes_at": closes.strftime("%H:%M"),
                "closes_next_day": closes <= opens,
                "on_holidays": str(holidays),
            }
            for (opens, closes), on in days.items()
        ]


def _nearest(service: Service, place: ServiceAtLocation | None, name: str) -> str:
    """Return the path of the most specific list that holds something: place, service, location."""
    roots: list[tuple[str, Any]] = [("service", service)]
    if place is not None:
        roots = [
            (f"service_at_location:{place.uid}", place),
            *roots,
            (f"location:{place.location.uid}", place.location),
        ]
    for prefix, root in roots:
        if getattr(root, name).exists():
            return f"{prefix}.{name}"
    return f"service.{name}"


class WhoForm(forms.Form):
    """Who answers a confirmation link, asked once."""

    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=100,
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    role = forms.CharField(
        label=gettext_lazy("Your position"),
        max_length=100,
        widget=forms.TextInput({"autocomplete": "organization-title"}),
    )


class AvailabilityForm(forms.Form):
    """The provider's word on free places."""

    state = forms.ChoiceField(
        label=gettext_lazy("Availability"),
        choices=[
            (str(value), value.label)
            for value in Availability
            if value not in (Availability.UNKNOWN, Availability.PAUSED)
        ],
        widget=forms.RadioSelect,
    )
    wait_days = forms.IntegerField(
        label=gettext_lazy("Waiting time in days"), required=False, min_value=0, max_value=3650
    )


class PauseForm(forms.Form):
    """A break of the provider, with the day of return."""

    back_on = forms.DateField(
        label=gettext_lazy("Open again on"),
        help_text=gettext_lazy("Leave empty if it is not known yet."),
        required=False,
        widget=forms.DateInput({"type": "date"}),
    )


# What a report doubts; a closed door doubts everything.
DOUBTED: dict[str, list[str]] = {
    "phone": ["phone"],
    "hours": ["hours"],
    "address": ["address"],
    "closed": [],
    "treatment": ["scope"],
    "other": ["scope"],
}


class OpenForm(forms.Form):
    """A form for everybody; a hidden field catches programs that fill in everything."""

    website = forms.CharField(required=False, widget=forms.HiddenInput, label="")

    @property
    def is_trapped(self) -> bool:
        """Say whether a program filled in the field that people do not see."""
        return bool(self.cleaned_data.get("website"))


class ReportForm(OpenForm):
    """What is wrong with a listing."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What is wrong?"),
        choices=[(kind, KINDS[kind]) for kind in DOUBTED],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=gettext_lazy("What did you find?"),
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
    )
    contact = forms.CharField(
        label=gettext_lazy("How can we reach you?"),
        help_text=gettext_lazy("Only if you want an answer."),
        required=False,
        max_length=200,
    )

    def groups(self) -> list[str]:
        """Return the groups of facts that the report doubts."""
        return DOUBTED[self.cleaned_data["kind"]]


class SuggestForm(OpenForm):
    """A service that the directory lacks."""

    text = forms.CharField(
        label=gettext_lazy("Which service is missing?"),
        help_text=gettext_lazy("Name, what it does, where it is, phone if you know it."),
        max_length=2000,
        widget=forms.Textarea({"rows": 5}),
    )
    contact = forms.CharField(
        label=gettext_lazy("How can we reach you?"),
        help_text=gettext_lazy("Only if you want an answer."),
        required=False,
        max_length=200,
    )


class RecordForm(forms.Form):
    """What a call or a visit found out."""

    method = forms.ChoiceField(
        label=gettext_lazy("How"),
        choices=[(str(m), m.label) for m in (Method.PHONE, Method.VISIT, Method.ONLINE)],
        widget=forms.RadioSelect,
        initial=str(Method.PHONE),
    )
    result = forms.ChoiceField(
        label=gettext_lazy("Result"),
        choices=[
            (str(Result.CONFIRMED), gettext_lazy("All that is ticked is correct")),
            (str(Result.UNREACHABLE), gettext_lazy("Nobody reached")),
            (str(Result.CLOSED), Result.CLOSED.label),
            (str(Result.REFUSED), Result.REFUSED.label),
        ],
        widget=forms.RadioSelect,
        initial=str(Result.CONFIRMED),
    )
    groups = forms.MultipleChoiceField(
        label=gettext_lazy("Confirmed facts"),
        choices=Group.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    contact_name = forms.CharField(
        label=gettext_lazy("Who answered"), required=False, max_length=100
    )
    contact_role = forms.CharField(label=gettext_lazy("Position"), required=False, max_length=100)
    disposition = forms.ChoiceField(
        label=gettext_lazy("If nobody was reached: why"),
        choices=DISPOSITIONS[1:],
        required=False,
    )

    def __init__(self, *args: Any, asked: list[str], **kwargs: Any) -> None:
        """Ask for what the check asks for, ticked, because most of it is right."""
        super().__init__(*args, **kwargs)
        labels = dict(Group.choices)
        field = self.fields["groups"]
        field.choices = [(group, labels[group]) for group in asked]  # type: ignore[attr-defined]  # a MultipleChoiceField
        field.initial = asked

    def clean(self) -> dict[str, Any]:
        """Demand at least one fact of a confirmation, and of a failed attempt how it failed."""
        data: Mapping[str, Any] = super().clean() or {}
        if data.get("result") == Result.UNREACHABLE and not data.get("disposition"):
            self.add_error("disposition", _("Say what came of it."))
        if data.get("result") == Result.CONFIRMED and not data.get("groups"):
            self.add_error("groups", _("Tick what you confirmed."))
        return dict(data)


class DecisionForm(forms.Form):
    """What a moderator says to a proposal; its author reads the reason."""

    act = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[
            ("accept", pgettext_lazy("listing", "Accept")),
            ("reject", gettext_lazy("Reject")),
        ],
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Needed where something is turned down; the author reads it."),
        max_length=300,
        required=False,
    )


class SettleForm(forms.Form):
    """What a moderator says to a report."""

    report = forms.UUIDField()
    act = forms.ChoiceField(choices=[("uphold", ""), ("dismiss", "")])
