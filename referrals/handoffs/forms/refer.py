"""Referring: to whom, with which consent and information, by which way."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from core.jobs import now, today
from core.templatetags.words import moment as in_words
from directory.catalogue.models import Service
from referrals.casefiles import disclosure
from referrals.casefiles.disclosure.classes import WRITTEN_FIELD
from referrals.casefiles.disclosure.wording import WORDS
from referrals.casefiles.models import Client, Need
from referrals.casefiles.operations.consent import Said, Wish
from referrals.casefiles.states import (
    ConsentMethod,
    DataClass,
    GrantorKind,
    PolicyRule,
    Priority,
    age_on,
)
from referrals.handoffs import clocks, packet, queries
from referrals.handoffs.forms.fields import StepForm, address_of, day, words
from referrals.handoffs.models import Referral
from referrals.handoffs.states import CLOCK_CLASSES, Channel, Clock

LONGEST = timedelta(days=365)
USUAL = (DataClass.IDENTITY, DataClass.CONTACT, DataClass.NEED_NARRATIVE)
YES_NO = [("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]


def _yes_or_no(value: str) -> bool | None:
    return {"yes": True, "no": False}.get(value)


class ReferForm(StepForm):
    """Everything about one referral on one page; consent is asked for what is not covered yet."""

    referral_reason = forms.ChoiceField(
        label=gettext_lazy("Reason for referral"), initial="SPECIALIST"
    )
    classes = forms.MultipleChoiceField(
        label=gettext_lazy("Which information may be given"), required=False, choices=DataClass
    )
    summary = words(
        gettext_lazy("Message to the recipient"),
        required=False,
        help_text=gettext_lazy("Shown after acceptance. Write facts, no labels."),
    )
    priority = forms.ChoiceField(label=gettext_lazy("Time limit for the answer"))
    must_happen_before = day(gettext_lazy("Must happen before"), required=False)
    channel = forms.ChoiceField(
        label=gettext_lazy("How it is sent"), choices=Channel, widget=forms.RadioSelect
    )
    link_to = forms.CharField(
        label=gettext_lazy("E-mail address or mobile number for the link"),
        required=False,
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    code_to = forms.CharField(
        label=gettext_lazy("Mobile number for the code"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("Another way than the link. Without it you read the code out."),
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "tel"}),
    )
    handoff_mode = forms.ChoiceField(label=gettext_lazy("How it is handed over"), required=False)
    checked_by_phone = forms.BooleanField(
        label=gettext_lazy("I have checked the entry by phone"), required=False
    )
    override_reason = words(
        gettext_lazy("Why it is sent all the same"), rows=2, longest=500, required=False
    )
    # Consent that is said now.
    agreed = forms.BooleanField(
        label=gettext_lazy("The notice was read out, and the client agrees to what is ticked"),
        required=False,
    )
    grantor_kind = forms.ChoiceField(
        label=gettext_lazy("Who consents"),
        choices=GrantorKind,
        initial=GrantorKind.CLIENT,
        required=False,
        widget=forms.RadioSelect,
    )
    grantor = words(gettext_lazy("Name of who consents"), rows=1, longest=100, required=False)
    method = forms.ChoiceField(
        label=gettext_lazy("How"),
        choices=ConsentMethod,
        initial=ConsentMethod.ORAL,
        required=False,
        widget=forms.RadioSelect,
    )
    witness_1 = words(gettext_lazy("First witness"), rows=1, longest=100, required=False)
    witness_2 = words(gettext_lazy("Second witness"), rows=1, longest=100, required=False)
    evidence_ref = words(
        gettext_lazy("Where the paper or screenshot is kept"),
        rows=1,
        longest=200,
        required=False,
        help_text=gettext_lazy("Where it was not said by word of mouth."),
    )
    expires_on = day(
        gettext_lazy("In force until"),
        required=False,
        help_text=gettext_lazy("You are reminded 30 days before; withdrawal any time."),
    )
    assent_of_minor = forms.TypedChoiceField(
        label=gettext_lazy("The child agrees"),
        choices=YES_NO,
        coerce=_yes_or_no,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    guardian_told = forms.TypedChoiceField(
        label=gettext_lazy("The guardian was told"),
        choices=YES_NO,
        coerce=_yes_or_no,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    guardian_not_told_reason = words(
        gettext_lazy("Why the guardian was not told"), rows=1, longest=300, required=False
    )

    def __init__(
        self,
        *args: Any,
        need: Need,
        service: Service | None,
        by: User,
        draft: Referral | None = None,
        after: Referral | None = None,
        **kwargs: Any,
    ) -> None:
        self.need, self.service, self.by, self.draft = need, service, by, draft
        self.attempt_no = draft.attempt_no if draft else after.attempt_no + 1 if after else 1
        self.client: Client = need.client
        kwargs.setdefault("initial", {})
        kwargs["initial"] = self._initial() | kwargs["initial"]
        super().__init__(*args, **kwargs)
        self.minor = _minor(self.client)
        self.choose_from("referral_reason", queries.code_choices("referral_reason"))
        self.choose_from("handoff_mode", [("", "—"), *queries.code_choices("handoff_mode")])
        self.choose_from("priority", self._limits())
        if service is None:
            self.choose_from("channel", [row for row in Channel.choices if row[0] != "platform"])
        for name, allowance in self.allowed.items():
            if allowance.rule != PolicyRule.NEVER and name in WRITTEN_FIELD:
                self.fields[f"about_{name}"] = words(
                    _("%(kind)s: what they have to know") % {"kind": name.label},
                    rows=2,
                    required=False,
                )

    # ---- What the page shows ----------------------------------------------------------------
    @property
    def allowed(self) -> Mapping[DataClass, disclosure.Allowance]:
        """Return what this recipient may be given at all."""
        if not hasattr(self, "_allowed"):
            self._allowed = disclosure.recipient_allowances(packet.categories(self.proposal()))
        return self._allowed

    def chosen(self) -> list[str]:
        """Return the classes that are ticked on the page, those never given left out."""
        ticked = self["classes"].value() or ()
        return [
            name.value
            for name, allowance in self.allowed.items()
            if name in ticked and allowance.rule != PolicyRule.NEVER
        ]

    def options(self, covered: Iterable[str]) -> list[dict[str, Any]]:
        """Return the ticks, what policy forbids disabled, what consent covers marked."""
        given, rows = set(covered), []
        ticked = set(self.chosen())
        for name, allowance in self.allowed.items():
            closed = allowance.rule == PolicyRule.NEVER
            why = _("Never given to this kind of recipient.") if closed else WORDS[name].why
            rows.append(
                {
                    "value": name.value,
                    "label": name.label,
                    "why": why,
                    "without": "" if closed else WORDS[name].without,
                    "sensitive": disclosure.is_sensitive(name, under_14=self.minor == "child"),
                    "checked": name.value in ticked,
                    "disabled": closed,
                    "covered": name.value in given,
                }
            )
        return sorted(rows, key=lambda row: (row["disabled"], row["sensitive"]))

    def about(self) -> list[forms.BoundField]:
        """Return the fields for particulars of the classes that are ticked."""
        ticked = self.chosen()
        return [
            self[f"about_{name}"]
            for name in DataClass
            if name in ticked
            if f"about_{name}" in self.fields
        ]

    # ---- What the operations take -----------------------------------------------------------
    def proposal(self) -> Referral:
        """Return the referral as it stands on the page, unsaved, for previews and guards."""
        value = self._value
        made = Referral(
            client=self.need.client,
            sender_org=self.need.client.organization,
            sender=self.by,
            service=self.service,
            recipient_org=self.service.organization if self.service else None,
            category=self.need.category.code,
            referral_reason=value("referral_reason") or "",
            priority=value("priority") or self.need.priority,
            channel=value("channel") or Channel.PLATFORM,
            summary=value("summary") or "",
            override_reason=value("override_reason") or "",
            confirmed=["referable"] if value("checked_by_phone") else [],
            attempt_no=self.attempt_no,
        )
        made.proposed = self.draft.served if self.draft else [self.need]
        return made

    def facts(self) -> dict[str, Any]:
        """Return the facts of the draft."""
        given = self.cleaned_data
        ticked = self.chosen()
        return {
            "referral_reason": given["referral_reason"],
            "summary": given["summary"],
            "priority": given["priority"],
            "channel": given["channel"],
            "classes": ticked,
            "details": {
                name: given.get(f"about_{name}", "") for name in ticked if name in WRITTEN_FIELD
            },
            "must_happen_before": given["must_happen_before"],
            "handoff_mode": given["handoff_mode"],
            "confirmed": ["referable"] if given["checked_by_phone"] else [],
            "override_reason": given["override_reason"],
            "delivery": given["delivery"],
        }

    def said(self) -> Said:
        """Return who consents and how."""
        given = self.cleaned_data
        return Said(
            grantor_kind=given["grantor_kind"] or GrantorKind.CLIENT,
            grantor=given["grantor"],
            method=given["method"] or ConsentMethod.ORAL,
            witnesses=[given["witness_1"], given["witness_2"]],
            evidence_ref=given["evidence_ref"],
            assent_of_minor=given["assent_of_minor"],
            guardian_told=given["guardian_told"],
            guardian_not_told_reason=given["guardian_not_told_reason"],
            categories=packet.categories(self.proposal()),
        )

    def wishes(self, classes: Sequence[str], whom: disclosure.Recipient) -> list[Wish]:
        """Return what the client agrees to give this one recipient, sensitive kinds one by one."""
        young = self.minor == "child"
        return [
            Wish(
                whom.kind,
                whom.uid,
                name,
                separate_consent=disclosure.is_sensitive(name, under_14=young),
            )
            for name in classes
        ]

    def consent_end(self) -> datetime | None:
        """Return the last instant of the consent."""
        until = self.cleaned_data["expires_on"]
        if until is None:
            return None
        end = timezone.make_aware(datetime.combine(until, time(23, 59)))
        return min(end, now() + LONGEST)

    def clean(self) -> dict[str, Any]:
        """Tell where a link goes, and that its code takes another way."""
        data = super().clean() or {}
        data["delivery"] = {}
        if data.get("channel") == Channel.SECURE_LINK:
            link, code = address_of(data.get("link_to", "")), address_of(data.get("code_to", ""))
            if not link:
                self.add_error("link_to", _("Enter an e-mail address or a mobile number."))
            if data.get("code_to") and not code.startswith("sms:"):
                self.add_error("code_to", _("Enter a mobile number."))
            if code and code == link:
                self.add_error("code_to", _("The code must take another way than the link."))
            data["delivery"] = {"link": link, "code": code}
        return data

    # ---- Parts ------------------------------------------------------------------------------
    def _value(self, name: str) -> Any:
        """Return what stands in a field now, before and after it was sent."""
        if self.is_bound:
            return self.data.get(self.add_prefix(name))
        return self.initial.get(name, self.base_fields[name].initial)

    def _initial(self) -> dict[str, Any]:
        if self.draft is not None:
            return _of_draft(self.draft)
        return {
            "priority": self.need.priority,
            **self._way(),
            "classes": [*USUAL, *self._required()],
            "must_happen_before": self.need.deadline,
            "witness_1": self.by.name,
            "expires_on": today() + LONGEST - timedelta(days=1),
        }

    def _way(self) -> dict[str, Any]:
        """Choose the way by which this recipient answers soonest, with the address on file."""
        if self.service is None:
            return {"channel": Channel.PHONE}
        if queries.is_on_platform(self.service.organization):
            return {"channel": Channel.PLATFORM}
        address = self.service.email or self.service.organization.email
        return {"channel": Channel.SECURE_LINK if address else Channel.PHONE, "link_to": address}

    def _required(self) -> list[str]:
        categories = packet.categories(
            Referral(service=self.service, category=self.need.category.code)
        )
        rules = disclosure.recipient_allowances(categories)
        return [name.value for name in rules if rules[name].rule == PolicyRule.REQUIRED]

    def _limits(self) -> list[tuple[str, str]]:
        """Return the levels with the instant by which each asks for a decision."""
        levels = {row["code"]: row["clock_class"] for row in self.need.scheme.data["levels"]}
        organization = self.service.organization if self.service else None
        found = []
        for level in Priority:
            clock_class = levels.get(level.value) or CLOCK_CLASSES.get(level.value)
            if clock_class is None:
                continue
            due = clocks.due(
                Clock.DECIDE,
                clock_class,
                category=self.need.category.code,
                organization=organization,
                start=now(),
            )
            words_of = {"level": level.label, "moment": in_words(due)}
            found.append((level.value, _("%(level)s: answer by %(moment)s") % words_of))
        return found


def _of_draft(draft: Referral) -> dict[str, Any]:
    shown = ("referral_reason", "summary", "priority", "channel", "must_happen_before")
    return {
        **{name: getattr(draft, name) for name in (*shown, "handoff_mode", "override_reason")},
        "classes": draft.data_classes,
        "checked_by_phone": "referable" in draft.confirmed,
        "link_to": draft.delivery.get("link", "").partition(":")[2],
        "code_to": draft.delivery.get("code", "").partition(":")[2],
        "witness_1": draft.sender.name,
        "expires_on": today() + LONGEST - timedelta(days=1),
        **{f"about_{name}": text for name, text in draft.details.items()},
    }


def _minor(client: Client) -> str:
    """Say `child` under 14 and `youth` under 18: the law asks for different words."""
    if disclosure.under_14(client, now()):
        return "child"
    return "youth" if client.born and age_on(client.born, today()) < 18 else ""


class OffPlatformForm(forms.Form):
    """A recipient that is in no list."""

    name = words(gettext_lazy("Organization"), rows=1, longest=200)
    person = words(gettext_lazy("Contact person"), rows=1, longest=80, required=False)
    phone = words(gettext_lazy("Phone"), rows=1, longest=40, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail address"), required=False)
