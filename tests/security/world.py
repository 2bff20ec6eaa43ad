"""Two worlds side by side: whatever an address can name, once in one's own and once in another's.

Each side has a station with its workers, a provider with its partners, a client with a file, and a
referral between them. Every private text of a side holds words that stand nowhere else.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any
from uuid import uuid4

from allauth.usersessions.models import UserSession
from django.test import Client as Browser

from accounts import operations as account_operations
from accounts.models import Membership, Token, User
from accounts.permissions import NETWORK_ROLES, Role
from accounts.queries import system
from core.jobs import now, today
from directory.catalogue.models import ListingRestriction, Program, Source, Taxonomy
from directory.catalogue.states import MatchKind, RestrictionKind
from directory.exchange.models import ImportBatch
from directory.geography.models import CalendarDay
from directory.upkeep.models import ListingProposal, VerificationTask
from referrals.casefiles import operations as casefile_operations
from referrals.casefiles.operations.client import Phone
from tests.factories import accounts, casefiles, catalogue, handoffs, reports
from tests.support.canary import Canary, canary, spellings

# The columns of the table: people without a role, the roles, and a worker's program.
NOBODY = ("anonymous", "no_role")
COLUMNS = (*NOBODY, *Role.values, "token")
RELATIONS = ("own", "foreign")
# Who reads public pages in the name of all.
READ_ALL = {"anonymous", Role.WORKER, Role.PARTNER_INTAKE}
PARTNERS = {Role.PARTNER_INTAKE, Role.PARTNER_EDITOR}


@dataclass
class Side:
    """One side with its people, its things, and the words of its clients."""

    scene: handoffs.Scene
    things: dict[str, Any]
    private: list[Canary] = field(default_factory=list)

    @cached_property
    def _needles(self) -> list[bytes]:
        words = (word for one in self.private for word in (one.han, one.latin))
        return list(dict.fromkeys(form for word in words for form in spellings(word)))

    def told(self, data: bytes) -> bool:
        """Say whether a private word of this side stands in the data, in any spelling."""
        return any(needle in data for needle in self._needles)


def side(name: str) -> Side:
    """Build one side by the ordinary operations."""
    private: list[Canary] = []

    def words(what: str) -> str:
        private.append(canary(f"{name}: {what}"))
        return private[-1].text

    at = handoffs.scene()
    _fill_file(at, words)
    sent = handoffs.referral(at, "sent", summary=words("summary of the referral"))
    things = _listing_things(at) | _file_things(at, words)
    things |= {"referral": sent, "link": handoffs.link(sent), **_outcome_things(at)}
    return Side(at, things, private)


def _fill_file(at: handoffs.Scene, words: Any) -> None:
    casefile_operations.client.change(
        at.client,
        by=at.worker,
        expected_version=at.client.version,
        name=words("name"),
        pseudonym=words("pseudonym"),
        address=words("address"),
        phones=[Phone("13912345678", note=words("note on a phone"))],
    )
    casefile_operations.timeline.note(at.client, by=at.worker, text=words("note"))
    casefile_operations.client.write_fact(
        at.client, by=at.worker, data_class="finance", text=words("income")
    )
    handoffs.join_case(at, at.supervisor)
    at.client.refresh_from_db()


def _listing_things(at: handoffs.Scene) -> dict[str, Any]:
    place = catalogue.place(at.service, catalogue.measured())
    facts = {"due_on": today(), "opened_on": today(), "groups": ["hours"]}
    task = VerificationTask.objects.create(service=at.service, place=place, kind="due", **facts)
    proposal = ListingProposal.objects.create(
        kind="change",
        table="service",
        target_uid=at.service.uid,
        service=at.service,
        organization=at.provider,
        base_version=at.service.version,
        changes={"name": {"was": at.service.name, "now": "新名称"}},
        source="worker",
        author=at.worker,
    )
    return {
        "organization": at.provider,
        "service": at.service,
        "place": place,
        "location": place.location,
        "program": Program.objects.create(organization=at.provider, name="项目"),
        "task": task,
        "proposal": proposal,
        "restriction": ListingRestriction.objects.create(**_restriction(at)),
    }


def _restriction(at: handoffs.Scene) -> dict[str, Any]:
    return {
        "kind": RestrictionKind.values[0],
        "match_kind": MatchKind.values[0],
        "match_value": str(at.provider.uid),
        "reason": "本人要求",
        "requested_by": "负责人",
    }


def _file_things(at: handoffs.Scene, words: Any) -> dict[str, Any]:
    by, client = at.worker, at.client
    case = casefiles.case(client)
    operations = casefile_operations
    guardian = operations.client.add_guardian(
        client, by=by, name=words("guardian"), phone="13700001111", relation="女儿"
    )
    other = casefiles.colleague(client)
    opening = operations.privacy.break_glass(
        client, by=other, reason="self_harm", narrative=words("emergency")
    )
    approval = operations.privacy.approve_access(
        client,
        by=at.supervisor,
        user=casefiles.colleague(client),
        purpose="supervision",
        until=now() + timedelta(days=1),
    )
    transfer = operations.case.offer(
        case, by=by, to_user=casefiles.colleague(client), reason=words("transfer")
    )
    return {
        "client": client,
        "case": case,
        "need": at.need,
        "consent": at.consent,
        "guardian": guardian,
        "emergency": opening,
        "approval": approval,
        "transfer": transfer,
        "assignment": case.assignments.get(user=by),
        "basis": _basis(at, words),
    }


def _basis(at: handoffs.Scene, words: Any) -> Any:
    return casefile_operations.privacy.propose_basis(
        at.client,
        by=at.worker,
        kind="life_safety",
        citation="个人信息保护法第十三条第四项",
        narrative=words("legal basis"),
        recipients=[f"organization:{at.provider.uid}"],
        data_classes=["identity"],
        until=now() + timedelta(days=3),
    )


def _outcome_things(at: handoffs.Scene) -> dict[str, Any]:
    at.need.refresh_from_db()
    another = handoffs.another_need(at)
    return {
        "look": reports.follow_up(at),
        "handout": reports.handout(at),
        "evaluation": reports.evaluation(at, need=another),
        "unmet": reports.unmet(at, another),
        "alert": reports.alert(another, at.service),
    }


# ---- People -----------------------------------------------------------------------------------
def person(column: str, own: Side) -> User | None:
    """Return who acts in a column of the table; partners belong to the provider of their side."""
    at = own.scene
    if column == "anonymous":
        return None
    if column == "no_role":
        left: User = casefiles.colleague(at.client, Role.WORKER)
        Membership.objects.filter(user=left).update(ended_at=now())
        return left
    if column in {Role.WORKER, "token"}:
        return at.worker
    if column == Role.SUPERVISOR:
        return at.supervisor
    where = at.provider if column in PARTNERS else at.station
    return accounts.member(column, None if column in NETWORK_ROLES else where)


class Quick(Browser):
    """A browser that keeps neither templates nor contexts: thousands of pages are asked for."""

    def request(self, **request: Any) -> Any:
        """Send a request."""
        return self.handler(self._base_environ(**request))


def browser(column: str, who: User | None, own: Side) -> Browser:
    """Return what sends this column's requests."""
    if who is None:
        return Quick()
    if column == "token":
        _token, text = account_operations.token.issue(
            by=who, name="program", organization=own.scene.station
        )
        return Quick(headers={"Authorization": f"Token {text}"})
    signed_in = Quick()
    signed_in.force_login(who)
    session = signed_in.session
    # As after the first page: reading the next one writes nothing.
    session["seen_at"] = session["signed_in_at"] = now().timestamp()
    session.save()
    return signed_in


