"""The recipient's answer on one page: accept, waiting list, back for more, decline."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from referrals.handoffs.forms.fields import StepForm, day, whole, words
from referrals.handoffs.forms.steps import HINTS, LABELS
from referrals.handoffs.queries import Allowed
from referrals.handoffs.states import Event

ANSWERS = (Event.ACCEPT, Event.WAITLIST, Event.REQUEST_INFO, Event.DECLINE)
# What each answer must say, and what it may say.
ASKED: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    Event.ACCEPT: (("contact_name", "expected_contact_on"), ("capacity_left",)),
    Event.WAITLIST: (("review_on",), ("estimate_days",)),
    Event.REQUEST_INFO: (("question",), ()),
    Event.DECLINE: (("reason",), ("note",)),
}


class AnswerForm(StepForm):
    """One choice with its own fields; what belongs to another choice is not looked at."""

    answer = forms.ChoiceField(label=_("Your answer"), widget=forms.RadioSelect)
    contact_name = words(LABELS["contact_name"], rows=1, longest=80, required=False)
    expected_contact_on = day(LABELS["expected_contact_on"], required=False)
    capacity_left = whole(LABELS["capacity_left"], required=False, help_text=HINTS["capacity_left"])
    review_on = day(LABELS["review_on"], required=False)
    estimate_days = whole(LABELS["estimate_days"], required=False)
    question = words(LABELS["question"], rows=2, required=False, help_text=HINTS["question"])
    reason = forms.ChoiceField(label=LABELS["reason"], required=False)
    note = words(LABELS["note"], rows=2, required=False)
    code = forms.CharField(
        label=_("6-digit code"),
        required=False,
        max_length=6,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    def __init__(
        self, *args: Any, steps: Sequence[Allowed], by_link: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.steps = {step.event: step for step in steps if step.event in ANSWERS}
        self.choose_from("answer", [(event, self.steps[event].label) for event in self.steps])
        if not by_link:
            del self.fields["code"]
        decline = self.steps.get(Event.DECLINE)
        reasons = decline.fields[0].choices if decline else ()
        self.choose_from("reason", [("", "—"), *reasons])

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen answer needs."""
        data = super().clean() or {}
        needed, _offered = ASKED.get(data.get("answer", ""), ((), ()))
        for name in needed:
            if data.get(name) in (None, "") and name not in self.errors:
                self.add_error(name, _("Please fill this in."))
        return data

    def data_of_step(self) -> dict[str, Any]:
        """Return the data of the chosen event."""
        needed, offered = ASKED[self.cleaned_data["answer"]]
        given = {name: self.cleaned_data.get(name) for name in (*needed, *offered)}
        return {name: value for name, value in given.items() if value not in (None, "")}

    def bodies(self) -> list[tuple[Any, list[tuple[forms.BoundField, bool]], str]]:
        """Return each answer with its own fields, and whether it needs them."""
        chosen = self["answer"].value()
        found = []
        for option in self["answer"]:
            needed, offered = ASKED[option.data["value"]]
            fields = [(self[name], name in needed) for name in (*needed, *offered)]
            found.append((option, fields, chosen))
        return found
