"""One file: its case, what a stage or the closing still asks for, who saw it, notices."""

from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.jobs import today
from directory.catalogue.models import Code, Organization
from directory.geography import queries as geography
from referrals.casefiles.models import (
    CaseFile,
    Client,
    HouseholdMember,
    Need,
    PriorityScheme,
)
from referrals.casefiles.priority import Scheme, assess
from referrals.casefiles.queries import words
from referrals.casefiles.queries.packets import facts, in_words
from referrals.casefiles.states import (
    STAGES,
    ConsentStatus,
    Stage,
    age_on,
)

__all__ = ["facts", "in_words"]

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


def basics(client: Client) -> dict[str, Any]:
    """Return what the first tab shows beside the columns of the file."""
    return {
        "phones": list(client.phones.all()),
        "languages": words.worded(client.languages, "language"),
        "populations": words.worded(client.populations, "population"),
        "safety": getattr(client, "contact_safety", None),
        "ways": words.worded(_ways(client), "contact_method"),
        "guardians": list(client.guardians.filter(until__isnull=True)),
        "supporters": list(client.supporters.all()),
        "facts": list(client.facts.all()),
        "home": _home(client),
        "age": age_on(client.born, today()) if client.born else None,
        "area": geography.label(client.area) if client.area else "",
        "registration": (
            geography.label(client.household_registration_area)
            if client.household_registration_area
            else ""
        ),
    }


def _ways(client: Client) -> list[str]:
    safety = getattr(client, "contact_safety", None)
    return list(safety.channels) if safety else []


def _home(client: Client) -> "list[HouseholdMember]":
    """Return who lives in the same household now."""
    stay = client.households.filter(until__isnull=True).first()
    if stay is None:
        return []
    members = stay.household.members.filter(until__isnull=True)
    return list(members.select_related("person").order_by("since", "pk"))


def in_client_order(client: Client) -> list[Need]:
    """Return the active needs as the client orders them; those without a place come last."""
    rows = client.needs.active().select_related("category")
    return list(rows.order_by(F("client_rank").asc(nulls_last=True), "priority", "pk"))


def ranked(client: Client) -> list[Need]:
    """Return the needs that have a place in the client's own order."""
    return [need for need in in_client_order(client) if need.client_rank is not None]


class Reason(NamedTuple):
    """One part of a score in words."""

    label: str | Promise
    points: int


PARTS: dict[str, str | Promise] = {
    "urgency_impact": _("urgency times how many are affected"),
    "has_dependents": _("children or elders depend on the client"),
    "deadline_near": _("the deadline is seven days away or less"),
    "no_informal_support": _("nobody helps privately"),
    "ranked_first": _("the client wants it solved first"),
}


def reasons(need: Need) -> dict[str, Any]:
    """Return how the computed level came about."""
    scheme = Scheme.from_data(need.scheme.data)
    result = assess(need.graded_by, scheme, on=today())
    return {
        "parts": [Reason(PARTS[part.name], part.points) for part in result.parts],
        "score": result.score,
        "lifted": result.raised_by_floor,
        "level": result.level,
    }


def stages(case: CaseFile) -> list[dict[str, Any]]:
    """Return the six stages with where the case stands."""
    at = STAGES.index(Stage(case.stage))
    return [
        {"label": stage.label, "done": place < at, "current": place == at}
        for place, stage in enumerate(STAGES)
    ]


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