# ---- What an address names --------------------------------------------------------------------
THINGS: dict[str, str] = {
    **dict.fromkeys(
        (
            "catalogue:service", "catalogue:slip", "catalogue:service_api-detail",
            "catalogue:service_api-allowed", "catalogue:service_api-availability",
            "catalogue:service_api-events", "catalogue:service_api-history", "upkeep:report",
            "upkeep:listing_edit", "upkeep:availability", "upkeep:pause", "upkeep:resume",
            "exchange:service",
        ),
        "service",
    ),
    **dict.fromkeys(
        (
            "catalogue:organization", "catalogue:organization_api-detail", "upkeep:intake",
            "exchange:organization",
        ),
        "organization",
    ),
    **dict.fromkeys(
        ("catalogue:location", "catalogue:location_api-detail", "catalogue:location_api-reveal"),
        "location",
    ),
    **dict.fromkeys(
        (
            "catalogue:place_api-detail", "catalogue:place_api-availability",
            "catalogue:place_api-events",
        ),
        "place",
    ),
    "catalogue:program_api-detail": "program",
    "catalogue:taxonomy_api-detail": "taxonomy",
    "catalogue:term_api-detail": "term",
    **dict.fromkeys(
        (
            "catalogue:restriction_act", "catalogue:restriction_api-detail",
            "catalogue:restriction_api-activate", "catalogue:restriction_api-lift",
        ),
        "restriction",
    ),
    **dict.fromkeys(("exchange:import", "exchange:import_report"), "batch"),
    **dict.fromkeys(("upkeep:check", "upkeep:claim"), "task"),
    **dict.fromkeys(("upkeep:proposal", "upkeep:withdraw"), "proposal"),
    **dict.fromkeys(
        (
            "casefiles:need", "casefiles:need_level", "casefiles:need_settle",
            "casefiles:api_need-detail", "casefiles:api_need-settle", "handoffs:find",
        ),
        "need",
    ),
    **dict.fromkeys(
        (
            "casefiles:consent", "casefiles:consent_withdraw", "casefiles:evidence",
            "casefiles:api_consent-detail", "casefiles:api_consent-withdraw",
        ),
        "consent",
    ),
    "casefiles:guardian_end": "guardian",
    "casefiles:basis": "basis",
    "casefiles:case_release": "assignment",
    "casefiles:transfer": "transfer",
    **dict.fromkeys(
        (
            "casefiles:emergency_end", "casefiles:emergency_review",
            "casefiles:api_break_glass-detail",
        ),
        "emergency",
    ),
    **dict.fromkeys(("casefiles:approval_end", "casefiles:api_approval-detail"), "approval"),
    "handoffs:client_help": "client",
    "reports:follow_up": "look",
    "reports:api-follow-up-detail": "look",
    "reports:api-resource-link-detail": "handout",
    "reports:api-evaluation-detail": "evaluation",
    "reports:api-unmet-detail": "unmet",
    "reports:api-unmet-seen": "unmet",
    "reports:seen": "alert",
    **dict.fromkeys(("accounts:user", "accounts:user_act"), "worker"),
    "accounts:role_end": "membership",
    "accounts:token-detail": "token",
    "accounts:session-detail": "session",
    "geography:holiday_remove": "holiday",
}  # fmt: skip
# Addresses under one of these beginnings name the same kind of thing.
BEGINNINGS = {
    "clients/<uuid:uid>/": "client",
    "api/v1/clients/<uuid:uid>": "client",
    "cases/<uuid:uid>/": "case",
    "api/v1/cases/<uuid:uid>": "case",
    "referrals/<uuid:uid>/": "referral",
    "api/v1/referrals/<uuid:uid>": "referral",
    "api/v1/needs/<uuid:uid>": "need",
    "api/v1/links/<uuid:uid>": "link",
}
# The other parts of addresses: one value that exists.
PARTS: dict[str, dict[str, Any]] = {
    "accounts:user_act": {"act": "disable"},
    "accounts:invitation_enter": {"token": "x" * 43},
    "geography:provider": {"kind": "amap"},
    "catalogue:restriction_act": {"act": "activate"},
    "upkeep:confirm_enter": {"token": "x" * 43},
    "exchange:profile_schema": {"table": "service"},
    "handoffs:step": {"event": "accept"},
    "handoffs:answer_step": {"event": "accept"},
    "handoffs:answer_enter": {"token": "x" * 43},
    "handoffs:status_enter": {"token": "x" * 43},
    "reports:work_list": {"name": "awaiting"},
    "reports:board_list": {"name": "unanswered"},
}


