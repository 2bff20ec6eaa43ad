"""Forms about a need."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.catalogue.models import TaxonomyTerm
from referrals.casefiles import queries
from referrals.casefiles.forms.fields import NEUTRAL, DayField, OperationForm, WordsField
from referrals.casefiles.models import Need
from referrals.casefiles.states import Impact, NeedStatus, Priority, Urgency, need_move


def find_kinds(text: str) -> list[tuple[TaxonomyTerm, str]]:
    """Return the kinds of need that somebody may mean."""
    return [(term, term.text("name")[0]) for term in queries.words.find_leaves(text)]


class NeedForm(OperationForm):
    """A short assessment: what, how urgent, for how many, and what makes it harder."""

    category = WordsField(
        label=gettext_lazy("Kind of need"),
        find=find_kinds,
        help_text=gettext_lazy("Type a word or the first letters of its sound."),
    )
    summary = forms.CharField(
        label=gettext_lazy("What is needed and why"),
        required=False,
        max_length=2000,
        help_text=NEUTRAL,
        widget=forms.Textarea({"rows": 3}),
    )
    urgency = forms.ChoiceField(
        label=gettext_lazy("Urgency"), choices=Urgency, widget=forms.RadioSelect
    )
    impact = forms.ChoiceField(
        label=gettext_lazy("How many are affected"),
        choices=Impact,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("How many people, not how badly."),
    )
    client_rank = forms.IntegerField(
        label=gettext_lazy("The client's own order"),
        required=False,
        min_value=1,
        max_value=50,
        help_text=gettext_lazy("1 = what the client wants solved first."),
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )
    deadline = DayField(label=gettext_lazy("Needed by"), required=False)
    has_dependents = forms.BooleanField(
        label=gettext_lazy("Children or elders depend on the client"), required=False
    )
    no_informal_support = forms.BooleanField(
        label=gettext_lazy("Nobody helps privately"), required=False
    )
    hidden = forms.BooleanField(
        label=gettext_lazy("Hide from everybody outside the team"),
        required=False,
        help_text=gettext_lazy("Then no packet, slip or message for another need shows it."),
    )

    def facts(self) -> dict[str, Any]:
        """Return the facts as the operation takes them."""
        return {name: value for name, value in self.cleaned_data.items() if name != "client_rank"}

    @staticmethod
    def of(need: Need) -> dict[str, Any]:
        """Return what the form shows of a need."""
        names = (
            *("summary", "urgency", "impact", "client_rank", "deadline"),
            *("has_dependents", "no_informal_support", "hidden"),
        )
        shown = {name: getattr(need, name) for name in names}
        return shown | {"category": need.category.text("name")[0]}


class LevelForm(OperationForm):
    """Another level than ours, with the reason."""

    level = forms.ChoiceField(label=gettext_lazy("Level"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Reason for another level"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, *args: Any, need: Need, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ours = Priority(need.computed_priority).label
        levels = [(row["code"], Priority(row["code"]).label) for row in need.scheme.data["levels"]]
        choices = [("", _("as computed: %(level)s") % {"level": ours}), *levels]
        self.choose_from("level", choices)


class SettleForm(OperationForm):
    """What became of a need."""

    status = forms.ChoiceField(label=gettext_lazy("What became of it"))
    reason = forms.ChoiceField(
        label=gettext_lazy("Why it is unmet"),
        required=False,
        help_text=gettext_lazy("Only for needs that stay unmet."),
    )
    review_on = DayField(
        label=gettext_lazy("Look at it again on"),
        required=False,
        help_text=gettext_lazy("Needed for unmet needs; possible for every other."),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy("Needed where an ended need is opened again."),
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, *args: Any, need: Need, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.need = need
        reachable = [
            (status.value, status.label)
            for status in NeedStatus
            if need_move(need.status, status) or (status == need.status == NeedStatus.UNMET)
        ]
        self.choose_from("status", reachable)
        reasons = [("", "-"), *queries.words.choices("unmet_reason")]
        self.choose_from("reason", reasons)

    def facts(self) -> dict[str, Any]:
        """Return the facts as the operation takes them: opening again takes the note as reason."""
        data = self.cleaned_data
        reason = data["reason"] if data["status"] == NeedStatus.UNMET else data["note"]
        return {
            "status": data["status"],
            "reason": reason,
            "review_on": data["review_on"],
            "note": data["note"],
        }
