"""May a recipient have a class of data: the one question that every provision asks."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TypeAlias

from django.utils import timezone

from directory.catalogue.models import Organization, Service, TaxonomyTerm
from directory.catalogue.states import LinkType
from referrals.casefiles.disclosure.classes import (
    CLASSES,
    PRESETS,
    WRITTEN_FIELD,
    class_of_code,
    harmless,
    is_restricted,
    is_sensitive,
    makes_restricted,
)
from referrals.casefiles.disclosure.decide import Decision as AnyDecision
from referrals.casefiles.disclosure.decide import Question, Recipient, Refusal, decide
from referrals.casefiles.disclosure.notice import missing_parts
from referrals.casefiles.disclosure.policies import Allowance, allowances
from referrals.casefiles.models import Client, Consent, ConsentScope, LegalBasis, RecipientPolicy
from referrals.casefiles.states import DataClass, RecipientKind, age_on
from referrals.casefiles.states import PolicyRule as Rule

__all__ = [
    "CLASSES",
    "PRESETS",
    "WRITTEN_FIELD",
    "Allowance",
    "Decision",
    "Ground",
    "Recipient",
    "Refusal",
    "Rule",
    "by_ground",
    "class_of_code",
    "decisions",
    "ground_name",
    "harmless",
    "is_restricted",
    "is_sensitive",
    "makes_restricted",
    "missing_parts",
    "permitted",
    "recipient_allowances",
    "recipient_of",
    "under_14",
]

Ground: TypeAlias = ConsentScope | LegalBasis
Decision: TypeAlias = AnyDecision[Ground]
Whom: TypeAlias = Recipient | Service | Organization


def permitted(
    client: Client, recipient: Whom, purpose: str, data_class: str, at: datetime
) -> Decision:
    """Say whether the recipient may have this class for this purpose now, and on which ground."""
    return decisions(client, recipient, purpose, [data_class], at)[DataClass(data_class)]


def decisions(
    client: Client, recipient: Whom, purpose: str, classes: Iterable[str], at: datetime
) -> dict[DataClass, Decision]:
    """Answer for several classes at once: a packet needs every one of them."""
    whom = recipient_of(recipient)
    scopes = [scope for consent in _consents(client, at) for scope in consent.scopes.all()]
    bases = list(client.legal_bases.in_force(at).order_by("pk"))
    young = under_14(client, at)
    return {
        DataClass(name): decide(Question(whom, purpose, name, at, young), scopes, bases)
        for name in classes
    }


def by_ground(answers: Mapping[DataClass, Decision]) -> list[tuple[Ground, list[DataClass]]]:
    """Group what is permitted by its ground, as grants are made: one per consent or legal basis."""
    grounds: dict[tuple[str, int], tuple[Ground, list[DataClass]]] = {}
    for data_class, answer in answers.items():
        ground = answer.basis
        if ground is None:
            continue
        key = (
            ("consent", ground.consent_id)
            if isinstance(ground, ConsentScope)
            else ("legal", ground.pk)
        )
        grounds.setdefault(key, (ground, []))[1].append(data_class)
    return list(grounds.values())


def ground_name(ground: Ground) -> str:
    """Return how a ground is called in the log and in answers to programs."""
    if isinstance(ground, LegalBasis):
        return f"legal:{ground.uid}"
    return f"consent:{ground.consent.uid}"


def recipient_of(whom: Whom) -> Recipient:
    """Return a recipient with what contains it: service, organization, its categories, anybody."""
    if isinstance(whom, Recipient):
        return whom
    if isinstance(whom, Organization):
        offered = TaxonomyTerm.objects.filter(
            attributes__service__organization=whom, attributes__link_type=LinkType.SERVICE_TYPE
        )
        return Recipient(RecipientKind.ORGANIZATION, str(whom.uid), _categories(offered))
    offered = TaxonomyTerm.objects.filter(
        attributes__service=whom, attributes__link_type=LinkType.SERVICE_TYPE
    )
    provider = (RecipientKind.ORGANIZATION, str(whom.organization.uid))
    return Recipient(
        RecipientKind.SERVICE, str(whom.uid), frozenset({provider}) | _categories(offered)
    )


def recipient_allowances(categories: Iterable[str]) -> Mapping[DataClass, Allowance]:
    """Return what providers of these categories may be given, class by class (C3)."""
    return allowances(categories, RecipientPolicy.objects.all())


def under_14(client: Client, at: datetime) -> bool:
    """Say whether the client is under 14, by the date of birth and never by the age band."""
    if client.born is None:
        return "under14" in client.populations
    return age_on(client.born, timezone.localdate(at)) < 14


def _consents(client: Client, at: datetime) -> Iterable[Consent]:
    rows: Iterable[Consent] = client.consents.in_force(at).prefetch_related("scopes")
    return rows


def _categories(terms: "Iterable[TaxonomyTerm]") -> frozenset[tuple[RecipientKind, str]]:
    codes = {term.code for term in terms if term.code}
    # LE02 lies in LE: two letters are the category, the digits its leaf.
    return frozenset((RecipientKind.CATEGORY, part) for code in codes for part in (code, code[:2]))
