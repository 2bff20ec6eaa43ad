"""What holds for one listing: its policy, its critical facts, whom to ask, how doubtful it is."""

from typing import NamedTuple

from django.db.models import Q

from core import jobs
from core.crypto import blind_index
from directory.catalogue import queries as catalogue
from directory.catalogue.models import Contact, Service, ServiceAtLocation
from directory.catalogue.states import PlaceState
from directory.geography.models import Area
from directory.upkeep.models import (
    Verification,
    VerificationPolicy,
    VerificationRequest,
)
from directory.upkeep.queries.evidence import LOOK_BACK, Evidence
from directory.upkeep.states import Method, RequestState, Stage

# A provider's own word; after some of these in a row a person must look.
SELF = frozenset({Method.EMAIL, Method.PARTNER_UPDATE})


class Address(NamedTuple):
    """Where a question can go; `contact` is None for a mailbox of the organization."""

    address: str
    contact: Contact | None

    @property
    def hash(self) -> str:
        """Return how the address is recognized without being kept a second time."""
        return blind_index("upkeep.address", self.address.lower())


def policy(service: Service) -> VerificationPolicy:
    """Return the policy with the lowest order that matches the service."""
    return Evidence([service]).policy(service)


def active_places(service: Service) -> list[ServiceAtLocation]:
    """Return the places where the service is offered now, oldest first."""
    return list(
        service.places.filter(state=PlaceState.ACTIVE, deleted_at__isnull=True).order_by("pk")
    )


def applicable_groups(service: Service, place: ServiceAtLocation | None) -> set[str]:
    """Return the groups that a check of this listing asks about."""
    return Evidence([service]).applicable(service, place)


def is_verified(service: Service, place: ServiceAtLocation | None) -> bool:
    """Say whether every critical fact of a listing is confirmed."""
    evidence = Evidence([service])
    return evidence.verified(service, place, evidence.policy(service)) is not None


def area(service: Service, place: ServiceAtLocation | None) -> Area | None:
    """Return the area under which a check is listed."""
    places = [place] if place else active_places(service)
    return next((one.location.area for one in places if one.location.area_id), None)


def addresses(service: Service) -> list[Address]:
    """Return whom to write to, in order: verification contacts, then the mailboxes on file.

    Left out is who asked not to be written to, and for half a year what was returned or refused.
    """
    contacts = Contact.objects.filter(
        Q(service=service)
        | Q(service_at_location__service=service)
        | Q(organization_id=service.organization_id)
    ).exclude(email="")
    ordered = sorted(contacts, key=lambda one: (not one.is_verification_contact, one.pk))
    found = [Address(one.email, one) for one in ordered if one.is_verification_contact]
    found += [Address(box, None) for box in (service.email, service.organization.email) if box]
    unique = {one.address.lower(): one for one in reversed(found)}
    watched = bool(unique) and catalogue.bars_anybody()
    if not unique or (watched and "email" in barred(service)):
        return []
    refused = VerificationRequest.objects.filter(
        organization=service.organization_id,
        state__in=[RequestState.BOUNCED, RequestState.REVOKED],
        created_at__gte=jobs.now() - LOOK_BACK,
    )
    silent = set(refused.values_list("address_hash", flat=True))
    return [
        one
        for one in found
        if unique[one.address.lower()] is one
        and one.hash not in silent
        and not (watched and _is_barred(one))
    ]


def _is_barred(one: Address) -> bool:
    found = catalogue.barred_channels(catalogue.Subject(emails=frozenset({one.address})))
    return bool(found & {"email", "*"})


def barred(service: Service) -> set[str]:
    """Return the ways in which a provider must not be contacted: email, phone, visit."""
    if not catalogue.bars_anybody():
        return set()
    found = catalogue.barred_channels(catalogue.subject_of(service.organization, service))
    return found | {"email", "sms", "phone"} if "*" in found else found


def doubt_level(service: Service, place: ServiceAtLocation | None) -> int:
    """Return 0, 1 or 2 by the open weight of the doubts about a listing."""
    return Evidence([service]).doubt_level(service, place)


def first_stage(
    service: Service, place: ServiceAtLocation | None, rule: VerificationPolicy
) -> Stage:
    """Say where a regular check begins: providers do not vouch for themselves for ever."""
    methods = list(
        Verification.objects.filter(service=service, place=place)
        .order_by("-at")
        .values_list("method", flat=True)[:50]
    )
    since_visit = methods.index(Method.VISIT) if Method.VISIT in methods else len(methods)
    if rule.visit_every and since_visit + 1 >= rule.visit_every and place is not None:
        return Stage.VISIT
    in_a_row = next((n for n, method in enumerate(methods) if method not in SELF), len(methods))
    return Stage.PHONE if in_a_row >= rule.max_self else Stage.ASK