def thing(route: str, path: str) -> str:
    """Return what an address names, or nothing where it names no row."""
    if route in THINGS:
        return THINGS[route]
    return next((what for begin, what in BEGINNINGS.items() if path.startswith(begin)), "")


def shared() -> dict[str, Any]:
    """Return rows that belong to the whole network."""
    taxonomy = Taxonomy.objects.get(code="shegong-cn")
    holiday = CalendarDay.objects.first()
    source, _new = Source.objects.get_or_create(code="test", defaults={"name": "test"})
    batch = ImportBatch.objects.create(source=source, by=system(), file_name="list.csv")
    return {
        "taxonomy": taxonomy,
        "term": catalogue.term("EL04"),
        "holiday": holiday,
        "batch": batch,
    }


# What only the client's own organization, and whoever it asks for help, may know of.
ABOUT_CLIENTS = {
    "client", "case", "need", "consent", "guardian", "emergency", "approval", "transfer",
    "assignment", "basis", "referral", "link", "look", "handout", "evaluation", "unmet", "alert",
}  # fmt: skip


def account_things(who: User | None, sides: dict[str, Side]) -> dict[str, dict[str, Any]]:
    """Return people, roles, keys and sessions, the reader's own and somebody else's."""
    people = {"own": who or accounts.user(), "foreign": sides["foreign"].scene.worker}
    found = {}
    for relation, person_ in people.items():
        at = sides[relation].scene
        held = person_.memberships.first() or at.worker.memberships.first()
        found[relation] = {
            "worker": at.worker if relation == "foreign" or who is None else who,
            "membership": held,
            "token": _token(person_),
            "session": _session(person_),
        }
    return found


def _token(of: User) -> Any:
    return Token.objects.create(
        user=of, name="key", digest=str(uuid4()), token_key="k", expiry=now() + timedelta(days=1)
    )


def _session(of: User) -> Any:
    return UserSession.objects.create(
        user=of,
        ip="127.0.0.1",
        last_seen_at=now(),
        session_key=uuid4().hex,
        user_agent="",
    )


def address_of(row: Any, path: str) -> dict[str, Any]:
    """Return the part of an address that names a row."""
    return {"pk": row.pk} if "<int:pk>" in path else {"uid": row.uid}
