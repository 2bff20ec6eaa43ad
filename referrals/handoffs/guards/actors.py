"""Whose step it is: the role follows from memberships, case and link, never from the caller."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from accounts.permissions import Permission
from core.safeguards import safeguard
from referrals.casefiles.models import CaseAssignment, Client
from referrals.casefiles.states import AssignmentRole
from referrals.handoffs.errors import WrongActor
from referrals.handoffs.models import AccessLink, Referral
from referrals.handoffs.states import Actor, Channel, Event, LinkKind

DISPUTES_OF_THE_SENDER = 2


@dataclass(frozen=True)
class Reported:
    """What somebody said who did not press the button: who, by which channel, when."""

    reported_by: str
    channel: str
    reported_at: datetime | None = None


def hats(
    referral: Referral,
    *,
    by: User,
    link: AccessLink | None = None,
    team_of: Container[int] | None = None,
) -> frozenset[Actor]:
    """Return every role in which this person stands to the referral.

    A list says of whose teams the person is (`on_the_cases`), instead of asking for each row.
    """
    if link is not None:
        return _of_link(referral, link)
    if by.is_system:
        return frozenset({Actor.SYS})
    found = set()
    if by.may(Permission.REFERRAL_SEND, referral.sender_org_id) and (
        is_on_the_case(referral.client, by) if team_of is None else referral.client_id in team_of
    ):
        found.add(Actor.SND)
    if by.may(Permission.REFERRAL_APPROVE, referral.sender_org_id):
        found.add(Actor.SUP)
    # Before it is sent there is no recipient; outside the directory nobody answers by account.
    if (
        referral.sent_at
        and referral.recipient_org_id
        and by.may(Permission.REFERRAL_ANSWER, referral.recipient_org_id)
    ):
        found.add(Actor.RCV)
    if by.may(Permission.REFERRAL_COORDINATE):
        found.add(Actor.CRD)
    return frozenset(found)


def proxies(referral: Referral, own: frozenset[Actor]) -> frozenset[Actor]:
    """Return for whom these roles may record what was said elsewhere."""
    found = set()
    if Actor.CRD in own or (Actor.SND in own and referral.channel != Channel.PLATFORM):
        found.add(Actor.PRX)
    if Actor.SND in own:
        found.add(Actor.CLI)
    return frozenset(found)


def actor(
    referral: Referral,
    actors: tuple[Actor, ...],
    event: str,
    *,
    by: User,
    link: AccessLink | None = None,
    reported: Reported | None = None,
) -> Actor:
    """Name the role in which this person takes the step; none that fits is refused."""
    own = hats(referral, by=by, link=link)
    worn = own if reported is None else proxies(referral, own)
    for role in actors:
        if role in worn and not _barred(referral, role, event, by):
            return role
    raise WrongActor


def _barred(referral: Referral, role: Actor, event: str, by: User) -> bool:
    """Say what the table cannot: the few steps that a role may take only sometimes."""
    if event == Event.APPROVE:
        return referral.submitted_by_id == by.pk
    if event == Event.SEND:
        # There is no sequence of providers that the scheduler could go on with.
        return role == Actor.SYS
    if event == Event.DISPUTE and role == Actor.SND:
        return bool(referral.events.filter(event=event).count() >= DISPUTES_OF_THE_SENDER)
    return False


def _of_link(referral: Referral, link: AccessLink) -> frozenset[Actor]:
    if link.referral_id != referral.pk and safeguard("link_binding"):
        return frozenset()
    return frozenset({Actor.CLI if link.kind == LinkKind.CLIENT else Actor.LNK})


def is_on_the_case(client: Client, user: User) -> bool:
    """Say whether the user belongs to the team of one of the client's cases now."""
    return client.pk in on_the_cases([client.pk], user)


def on_the_cases(clients: Iterable[int], user: User) -> frozenset[int]:
    """Return the clients on whose team the user is now."""
    mine = (
        CaseAssignment.objects.visible_to(user)
        .current()
        .filter(case__client__in=clients, user=user)
    )
    working = mine.exclude(role=AssignmentRole.FORMER)
    return frozenset(working.values_list("case__client", flat=True))
