"""Consents and the register of provisions in words: what was said, who received, who read."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.jobs import now
from referrals.casefiles.disclosure import CLASSES
from referrals.casefiles.models import (
    AccessApproval,
    BreakGlass,
    Client,
    Consent,
    DisclosureEvent,
    DisclosureGrant,
    LegalBasis,
)
from referrals.casefiles.queries import notices
from referrals.casefiles.states import (
    ANY,
    LONGEST_CONSENT,
    ConsentStatus,
    DataClass,
    ScopeDecision,
)

AFTER_REVIEW = timedelta(days=90)


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


def default_end(client: Client, at: datetime) -> datetime:
    """Return when a consent ends by itself: ninety days after the case's review, a year at most."""
    case = client.cases.open().filter(next_review_on__isnull=False).first()
    if case is None:
        return at + LONGEST_CONSENT
    days = (case.next_review_on - timezone.localdate(at)).days
    return min(at + LONGEST_CONSENT, at + timedelta(days=max(0, days)) + AFTER_REVIEW)


class Scope(NamedTuple):
    """What a consent says about one recipient, in words."""

    recipient: str
    permitted: list[str | Promise]
    denied: list[str | Promise]


def scopes(consent: Consent) -> list[Scope]:
    """Return a consent's scopes by recipient."""
    found: dict[str, Scope] = {}
    for row in consent.scopes.all():
        name = notices.recipient_words(row)
        scope = found.setdefault(name, Scope(name, [], []))
        said = scope.permitted if row.decision == ScopeDecision.PERMIT else scope.denied
        said.append(class_label(row.data_class))
    return list(found.values())


def class_label(name: str) -> str | Promise:
    """Name a data class, or all that are not sensitive."""
    return _("everything that is not sensitive") if name == ANY else DataClass(name).label


def consents(client: Client) -> list[tuple[Consent, list[Scope]]]:
    """Return all consents, those in force first, with what they say."""
    rows = client.consents.select_related("text", "recorded_by").prefetch_related("scopes")
    ordered = sorted(rows, key=lambda row: (row.status != ConsentStatus.ACTIVE, -row.pk))
    return [(row, scopes(row)) for row in ordered]


def resting_on(consent: Consent) -> int:
    """Count the provisions that stop when this consent is withdrawn."""
    rows = consent.client.grants.open(now()).filter(scope__consent=consent)
    return int(rows.count())


def legal_bases(client: Client) -> list[tuple[LegalBasis, list[str]]]:
    """Return the legal bases with whom they name."""
    rows = client.legal_bases.select_related("author", "approver")
    return [(row, basis_recipients(row)) for row in rows]


def basis_recipients(basis: LegalBasis) -> list[str]:
    """Name the recipients of a legal basis."""
    pairs = [recipient.partition(":") for recipient in basis.recipients]
    return [notices.name_of(kind, uid) for kind, _colon, uid in pairs]


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


class Seen(NamedTuple):
    """One reading as the client is told of it."""

    at: datetime
    who: str
    why: str | Promise
    fields: list[str | Promise]
    basis: str | Promise


def seen_by(client: Client, by: User) -> list[Seen]:
    """Return who has read what, in words for the client (C10)."""
    return [
        Seen(
            at=event.at,
            who=_reader(event),
            why=event.grant.get_context_kind_display(),
            fields=_field_labels(event),
            basis=_ground_words(event.grant),
        )
        for event in readings(client, by)
    ]


def given_to(client: Client, by: User) -> list[dict[str, Any]]:
    """Return to whom data were opened, for how long, and whether they were taken back."""
    return [
        {
            "who": grant.recipient_org.text("name")[0] if grant.recipient_org else _("by link"),
            "classes": [DataClass(name).label for name in grant.data_classes],
            "basis": _ground_words(grant),
            "tier": grant.get_tier_display(),
            "since": grant.since,
            "ended": grant.revoked_at or grant.until,
            "asked": grant.deletion_asked_at,
            "confirmed": grant.deletion_confirmed_at,
        }
        for grant in grants(client, by)
    ]


def openings(user: User, *, judged: bool) -> "list[BreakGlass]":
    """Return emergency accesses that the user watches over."""
    rows = BreakGlass.objects.visible_to(user).exclude(user=user)
    rows = rows.select_related("user", "client__organization", "reviewed_by")
    if judged:
        return list(rows.filter(reviewed_at__isnull=False)[:50])
    return list(rows.unreviewed())


def approvals(user: User) -> "list[AccessApproval]":
    """Return approvals that run, where the user watches."""
    rows = AccessApproval.objects.visible_to(user).running(now())
    return list(rows.select_related("user", "client", "approved_by"))


def _reader(event: DisclosureEvent) -> str:
    organization = event.grant.recipient_org
    return str(organization.text("name")[0] if organization else _("a recipient without account"))


def _field_labels(event: DisclosureEvent) -> list[str | Promise]:
    labels = {name: label for traits in CLASSES.values() for name, label in traits.fields.items()}
    return [labels.get(name, name) for name in event.fields]


def _ground_words(grant: DisclosureGrant) -> str | Promise:
    if grant.legal_basis is not None:
        return grant.legal_basis.get_kind_display()
    consent = grant.basis.consent  # type: ignore[union-attr]  # the other ground is excluded above
    return _("consent of %(date)s") % {"date": f"{consent.given_at:%Y-%m-%d}"}
