"""Fields that every form of handoffs uses, and how a rule's refusal reaches them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.validators import validate_email

from core.errors import DomainError

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Promise
else:
    from django.utils.functional import Promise

Words = str | Promise


class StepForm(forms.Form):
    """A form whose operation may still say no: its sentences go to the fields they name."""

    def choose_from(self, name: str, choices: Iterable[tuple[str, Any]]) -> None:
        """Set the choices of a field that come from the database."""
        cast(forms.ChoiceField, self.fields[name]).choices = list(choices)

    def take(self, error: DomainError) -> bool:
        """Put a refusal where the user can correct it; other refusals are not the form's."""
        if error.status != 422:
            return False
        for row in error.errors or [{}]:
            name = str(row.get("field") or "").partition(".")[0]
            self.add_error(
                name if name in self.fields else None, str(row.get("detail") or error.message)
            )
        return True


def day(label: Words, **kwargs: Any) -> forms.DateField:
    """Make a field for a civil day."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, widget=widget, **kwargs)


def moment(label: Words, **kwargs: Any) -> forms.DateTimeField:
    """Make a field for a moment."""
    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
    return forms.DateTimeField(label=label, widget=widget, **kwargs)


def words(label: Words, *, rows: int = 3, longest: int = 2000, **kwargs: Any) -> forms.CharField:
    """Make a field for text about or for a person."""
    widget = forms.Textarea({"rows": rows}) if rows > 1 else forms.TextInput()
    return forms.CharField(label=label, max_length=longest, widget=widget, **kwargs)


def whole(label: Words, **kwargs: Any) -> forms.IntegerField:
    """Make a field for a count."""
    widget = forms.NumberInput({"inputmode": "numeric"})
    return forms.IntegerField(label=label, min_value=0, max_value=100_000, widget=widget, **kwargs)


def address_of(text: str) -> str:
    """Return where a message goes with its channel, empty where the text is no address."""
    plain = text.strip().replace(" ", "")
    if "@" in plain:
        try:
            validate_email(plain)
        except forms.ValidationError:
            return ""
        return f"mailto:{plain}"
    digits = plain.removeprefix("+").replace("-", "")
    return f"sms:{plain}" if digits.isdigit() and 7 <= len(digits) <= 15 else ""
