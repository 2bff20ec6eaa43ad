"""One file: its case, what a stage or the closing still asks for, who saw it, notices."""

from datetime import datetime
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.jobs import now
from directory.catalogue.models import Code, Organization
from referrals.casefiles.models import (
    CaseFile,
    Client,
    Consent,
    DisclosureEvent,
    DisclosureGrant,
    Need,
    PriorityScheme,
    TimelineEntry,
)
from referrals.casefiles.queries.packets import facts, in_words
from referrals.casefiles.states import ConsentStatus, Stage

__all__ = [
    "BLOCKERS",
    "ConsentState",
    "consent_state",
    "facts",
    "grants",
    "in_words",
    "main_case",
    "missing_for_stage",
    "needs",
    "own_blockers",
    "readings",
    "scheme_of",
    "stream",
]

# What stands in the way of closing; upper applications add their own codes of this list.
BLOCKERS: dict[str, str | Promise] = {
    "need_open": _("A need is still open and has no day on which it is looked at again."),
    "referral_open": _("A referral is still open."),
    "follow_up_open": _("A follow-up is still to be done."),
    "conference_open": _("The case is on the agenda of a conference."),
}


def scheme_of(organization: Organization, at: datetime) -> PriorityScheme:
    """Return the priority scheme in force: the organization's own, else the network's."""
    published = PriorityScheme.objects.filter(effective_from__lte=at)
    own = published.filter(organization=organization).last()
    return own or published.filter(organization__isnull=True).latest("number")


def main_case(client: Client) -> CaseFile | None:
    """Return the open case, else the one that was open last."""
    cases = client.cases.select_related("responsible").order_by("closed_on", "-opened_on")
    found: CaseFile | None = cases.filter(state="open").first() or client.cases.first()
    return found


def needs(client: Client) -> list[Need]:
    """Return all needs, the urgent first, those that have ended last."""
    rows = client.needs.select_related("category", "scheme", "area").urgent_first()
    return sorted(rows, key=lambda need: not need.is_active)


def stream(client: Client, kind: str = "") -> "list[TimelineEntry]":
    """Return what happened, newest first; `kind` is the part of the code before the dot."""
    rows = client.timeline.select_related("actor", "organization")
    return rows.filter(kind__startswith=kind) if kind else rows  # type: ignore[no-any-return]


class ConsentState(NamedTuple):
    """The one word about consent in the identity bar, and until when."""

    status: str
    until: datetime | None


def consent_state(client: Client) -> ConsentState:
    """Say whether consent is in force, else what was said last."""
    current: Consent | None = client.consents.in_force(now()).order_by("-expires_at").first()
    if current is not None:
        return ConsentState(ConsentStatus.ACTIVE, current.expires_at)
    last: Consent | None = client.consents.first()
    return ConsentState(last.status if last else ConsentStatus.PENDING, None)


def missing_for_stage(case: CaseFile) -> list[tuple[str, str | Promise]]:
    """Return what a stage still asks for before the case goes on."""
    missing: list[tuple[str, str | Promise]] = []
    if case.stage == Stage.INTAKE:
        safety = getattr(case.client, "contact_safety", None)
        if safety is None or safety.answered_at is None:
            missing.append(("contact_safety", _("Ask how the client may be reached safely.")))
        limits = set(Code.objects.of("confidentiality_exception").values_list("code", flat=True))
        if not limits <= set(case.secrecy_told):
            missing.append(("secrecy_limits", _("Explain the limits of secrecy.")))
        if not case.client.consents.exclude(status=ConsentStatus.PENDING).exists():
            missing.append(("consent_asked", _("Ask for consent; a refusal is an answer too.")))
    if case.stage == Stage.ASSESSMENT and not case.client.needs.exists():
        missing.append(("need", _("Record at least one need.")))
    return missing


def own_blockers(case: CaseFile) -> list[str]:
    """Return what in the file itself keeps the case open."""
    open_needs = case.client.needs.active().filter(review_on__isnull=True)
    return ["need_open"] if open_needs.exists() else []


def grants(client: Client, by: User) -> "list[DisclosureGrant]":
    """Return the register of provisions of a client, newest first."""
    rows = DisclosureGrant.objects.visible_to(by).filter(client=client)
    return list(
        rows.select_related(
            "recipient_org", "scope__consent", "legal_basis", "deletion_confirmed_by"
        )
    )


def readings(client: Client, by: User) -> "list[DisclosureEvent]":
    """Return who has read what, newest first: the page the client is shown (C10)."""
    rows = DisclosureEvent.objects.visible_to(by).filter(grant__client=client)
    return list(
        rows.select_related(
            "grant__recipient_org", "grant__scope__consent", "grant__legal_basis", "viewer"
        )
    )
