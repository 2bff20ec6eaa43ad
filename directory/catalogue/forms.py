"""Checking what is typed into the settings pages of the catalogue."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from directory.catalogue.states import MatchKind, RestrictionKind
from directory.geography.models import Area

CHANNELS = [
    ("email", _("By e-mail")),
    ("sms", _("By text message")),
    ("phone", _("By phone")),
]


class RestrictionForm(forms.Form):
    """Who does not want to be listed, written to or visited, and how they are recognized."""

    kind = forms.ChoiceField(
        label=_("What is asked"), choices=RestrictionKind, widget=forms.RadioSelect
    )
    match_kind = forms.ChoiceField(label=_("Recognized by"), choices=MatchKind)
    value = forms.CharField(
        label=_("Value"),
        max_length=300,
        help_text=_("Phone numbers and e-mail addresses are recognized later, but cannot be read."),
    )
    area = forms.CharField(
        label=_("Area code"),
        max_length=12,
        required=False,
        help_text=_("Only with a name: the area in which the name is meant."),
    )
    channels = forms.MultipleChoiceField(
        label=_("Ways that are barred"),
        choices=CHANNELS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only for “Do not contact”; none ticked means all."),
    )
    label = forms.CharField(
        label=_("Reminder"),
        max_length=200,
        required=False,
        help_text=_("What helps colleagues, such as 138****1234; never the whole number."),
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    requested_by = forms.CharField(label=_("Asked for by"), max_length=200)
    until = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def clean_area(self) -> Area | None:
        """Find the area of the code."""
        code = self.cleaned_data["area"].strip()
        if not code:
            return None
        area = Area.objects.filter(code=code).first()
        if area is None:
            raise forms.ValidationError(_("There is no area with this code."))
        return area

    def clean_label(self) -> str:
        """Keep the reminder from being the number itself."""
        label = str(self.cleaned_data["label"])
        digits = sum(character.isdigit() for character in label)
        if digits > 8:
            raise forms.ValidationError(_("Mask the number; this reminder would show it."))
        return label

    def clean(self) -> dict[str, Any]:
        """Ask for nothing that the kind of entry has no use for."""
        data = super().clean() or {}
        if data.get("kind") != RestrictionKind.DO_NOT_CONTACT:
            data["channels"] = []
        return data
