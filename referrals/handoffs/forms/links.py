"""What people without an account type in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from referrals.handoffs.forms.fields import StepForm, address_of
from referrals.handoffs.states import LinkKind


class CodeForm(forms.Form):
    """The second factor of a recipient's link."""

    code = forms.RegexField(
        r"^\d{6}$",
        label=_("6-digit code"),
        error_messages={"invalid": _("The code has six digits.")},
        widget=forms.TextInput(
            {"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": "6"}
        ),
    )


class BirthDateForm(forms.Form):
    """The second factor of a client's link."""

    born = forms.DateField(
        label=_("Your date of birth"),
        input_formats=["%Y-%m-%d", "%Y%m%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y/%m/%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


class LinkForm(StepForm):
    """To whom a link goes."""

    kind = forms.ChoiceField(choices=LinkKind, widget=forms.HiddenInput)
    address = forms.CharField(
        label=_("E-mail address or mobile number"),
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    code_address = forms.CharField(
        label=_("Mobile number for the code"),
        required=False,
        max_length=40,
        help_text=_("Another way than the link. Without it you read the code out."),
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "tel"}),
    )

    def clean(self) -> dict[str, Any]:
        """Add the channel to each address; the code must take another way than the link."""
        data = super().clean() or {}
        for name in ("address", "code_address"):
            typed = data.get(name, "")
            data[name] = address_of(typed)
            if typed and not data[name]:
                self.add_error(name, _("Enter an e-mail address or a mobile number."))
        if data["code_address"] and data["code_address"] == data["address"]:
            self.add_error("code_address", _("The code must take another way than the link."))
        return data
