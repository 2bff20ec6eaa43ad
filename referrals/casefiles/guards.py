"""What must hold before a consent is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.core.files.base import File
from django.utils import timezone
from django.utils.translation import gettext as _

from referrals.casefiles import disclosure
from referrals.casefiles.disclosure.decide import NAMED
from referrals.casefiles.errors import ClassNotAllowed, FactsMissing, InvalidFacts
from referrals.casefiles.models import CaseRules, Client
from referrals.casefiles.states import (
    ANY,
    ConsentMethod,
    DataClass,
    GrantorKind,
    PolicyRule,
    RecipientKind,
    ScopeDecision,
    age_on,
)


@dataclass(frozen=True)
class Wish:
    """One scope as it was said: to whom, which class, yes or no, with a tick of its own."""

    recipient_kind: str
    recipient_uid: str
    data_class: str
    decision: str = ScopeDecision.PERMIT
    separate_consent: bool = False


@dataclass(frozen=True)
class Said:
    """Who said it, and how that can be shown later."""

    grantor_kind: str = GrantorKind.CLIENT
    grantor: str = ""
    method: str = ConsentMethod.ORAL
    witnesses: Sequence[str] = ()
    evidence: File[bytes] | None = None
    evidence_type: str = ""
    evidence_ref: str = ""
    assent_of_minor: bool | None = None
    guardian_told: bool | None = None
    guardian_not_told_reason: str = ""
    # Categories of the recipient's services: what they may never be given cannot be ticked.
    categories: Sequence[str] = field(default_factory=tuple)

    @property
    def names(self) -> list[str]:
        """Return the witnesses without blanks."""
        return [name.strip() for name in self.witnesses if name.strip()]


def check_said(said: Said) -> None:
    """Ask for what can be shown later: who it was, witnesses, a paper."""
    if said.grantor_kind != GrantorKind.CLIENT and not said.grantor.strip():
        raise FactsMissing.of("grantor")
    names = said.names
    if said.method == ConsentMethod.ORAL:
        if len(set(names)) < 2:
            raise FactsMissing(
                _("An oral consent needs two witnesses; one may be you."),
                errors=[{"field": "witnesses", "code": "required"}],
            )
    elif said.evidence is None and not said.evidence_ref.strip():
        raise FactsMissing(
            _("Attach the signed page, or say where it is kept."),
            errors=[{"field": "evidence_ref", "code": "required"}],
        )


def check_age(client: Client, said: Said, at: datetime) -> None:
    """Under 14 the guardian consents and the child agrees; from 14 to 17 the minor does (C5)."""
    age = age_on(client.born, timezone.localdate(at)) if client.born else None
    young = disclosure.under_14(client, at)
    if said.grantor_kind == GrantorKind.GUARDIAN and _all_suspected(client):
        raise InvalidFacts.of(
            "grantor_kind", _("The guardian is suspected of harm: use a legal basis instead.")
        )
    if young:
        if said.grantor_kind not in {GrantorKind.GUARDIAN, GrantorKind.STATUTORY}:
            raise InvalidFacts.of("grantor_kind", _("Under 14 the guardian consents."))
        if said.assent_of_minor is None:
            raise FactsMissing.of("assent_of_minor")
    elif age is not None and age < 18:
        if CaseRules.of(client.organization).minors_need_guardian:
            if said.grantor_kind != GrantorKind.GUARDIAN or not said.assent_of_minor:
                raise InvalidFacts.of(
                    "grantor_kind", _("Here guardian and minor both consent until 18.")
                )
        elif not said.guardian_told and not said.guardian_not_told_reason.strip():
            raise FactsMissing.of("guardian_told")


def _all_suspected(client: Client) -> bool:
    guardians = list(client.guardians.filter(until__isnull=True))
    return bool(guardians) and all(guardian.suspected_harmer for guardian in guardians)


def check_wishes(client: Client, wishes: Sequence[Wish], said: Said, at: datetime) -> None:
    """Refuse a scope that could never permit, and what policy forbids (C2, C3)."""
    young = disclosure.under_14(client, at)
    allowed = disclosure.recipient_allowances(said.categories) if said.categories else {}
    for wish in wishes:
        if wish.recipient_kind not in RecipientKind.values:
            raise InvalidFacts.of("recipient", _("Choose who may have the data."))
        if wish.decision == ScopeDecision.DENY or wish.data_class == ANY:
            continue
        if wish.data_class not in DataClass.values:
            raise InvalidFacts.of("classes", _("Choose kinds of data from the list."))
        rule = allowed.get(DataClass(wish.data_class))
        if rule is not None and rule.rule == PolicyRule.NEVER:
            raise ClassNotAllowed(
                _("This recipient may never be given: %(class)s")
                % {"class": DataClass(wish.data_class).label}
            )
        own_tick = disclosure.is_sensitive(wish.data_class, under_14=young)
        if own_tick and not wish.separate_consent:
            raise InvalidFacts.of("classes", _("Sensitive data need a tick of their own."))
        if disclosure.is_restricted(wish.data_class) and wish.recipient_kind not in NAMED:
            raise InvalidFacts.of("recipient", _("Restricted data go to a named recipient only."))
