"""Forms about a case."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from referrals.casefiles import queries
from referrals.casefiles.forms.fields import ColleagueField, OperationForm
from referrals.casefiles.models import CaseFile
from referrals.casefiles.states import STAGES, AssignmentRole, stage_move


class StageForm(OperationForm):
    """One stage forward, or back to an earlier one."""

    to = forms.ChoiceField(label=gettext_lazy("Next stage"))
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy("Needed to go back."),
    )

    def __init__(self, *args: Any, case: CaseFile, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reachable = [(s.value, s.label) for s in STAGES if stage_move(case.stage, s)]
        # Forward first: that is what is meant nearly always.
        reachable.sort(key=lambda row: stage_move(case.stage, row[0]) != "forward")
        self.choose_from("to", reachable)


class SecrecyForm(OperationForm):
    """Which limits of secrecy were explained."""

    codes = forms.MultipleChoiceField(
        label=gettext_lazy("Limits of secrecy that were explained"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limits = queries.words.choices("confidentiality_exception")
        self.choose_from("codes", limits)


class CloseForm(OperationForm):
    """Why the case is closed."""

    reason = forms.ChoiceField(label=gettext_lazy("Reason for closing"))
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons = queries.words.choices("close_reason")
        self.choose_from("reason", reasons)


class ReopenForm(OperationForm):
    """Why a closed case is taken up again."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=1000, widget=forms.Textarea({"rows": 2})
    )


class AssignForm(OperationForm):
    """Who joins the team."""

    user = ColleagueField(label=gettext_lazy("Colleague"))
    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        choices=[
            (role.value, role.label)
            for role in (AssignmentRole.COLLEAGUE, AssignmentRole.SUPERVISOR)
        ],
    )

    def __init__(self, *args: Any, case: CaseFile, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team = case.assignments.current().values("user")
        others = queries.people.staff(case.organization_id).exclude(pk__in=team)
        self.choose_rows("user", others)


class OfferForm(OperationForm):
    """To whom the case is handed over, and why."""

    to_user = ColleagueField(label=gettext_lazy("Colleague"))
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=1000, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, *args: Any, case: CaseFile, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = queries.people.staff(case.organization_id).exclude(pk=case.responsible_id)
        self.choose_rows("to_user", others)
