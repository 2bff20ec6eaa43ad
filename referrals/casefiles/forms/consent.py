"""Forms about consent, its withdrawal, and legal bases."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.jobs import today
from referrals.casefiles import disclosure, queries
from referrals.casefiles.disclosure.decide import Recipient
from referrals.casefiles.disclosure.wording import WORDS
from referrals.casefiles.forms.fields import (
    DayField,
    Evidence,
    EvidenceField,
    OperationForm,
    SignatureField,
)
from referrals.casefiles.models import Client
from referrals.casefiles.operations.consent import Said, Wish
from referrals.casefiles.states import (
    ConsentMethod,
    DataClass,
    GrantorKind,
    LegalBasisKind,
    RecipientKind,
    ScopeDecision,
    age_on,
)

ANSWERS = [("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]


def _yes_or_no(value: str) -> bool | None:
    return {"yes": True, "no": False}.get(value)


class ConsentForm(OperationForm):
    """Who consents, how, to whom, to which kinds of data, until when."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Answer of the client"),
        choices=[("give", gettext_lazy("Agrees")), ("refuse", gettext_lazy("Refuses"))],
        initial="give",
        widget=forms.RadioSelect,
    )
    grantor_kind = forms.ChoiceField(
        label=gettext_lazy("Who consents"),
        choices=GrantorKind,
        initial=GrantorKind.CLIENT,
        widget=forms.RadioSelect,
    )
    grantor = forms.CharField(
        label=gettext_lazy("Name of who consents"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("Where it is not the client."),
    )
    method = forms.ChoiceField(
        label=gettext_lazy("How"),
        choices=ConsentMethod,
        initial=ConsentMethod.ORAL,
        widget=forms.RadioSelect,
    )
    witness_1 = forms.CharField(label=gettext_lazy("First witness"), required=False, max_length=100)
    witness_2 = forms.CharField(
        label=gettext_lazy("Second witness"), required=False, max_length=100
    )
    evidence = EvidenceField(
        label=gettext_lazy("Signed page"),
        required=False,
        help_text=gettext_lazy("PDF, JPEG or PNG, at most 20 MB."),
    )
    signature = SignatureField(
        label=gettext_lazy("Signature on the screen"),
        required=False,
        widget=forms.HiddenInput,
        help_text=gettext_lazy("Without a pen: on paper, or by word before two witnesses."),
    )
    evidence_ref = forms.CharField(
        label=gettext_lazy("Where the paper or screenshot is kept"),
        required=False,
        max_length=200,
    )
    expires_on = DayField(
        label=gettext_lazy("In force until"),
        help_text=gettext_lazy(
            "A year at most; you are reminded 30 days before. The client may withdraw any time."
        ),
    )
    assent_of_minor = forms.TypedChoiceField(
        label=gettext_lazy("The child agrees"),
        choices=ANSWERS,
        coerce=_yes_or_no,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    guardian_told = forms.TypedChoiceField(
        label=gettext_lazy("The guardian was told"),
        choices=ANSWERS,
        coerce=_yes_or_no,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    guardian_not_told_reason = forms.CharField(
        label=gettext_lazy("Why the guardian was not told"), required=False, max_length=300
    )
    classes = forms.MultipleChoiceField(
        label=gettext_lazy("Which information may be given"), required=False, choices=DataClass
    )
    denied = forms.MultipleChoiceField(
        label=gettext_lazy("What must never be given to this recipient"),
        required=False,
        choices=DataClass,
    )
    recipient = forms.CharField(widget=forms.HiddenInput, required=False)
    recipient_name = forms.CharField(
        label=gettext_lazy("Organization that receives it"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Its full name."),
    )
    category = forms.ChoiceField(
        label=gettext_lazy("Or all providers of a category"),
        required=False,
        help_text=gettext_lazy("Never covers restricted data."),
    )

    def __init__(self, *args: Any, client: Client, whom: Recipient | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.client, self.whom = client, whom
        age = age_on(client.born, today()) if client.born else None
        self.minor = "child" if disclosure.under_14(client, _noon()) else ""
        if not self.minor and age is not None and age < 18:
            self.minor = "youth"
        categories = [("", "-"), *queries.words.categories()]
        self.choose_from("category", categories)
        if whom is not None:
            del self.fields["recipient_name"], self.fields["category"]

    def options(self, chosen: Iterable[str]) -> list[dict[str, Any]]:
        """Return the ticks, plain classes first; what policy forbids cannot be ticked."""
        wanted = set(self["classes"].value() or ()) if self.is_bound else set(chosen)
        rows = [self._option(name, wanted) for name in DataClass if name not in self.never]
        return sorted(rows, key=lambda row: row["sensitive"])

    def _option(self, name: DataClass, wanted: set[str]) -> dict[str, Any]:
        return {
            "value": name.value,
            "label": name.label,
            "why": WORDS[name].why,
            "without": WORDS[name].without,
            "sensitive": disclosure.is_sensitive(name, under_14=self.minor == "child"),
            "checked": name.value in wanted,
        }

    @property
    def never(self) -> dict[DataClass, Any]:
        """Return the classes that this kind of recipient may never be given, with their words."""
        return {
            name: name.label
            for name, allowance in self._allowed.items()
            if allowance.rule == disclosure.Rule.NEVER
        }

    @property
    def _allowed(self) -> Mapping[DataClass, disclosure.Allowance]:
        categories = queries.notices.categories_of(self.whom) if self.whom else []
        return disclosure.recipient_allowances(categories) if categories else {}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("answer") == "give" and self.whom is None:
            self._find_recipient(data)
        if data.get("answer") == "give" and not data.get("classes") and not data.get("denied"):
            self.add_error("classes", _("Tick what the client agrees to."))
        if set(data.get("classes", ())) & set(data.get("denied", ())):
            self.add_error("denied", _("The same kind cannot be given and forbidden."))
        return data

    def _find_recipient(self, data: Mapping[str, Any]) -> None:
        if data.get("category"):
            self.whom = queries.notices.recipient_from(RecipientKind.CATEGORY, data["category"])
            return
        found = queries.people.organizations_named(data.get("recipient_name", ""))
        if len(found) == 1:
            self.whom = disclosure.recipient_of(found[0])
        elif not found:
            self.add_error("recipient_name", _("Nothing of that name is known."))
        else:
            self.add_error("recipient_name", _("Several organizations have this name."))

    def said(self) -> Said:
        """Return who said it and how."""
        data = self.cleaned_data
        evidence: Evidence | None = data.get("evidence") or data.get("signature")
        return Said(
            grantor_kind=data["grantor_kind"],
            grantor=data["grantor"],
            method=data["method"],
            witnesses=tuple(filter(None, (data["witness_1"], data["witness_2"]))),
            evidence=evidence.file if evidence else None,
            evidence_type=evidence.content_type if evidence else "",
            evidence_ref=data["evidence_ref"],
            assent_of_minor=data.get("assent_of_minor"),
            guardian_told=data.get("guardian_told"),
            guardian_not_told_reason=data["guardian_not_told_reason"],
            categories=tuple(queries.notices.categories_of(self.whom)) if self.whom else (),
        )

    def wishes(self) -> list[Wish]:
        """Return one scope per tick; each tick of a sensitive class is its own consent."""
        assert self.whom is not None  # noqa: S101  # clean() refused the form
        young = self.minor == "child"
        return [
            Wish(
                self.whom.kind,
                self.whom.uid,
                name,
                separate_consent=disclosure.is_sensitive(name, under_14=young),
            )
            for name in self.cleaned_data["classes"]
        ] + [
            Wish(self.whom.kind, self.whom.uid, name, ScopeDecision.DENY)
            for name in self.cleaned_data["denied"]
        ]

    def expires_at(self) -> datetime:
        """Return the end of the last day."""
        return end_of(self.cleaned_data["expires_on"])


class WithdrawForm(OperationForm):
    """How the withdrawal came."""

    via = forms.ChoiceField(label=gettext_lazy("How the withdrawal came"))
    reason = forms.CharField(
        label=gettext_lazy("What the client said"), required=False, max_length=500
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose_from("via", queries.words.choices("contact_method"))


class LegalBasisForm(OperationForm):
    """A duty or power to provide data without consent."""

    kind = forms.ChoiceField(label=gettext_lazy("What it is"), choices=LegalBasisKind)
    citation = forms.CharField(label=gettext_lazy("Provision of law"), max_length=200)
    document_no = forms.CharField(
        label=gettext_lazy("Document number"), required=False, max_length=100
    )
    narrative = forms.CharField(
        label=gettext_lazy("What happened"),
        max_length=4000,
        widget=forms.Textarea({"rows": 4}),
    )
    recipient_name = forms.CharField(
        label=gettext_lazy("Organization that receives it"), max_length=300
    )
    data_classes = forms.MultipleChoiceField(
        label=gettext_lazy("Kinds of data"),
        choices=DataClass,
        widget=forms.CheckboxSelectMultiple,
    )
    until = DayField(label=gettext_lazy("In force until"))
    untold_reason = forms.CharField(
        label=gettext_lazy("Why the client is not told"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Leave empty unless telling would endanger somebody."),
    )

    def clean_recipient_name(self) -> str:
        found = queries.people.organizations_named(self.cleaned_data["recipient_name"])
        if len(found) != 1:
            raise forms.ValidationError(_("Give the full name of one organization."))
        return f"{RecipientKind.ORGANIZATION}:{found[0].uid}"

    def facts(self) -> dict[str, Any]:
        """Return the facts as the operation takes them."""
        data = dict(self.cleaned_data)
        data["recipients"] = [data.pop("recipient_name")]
        data["until"] = end_of(data["until"])
        return data


def end_of(day: Any) -> datetime:
    """Return the last instant of a civil day."""
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))


def _noon() -> datetime:
    return timezone.make_aware(datetime.combine(today(), time(12)))
