"""Checking what is typed into the settings pages of geography."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from directory.geography.models import GeocodingProvider
from directory.geography.states import DayKind, Weekday


class ProviderForm(forms.Form):
    """How one geocoder is used; the key on file is never shown."""

    key = forms.CharField(
        label=_("Key"),
        required=False,
        max_length=200,
        strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Leave empty to keep the key on file."),
    )
    order = forms.IntegerField(
        label=_("Order"),
        min_value=1,
        max_value=9,
        initial=1,
        help_text=_("The provider with the lowest number is asked first."),
    )
    daily_limit = forms.IntegerField(
        label=_("Requests per day"), min_value=0, max_value=1_000_000, initial=1000
    )
    enabled = forms.BooleanField(
        label=_("Ask this provider"),
        required=False,
        help_text=_("Addresses of listings are then sent to this provider."),
    )
    allow_client_places = forms.BooleanField(
        label=_("May be asked for addresses of clients"),
        required=False,
        help_text=_("Switch this on only with a contract that covers personal information."),
    )

    @classmethod
    def of(cls, provider: GeocodingProvider | None) -> dict[str, Any]:
        """Return what the form shows for a provider on file."""
        if provider is None:
            return {}
        names = ("order", "daily_limit", "enabled", "allow_client_places")
        return {name: getattr(provider, name) for name in names}


class SpecialDayForm(forms.Form):
    """A holiday or a make-up workday."""

    on = forms.DateField(label=_("Date"), widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(label=_("Kind"), choices=DayKind, widget=forms.RadioSelect)
    acts_as = forms.ChoiceField(
        label=_("Runs as"),
        required=False,
        choices=[("", "-"), *Weekday.choices],
        help_text=_("Only for make-up workdays: the weekday whose hours apply."),
    )
    name = forms.CharField(label=_("Name"), required=False, max_length=60)

    def clean(self) -> dict[str, Any]:
        """Ask which weekday a make-up workday runs as."""
        data = super().clean() or {}
        if data.get("kind") == DayKind.MAKE_UP_WORKDAY and not data.get("acts_as"):
            self.add_error("acts_as", _("Say which weekday the make-up workday runs as."))
        return data
