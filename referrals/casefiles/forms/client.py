"""Forms about a person."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.catalogue.models import Organization
from directory.geography import queries as geography
from referrals.casefiles import queries
from referrals.casefiles.disclosure.classes import CLASSES, WRITTEN_FIELD
from referrals.casefiles.errors import InvalidFacts
from referrals.casefiles.forms.fields import (
    NEUTRAL,
    OPTIONAL_TEXT,
    DayField,
    OperationForm,
    WordsField,
    find_areas,
)
from referrals.casefiles.models import Client, ContactSafety
from referrals.casefiles.models.identity import check_id_number, told_by
from referrals.casefiles.operations.client import Phone
from referrals.casefiles.states import ClientKind, PhoneKind, Sex

PHONES = 3
LABELS = ("闹事", "懒", "刁", "troublemaker", "lazy")


class SearchForm(forms.Form):
    """One box for names, sounds, numbers; sent by POST, so that it reaches no address or log."""

    q = forms.CharField(
        label=gettext_lazy("Find a client"),
        max_length=200,
        help_text=gettext_lazy(
            "Among your own: the first characters or letters of the name, the end of a telephone "
            "number. Beyond: the full name, telephone, identity, file or case number."
        ),
        widget=forms.TextInput(
            {"autocomplete": "off", "data-key": "/", "enterkeyhint": "search", "type": "search"}
        ),
    )


class ClientForm(OperationForm):
    """What a file says about its person."""

    name = forms.CharField(
        label=gettext_lazy("Full name"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    pseudonym = forms.CharField(
        label=gettext_lazy("Pseudonym"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("Where the person does not want to give a name."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    sex = forms.ChoiceField(label=gettext_lazy("Sex"), choices=Sex, widget=forms.RadioSelect)
    birth_date = DayField(label=gettext_lazy("Date of birth"), required=False)
    id_number = forms.CharField(
        label=gettext_lazy("Identity number"),
        required=False,
        max_length=30,
        help_text=gettext_lazy("18 digits; only where an application needs it."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    area = WordsField(
        label=gettext_lazy("Lives in"),
        required=False,
        find=find_areas,
        help_text=gettext_lazy("District or town."),
    )
    address = forms.CharField(
        label=gettext_lazy("Exact address"),
        required=False,
        max_length=300,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    household_registration_area = WordsField(
        label=gettext_lazy("Household registration"), required=False, find=find_areas
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages spoken"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    risks = forms.MultipleChoiceField(
        label=gettext_lazy("Risks"), required=False, widget=forms.CheckboxSelectMultiple
    )
    populations = forms.MultipleChoiceField(
        label=gettext_lazy("Population groups"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for index in range(PHONES):
            self.fields[f"phone_{index}"] = forms.CharField(
                label=_("Telephone %(n)s") % {"n": index + 1},
                required=False,
                max_length=40,
                widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off"}),
            )
            self.fields[f"phone_{index}_kind"] = forms.ChoiceField(
                label=_("Whose telephone"), choices=PhoneKind, required=False
            )
            self.fields[f"phone_{index}_note"] = forms.CharField(
                label=_("Note"), required=False, max_length=200
            )
        for name, codes in (
            ("languages", "language"),
            ("risks", "risk"),
            ("populations", "population"),
        ):
            self.choose_from(name, queries.words.choices(codes))

    @property
    def phone_rows(self) -> list[tuple[Any, Any, Any]]:
        """Return the bound fields of each telephone."""
        return [
            (self[f"phone_{n}"], self[f"phone_{n}_kind"], self[f"phone_{n}_note"])
            for n in range(PHONES)
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not (data.get("name") or data.get("pseudonym")):
            self.add_error("name", _("Give a name, or a pseudonym."))
        told = told_by(data["id_number"]) if data.get("id_number") else None
        if told and not data.get("birth_date"):
            data["birth_date"] = told.birth_date
        if told and data.get("sex") == Sex.UNKNOWN:
            data["sex"] = told.sex
        return data

    def clean_id_number(self) -> str:
        """Read full-width digits and check the last one."""
        try:
            return check_id_number(self.cleaned_data["id_number"])
        except InvalidFacts as error:
            raise forms.ValidationError(str(error.message)) from error

    def facts(self) -> dict[str, Any]:
        """Return the facts as the operation takes them."""
        data = dict(self.cleaned_data)
        phones = []
        for index in range(PHONES):
            number = data.pop(f"phone_{index}", "")
            kind = data.pop(f"phone_{index}_kind", "") or PhoneKind.MOBILE
            note = data.pop(f"phone_{index}_note", "")
            if number:
                phones.append(Phone(number, kind, note))
        names = [*ClientForm.base_fields]
        return {name: data[name] for name in names if name in data} | {"phones": phones}

    @staticmethod
    def of(client: Client) -> dict[str, Any]:
        """Return what the form shows of a file."""
        shown: dict[str, Any] = {
            name: getattr(client, name)
            for name in (
                *("name", "pseudonym", "sex", "id_number", "address"),
                *("languages", "risks", "populations"),
            )
        }
        shown["birth_date"] = client.born
        for name in ("area", "household_registration_area"):
            area = getattr(client, name)
            shown[name] = geography.label(area) if area else ""
        for index, phone in enumerate(client.phones.all()[:PHONES]):
            shown[f"phone_{index}"] = phone.number
            shown[f"phone_{index}_kind"] = phone.kind
            shown[f"phone_{index}_note"] = phone.note
        return shown


class NewClientForm(ClientForm):
    """A new file: also whose it is, and how the person came."""

    organization = forms.ModelChoiceField(
        label=gettext_lazy("Organization"), queryset=Organization.objects.none()
    )
    kind = forms.ChoiceField(label=gettext_lazy("The file is about"), choices=ClientKind)
    case_type = forms.ChoiceField(label=gettext_lazy("Type of case"))
    source = forms.ChoiceField(label=gettext_lazy("How the case came"), required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, organizations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose_rows("organization", organizations)
        self.choose_from("case_type", queries.words.choices("case_type"))
        sources = [("", _("not known")), *queries.words.choices("case_source")]
        self.choose_from("source", sources)

    def facts(self) -> dict[str, Any]:
        return super().facts() | {"kind": self.cleaned_data["kind"]}


class SafetyForm(OperationForm):
    """How the client may be reached without harm."""

    may_contact = forms.TypedChoiceField(
        label=gettext_lazy("May the client be contacted?"),
        choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No, not at all"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    channels = forms.MultipleChoiceField(
        label=gettext_lazy("Safe ways"), required=False, widget=forms.CheckboxSelectMultiple
    )
    safe_times = forms.CharField(label=gettext_lazy("Safe times"), required=False, max_length=200)
    leave_message = forms.BooleanField(label=gettext_lazy("Messages may be left"), required=False)
    neutral_sender = forms.BooleanField(
        label=gettext_lazy("Messages do not name the agency"), required=False
    )
    code_word = forms.CharField(label=gettext_lazy("Code word"), required=False, max_length=60)
    must_not_know = forms.CharField(
        label=gettext_lazy("Who must not learn of it"), required=False, max_length=200
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = queries.words.choices("contact_method")
        self.choose_from("channels", ways)

    @staticmethod
    def of(safety: ContactSafety | None) -> dict[str, Any]:
        """Return what the form shows of the last answer."""
        if safety is None or safety.answered_at is None:
            return {}
        names = (
            *("channels", "safe_times", "leave_message", "neutral_sender"),
            *("code_word", "must_not_know"),
        )
        shown = {name: getattr(safety, name) for name in names}
        return shown | {"may_contact": "yes" if safety.may_contact else "no"}


class FactsForm(OperationForm):
    """One box for each kind of data that a worker writes about."""

    def __init__(self, *args: Any, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        written = {fact.data_class: fact.text for fact in client.facts.all()}
        for data_class, field in WRITTEN_FIELD.items():
            self.fields[data_class.value] = forms.CharField(
                label=data_class.label,
                help_text=str(CLASSES[data_class].fields[field]),
                initial=written.get(data_class, ""),
                widget=forms.Textarea({"rows": 2}),
                **OPTIONAL_TEXT,
            )


class GuardianForm(OperationForm):
    """Who decides for the client."""

    name = forms.CharField(label=gettext_lazy("Full name"), max_length=100)
    relation = forms.CharField(label=gettext_lazy("Relation"), max_length=60)
    phone = forms.CharField(
        label=gettext_lazy("Telephone"),
        required=False,
        max_length=40,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off"}),
    )
    verified_by_document = forms.BooleanField(
        label=gettext_lazy("I have seen a document that shows it"), required=False
    )
    suspected_harmer = forms.BooleanField(
        label=gettext_lazy("Suspected of harming the client"),
        required=False,
        help_text=gettext_lazy(
            "Then hidden from every packet, link and message, and what this person had allowed "
            "ends at once."
        ),
    )


class HouseholdForm(OperationForm):
    """Which household the person lives in, by its file number."""

    file_no = forms.CharField(label=gettext_lazy("File number of the household"), max_length=60)
    relation = forms.CharField(label=gettext_lazy("Relation in the household"), max_length=60)
    since = DayField(label=gettext_lazy("Lives there since"), required=False)


class NoteForm(OperationForm):
    """A quick note on the timeline."""

    text = forms.CharField(
        label=gettext_lazy("Quick note"),
        max_length=4000,
        help_text=NEUTRAL,
        widget=forms.Textarea({"rows": 3, "data-key": "n"}),
    )

    @property
    def labelling(self) -> list[str]:
        """Return the words that label a person instead of telling facts: a warning, no block."""
        text = self.cleaned_data.get("text", "").lower()
        return [word for word in LABELS if word in text]


class ConflictForm(OperationForm):
    """That one is related to the client."""

    reason = forms.CharField(label=gettext_lazy("Relation"), required=False, max_length=200)
