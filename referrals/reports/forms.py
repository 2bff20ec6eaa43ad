"""Checking what is typed and what narrows a list."""

from typing import Any, Literal

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import DomainError, InvalidParameter
from directory.catalogue import queries as catalogue
from referrals.casefiles.states import Priority
from referrals.reports.states import OFFERED, SETTLINGS, Difficulty, Result, WaitBand, When, Work

Scope = Literal["own", "all"]
OWN, ALL = "own", "all"
ME, OTHERS = "me", "others"


class DeskFilter(forms.Form):
    """What narrows the desk; own things are what it opens with."""

    own = forms.ChoiceField(required=False, choices=[(OWN, ""), (ALL, "")])
    when = forms.MultipleChoiceField(required=False, choices=When)
    kind = forms.MultipleChoiceField(required=False, choices=Work)
    priority = forms.MultipleChoiceField(required=False, choices=Priority)
    turn = forms.MultipleChoiceField(required=False, choices=[(ME, ""), (OTHERS, "")])

    def chosen(self) -> dict[str, Any]:
        """Return the filter; a word that the list does not know is refused by name."""
        if not self.is_valid():
            name = next(iter(self.errors))
            raise InvalidParameter(_("There is no such filter."), parameter=name)
        return self.cleaned_data | {"own": self.cleaned_data["own"] or OWN}


class OperationForm(forms.Form):
    """A form whose operation may still say no: its sentence goes to the field it names."""

    def take(self, error: DomainError) -> None:
        """Put a refusal where the user can correct it; others are for the page to show."""
        if error.status != 422:
            raise error
        named = [row for row in error.errors if row.get("field") in self.fields]
        for row in named:
            self.add_error(str(row["field"]), str(row.get("detail") or error.message))
        if not named:
            self.add_error(None, str(error.message))


def _day(label: Any, hint: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=hint,
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


class FollowUpForm(OperationForm):
    """What came of looking at a need again."""

    result = forms.ChoiceField(
        label=gettext_lazy("What came of it"),
        choices=[(one.value, one.label) for one in OFFERED if one != Result.RE_REFER],
        widget=forms.RadioSelect,
    )
    wait_until = _day(
        gettext_lazy("Wait until"), gettext_lazy("Only if you wait: the day to look again.")
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Why it stays unmet"),
        required=False,
        help_text=gettext_lazy("Only if the need stays unmet."),
    )
    review_on = _day(
        gettext_lazy("Look at it again on"), gettext_lazy("Only if the need stays unmet.")
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy("How it was solved, if it was solved without us. Write facts."),
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons = [(code.code, code.label) for code in catalogue.codes("unmet_reason")]
        self.fields["reason"].choices = [("", "-"), *reasons]  # type: ignore[attr-defined]  # a ChoiceField

    def told(self) -> dict[str, Any]:
        """Return the result with what belongs to it; the rest was left over from trying."""
        data = self.cleaned_data
        wanted = {*SETTLINGS[Result(data["result"])].needs, "note", "result"}
        return {name: value for name, value in data.items() if name in wanted}


class LogOnlyForm(OperationForm):
    """A word about a service that the client takes along."""

    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("For the file; the slip does not show it."),
        widget=forms.Textarea({"rows": 2}),
    )


LEVELS = (
    ("5", gettext_lazy("Very good")),
    ("4", gettext_lazy("Good")),
    ("3", gettext_lazy("Fair")),
    ("2", gettext_lazy("Poor")),
    ("1", gettext_lazy("Very poor")),
)


def _level(label: Any, *, required: bool = False) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=LEVELS,
        coerce=int,
        empty_value=None,
        required=required,
        widget=forms.RadioSelect,
    )


class HelpedForm(OperationForm):
    """What a client says who got help."""

    satisfaction = forms.ChoiceField(
        label=gettext_lazy("How satisfied are you?"), widget=forms.RadioSelect
    )
    resolution = forms.ChoiceField(
        label=gettext_lazy("How far is your need solved?"),
        widget=forms.RadioSelect,
        required=False,
    )
    quality = _level(gettext_lazy("How good was the help?"), required=True)
    wait = _level(gettext_lazy("How do you judge the wait?"), required=True)
    wait_band = forms.ChoiceField(
        label=gettext_lazy("How long did you wait?"),
        choices=WaitBand,
        widget=forms.RadioSelect,
        required=False,
    )
    staff = _level(gettext_lazy("How did people treat you?"))
    text = forms.CharField(
        label=gettext_lazy("In your own words"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
    )
    anonymous = forms.BooleanField(
        label=gettext_lazy("Do not tell the provider that this is my answer"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("satisfaction", "resolution"):
            choices = [(code.code, code.label) for code in catalogue.codes(name)]
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # a ChoiceField


class NotHelpedForm(OperationForm):
    """What a client says who got no help."""

    difficulty = forms.ChoiceField(
        label=gettext_lazy("What stood in the way?"),
        choices=Difficulty,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=gettext_lazy("In your own words"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
    )
    anonymous = forms.BooleanField(
        label=gettext_lazy("Do not tell the provider that this is my answer"), required=False
    )
