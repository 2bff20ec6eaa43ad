"""Forms about opening files that are not one's own."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from referrals.casefiles import queries
from referrals.casefiles.forms.fields import ColleagueField, DayField, OperationForm
from referrals.casefiles.states import AccessPurpose, Verdict

ASKED = (
    AccessPurpose.SUPERVISION,
    AccessPurpose.REFERRAL_IN,
    AccessPurpose.CONFERENCE,
    AccessPurpose.SUBJECT_REQUEST,
    AccessPurpose.AUDIT,
)


class PurposeForm(OperationForm):
    """Why a file beyond the own caseload is opened."""

    purpose = forms.ChoiceField(
        label=gettext_lazy("Why do you open this file?"),
        choices=[(purpose.value, purpose.label) for purpose in ASKED],
        widget=forms.RadioSelect,
    )


class EmergencyForm(OperationForm):
    """A file that must be opened at once, by its exact words."""

    look_for = forms.CharField(
        label=gettext_lazy("Whose file"),
        max_length=200,
        help_text=gettext_lazy("Full name, telephone, identity, file or case number."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    reason = forms.ChoiceField(label=gettext_lazy("Which danger"))
    narrative = forms.CharField(
        label=gettext_lazy("What happened"),
        max_length=2000,
        help_text=gettext_lazy("Your supervisor and the privacy lead read this at once."),
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose_from("reason", queries.words.choices("risk"))


class ApprovalForm(OperationForm):
    """Which colleague may read which file, what for and how long."""

    file_no = forms.CharField(label=gettext_lazy("File number"), max_length=60)
    user = ColleagueField(label=gettext_lazy("Who may read"))
    purpose = forms.ChoiceField(
        label=gettext_lazy("Purpose"),
        choices=[(purpose.value, purpose.label) for purpose in ASKED],
    )
    until = DayField(label=gettext_lazy("May read until"))

    def __init__(self, *args: Any, organization_ids: set[int], without: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = queries.people.staff_of(organization_ids).exclude(pk=without.pk)
        self.choose_rows("user", people)


class ReviewForm(OperationForm):
    """Whether an emergency access was justified."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("Judgment"), choices=Verdict, widget=forms.RadioSelect
    )
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=1000)
