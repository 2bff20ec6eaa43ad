"""Samples for the page that shows every component; invented, in both languages."""

import json
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django import forms, template
from django.core.paginator import Paginator
from django.template.loader import render_to_string

from core.jobs import now, today
from core.templatetags import signs
from core.templatetags.words import page_language

register = template.Library()


@dataclass
class Record:
    """A record with text in one language, as the catalogue has them."""

    uid: str
    words: str
    language: str

    def text(self, _field: str, _language: str | None = None) -> tuple[str, str]:
        """Answer as a translated record does."""
        return self.words, self.language


class SampleForm(forms.Form):
    """Each kind of control once."""

    name = forms.CharField()
    email = forms.EmailField(required=False)
    phone = forms.CharField(widget=forms.TextInput(attrs={"inputmode": "tel"}))
    first_contact = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.ChoiceField()
    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), required=False)
    grantor = forms.ChoiceField(widget=forms.RadioSelect)
    available = forms.ChoiceField(widget=forms.RadioSelect)
    classes = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, required=False)
    agreed = forms.BooleanField(required=False)
    place = forms.CharField(required=False)
    place_code = forms.CharField(required=False, widget=forms.HiddenInput)
    photo = forms.FileField(required=False)
    signature = forms.CharField(required=False)


class ShortForm(forms.Form):
    """One question, for the component that prints a whole form."""

    until = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))


@cache
def _samples() -> dict[str, Any]:
    samples = Path(__file__).with_name("specimens.json").read_text(encoding="utf-8")
    return json.loads(samples)  # type: ignore[no-any-return]  # our own file


def _say(sample: Any, index: int) -> Any:
    """Choose one side of each `中文 | English`."""
    if isinstance(sample, str):
        return sample.split(" | ")[index] if " | " in sample else sample
    if isinstance(sample, list):
        return [_say(part, index) for part in sample]
    if isinstance(sample, dict):
        return {key: _say(part, index) for key, part in sample.items()}
    return sample


def _form(said: dict[str, Any]) -> SampleForm:
    too_early = f"{today() - timedelta(days=9):%Y-%m-%d}"
    form = SampleForm(said["values"] | {"first_contact": too_early})
    for name, (label, hint) in said["labels"].items():
        form.fields[name].label, form.fields[name].help_text = label, hint
    for name, choices in said["choices"].items():
        form.fields[name].choices = choices  # type: ignore[attr-defined]  # all of them are choice fields
    for name, message in said["errors"].items():
        form.add_error(name, message)
    return form


@register.simple_tag
def specimens() -> dict[str, object]:
    """Give the page its samples in its language."""
    index = 0 if page_language() == "zh-Hans" else 1
    said: dict[str, Any] = _say(_samples(), index)
    other = _say(_samples()["service"], 1 - index)
    form, short = _form(said), ShortForm(auto_id="short_%s")
    short.fields["until"].label = said["labels"]["first_contact"][0]
    return said | {
        "form": form,
        "short": short,
        "pair": [form["grantor"], form["classes"]],
        "service": Record("a1", said["service"], page_language()),
        "organization": Record("a2", said["organization"], page_language()),
        "foreign": Record("a3", other, "en" if index == 0 else "zh-Hans"),
        "availability": {"code": "open", "left": 12, "unit": said["unit"], "on": today()},
        "verified": {"state": "active", "on": today() - timedelta(days=12), "how": said["how"]},
        "open": {"state": "open", "until": said["until"]},
        "thread": [message | {"at": now()} for message in said["thread"]],
        "page": Paginator(range(610), 25).page(9),
        "soon": now() + timedelta(hours=6, minutes=1),
        "later": now() + timedelta(days=2, hours=1),
        "earlier": now() - timedelta(days=3, hours=1),
        "start": now() - timedelta(days=3),
        "today": today(),
        "now": now(),
        "long_ago": today() - timedelta(days=400),
        "map": render_to_string("core/specimens/_map.html", {"label": said["summary"]}),
        "chart": render_to_string("core/specimens/_chart.html", {"label": said["summary"]}),
        "tables": {kind: list(table) for kind, table in signs.TABLES.items()},
    }
