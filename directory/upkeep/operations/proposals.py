"""Decide what of a proposed change goes live at once and what a moderator looks at."""

import re
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.operations import audited
from accounts.permissions import Permission
from accounts.queries import system
from core import jobs
from core.errors import Conflict, DomainError
from directory.catalogue.models import Location, Organization, Service
from directory.catalogue.models.paths import parse, read
from directory.catalogue.models.shapes import ROOTS, table_of
from directory.catalogue.operations import listing
from directory.catalogue.signals import Outcome
from directory.catalogue.states import Reason, group_of
from directory.upkeep import notifications
from directory.upkeep.models import ApprovalRule, ListingProposal
from directory.upkeep.states import (
    PROPOSAL_MOVES,
    ProposalKind,
    ProposalState,
    Source,
    move,
)

NEW_ACCOUNT: Final = timedelta(days=7)
# More phones than this changed in an hour look like somebody else at the keyboard.
BURST, BURST_WINDOW = 20, timedelta(hours=1)
ADDRESS: Final = re.compile(r"https?://|www\.|\d{7,}", re.IGNORECASE)
PROSE: Final = frozenset({"scope", "eligibility", "application", "fees"})


class ReasonMissing(DomainError):
    """A rejected field tells its author why."""

    code = "missing_required"


@dataclass(frozen=True)
class Decision:
    """What a moderator says to one field: take it, take it with an edit, or reject it."""

    accepted: bool
    value: Any = None
    reason: str = ""


def consider(
    target: Any, *, by: User, changes: Mapping[str, Any], base_version: int, source: str, key: str
) -> Outcome:
    """Let a change go live where the rules trust its source, and keep the rest for review."""
    risks = _risks(target, by=by, changes=changes, source=source)
    trusted = set(
        ApprovalRule.objects.filter(source=source, live=True).values_list("group", flat=True)
    )
    live = {p: v for p, v in changes.items() if not risks and str(group_of(p)) in trusted}
    waiting = {p: v for p, v in changes.items() if p not in live}
    with audited(by=by, action="proposal.consider", on=target, source=source):
        moved: tuple[str, ...] = ()
        if live:
            moved = listing.write(
                target, by=by, changes=live, base_version=base_version, reason=f"{source}:{key}"
            )
        if not waiting:
            return Outcome(live=moved)
        target.refresh_from_db()
        made = _propose(target, by=by, kind=ProposalKind.CHANGE, changes=waiting,
                        source=source, risks=risks)  # fmt: skip
        return Outcome(live=moved, review=tuple(sorted(waiting)), proposal=made.uid)


def propose(
    target: Any, *, by: User, kind: str, source: str, changes: Mapping[str, Any] | None = None
) -> ListingProposal:
    """Ask for a new listing to be shown, or for one to be closed; a moderator always decides."""
    with audited(by=by, action=f"proposal.{kind}", on=target, source=source):
        return _propose(target, by=by, kind=kind, changes=changes or {}, source=source, risks=[])


def _propose(
    target: Any, *, by: User, kind: str, changes: Mapping[str, Any], source: str, risks: list[str]
) -> ListingProposal:
    """Keep one pending proposal a side: a second edit replaces the first and keeps its rest."""
    organization = _organization(target)
    pending = ListingProposal.objects.visible_to(system()).filter(
        target_uid=target.uid, source=source, organization=organization,
        state=ProposalState.PENDING,
    )  # fmt: skip
    merged: dict[str, Any] = {}
    for earlier in pending:
        if earlier.kind == kind:
            merged |= {path: values[1] for path, values in earlier.changes.items()}
        _end(earlier, event="supersede", decided_by=None)
    merged |= changes
    return ListingProposal.objects.create(
        kind=kind,
        table=table_of(type(target)),
        target_uid=target.uid,
        service=_service(target),
        organization=organization,
        base_version=target.version,
        changes={path: [read(target, parse(path, target)), new] for path, new in merged.items()},
        source=source,
        author=by,
        risk=len(risks),
        risk_reasons=risks,
        created_at=jobs.now(),
    )


def _organization(target: Any) -> Organization | None:
    if isinstance(target, Organization):
        return target
    service = _service(target)
    return service.organization if service else getattr(target, "organization", None)


def _service(target: Any) -> Service | None:
    if isinstance(target, Service):
        return target
    return getattr(target, "service", None)


def _risks(target: Any, *, by: User, changes: Mapping[str, Any], source: str) -> list[str]:
    """Return the signs of a take-over or a mistake; any of them sends everything to review."""
    found = []
    if source == Source.PARTNER and by.created_at > jobs.now() - NEW_ACCOUNT:
        found.append("new_account")
    if _burst(target, by=by):
        found.append("many_changes")
    if any(path.endswith((".url", ".website")) for path in changes):
        found.append("website_changed")
    if any(_new_address(target, path, value) for path, value in changes.items()):
        found.append("address_in_text")
    service = _service(target)
    if service is not None and (
        service.sensitivity == "protected" or service.places.filter(location__protected=True)
    ):
        found.append("protected")
    return found


def _burst(target: Any, *, by: User) -> bool:
    """Say whether one author changed many phones or a third of an organization's listings."""
    organization = _organization(target)
    if organization is None:
        return False
    since = jobs.now() - BURST_WINDOW
    touched = Service.history.filter(history_date__gte=since, history_user=by)
    mine = touched.filter(organization_id=organization.pk).values("id").distinct().count()
    listed = organization.services.listed().count()
    return mine > BURST or (listed >= 5 and mine > listed * 0.3)


def _new_address(target: Any, path: str, value: Any) -> bool:
    if not isinstance(value, str) or str(group_of(path)) not in PROSE:
        return False
    before = read(target, parse(path, target)) or ""
    return bool(set(ADDRESS.findall(value)) - set(ADDRESS.findall(str(before))))


def decide(
    proposal: ListingProposal,
    *,
    by: User,
    decisions: Mapping[str, Decision],
    seen_version: int,
    reason: str = "",
) -> ListingProposal:
    """Apply what is accepted by compare and set on proposal and listing; the author is told."""
    by.must(Permission.LISTING_MODERATE)
    accepted = {path: d for path, d in decisions.items() if d.accepted}
    rejected = {path: d for path, d in decisions.items() if not d.accepted}
    if (rejected and not all(d.reason or reason for d in rejected.values())) or (
        proposal.kind != ProposalKind.CHANGE and not decisions and not reason
    ):
        raise ReasonMissing(_("Say why, so that the author knows what to mend."))
    event = "apply" if not rejected else ("apply_partly" if accepted else "reject")
    target = subject(proposal)
    with audited(by=by, action=f"proposal.{event}", on=proposal):
        _end(
            proposal, event=event, decided_by=by, reason=reason,
            decisions={path: asdict(d) for path, d in decisions.items()},
        )  # fmt: skip
        if accepted:
            listing.write(
                target,
                by=by,
                changes={
                    path: proposal.changes[path][1] if d.value is None else d.value
                    for path, d in accepted.items()
                },
                base_version=seen_version,
                reason=f"proposal:{proposal.uid}",
            )
        notifications.tell_author(proposal)
    proposal.refresh_from_db()
    return proposal


def accept_whole(proposal: ListingProposal, *, by: User, reason: str = "") -> ListingProposal:
    """Show a new listing, or close one, as proposed."""
    by.must(Permission.LISTING_MODERATE)
    target = subject(proposal)
    with audited(by=by, action="proposal.apply", on=proposal):
        _end(proposal, event="apply", decided_by=by, reason=reason)
        if proposal.kind == ProposalKind.NEW:
            listing.publish(target, by=by)
        else:
            listing.close(target, by=by, note=reason or _("The provider says it has closed."))
            _supersede_others(proposal)
        notifications.tell_author(proposal)
    proposal.refresh_from_db()
    return proposal


def reject(proposal: ListingProposal, *, by: User, reason: str) -> ListingProposal:
    """Turn a proposal down; the reason tells the author what to mend."""
    by.must(Permission.LISTING_MODERATE)
    if not reason:
        raise ReasonMissing(_("Say why, so that the author knows what to mend."))
    with audited(by=by, action="proposal.reject", on=proposal):
        _end(proposal, event="reject", decided_by=by, reason=reason)
        if proposal.kind == ProposalKind.NEW:
            listing.reject(subject(proposal), by=by, note=reason)
        elif proposal.kind == ProposalKind.CLOSE:
            _show_again(subject(proposal), by=by)
        notifications.tell_author(proposal)
    proposal.refresh_from_db()
    return proposal


def withdraw(proposal: ListingProposal, *, by: User) -> ListingProposal:
    """Take a proposal back, as its author or its organization."""
    with audited(by=by, action="proposal.withdraw", on=proposal):
        _end(proposal, event="withdraw", decided_by=by)
    proposal.refresh_from_db()
    return proposal


def subject(proposal: ListingProposal) -> Any:
    """Return the record that a proposal is about."""
    model: Any = ROOTS[proposal.table].model
    return model.objects.get(uid=proposal.target_uid)


def forget_locations(ids: Collection[int], *, by: User) -> None:
    """Take out of proposals what they say of locations that are protected from now on."""
    locations = Location.objects.filter(pk__in=ids)
    uids = list(locations.values_list("uid", flat=True))
    said = Q(table="location", target_uid__in=uids) | Q(service__places__location__in=ids)
    with audited(by=by, action="proposal.forget", locations=len(uids)):
        for proposal in ListingProposal.objects.visible_to(system()).filter(said).distinct():
            _forget(proposal, {str(uid) for uid in uids})


def _forget(proposal: ListingProposal, hidden: set[str]) -> None:
    """Drop the facts of hidden locations; a waiting proposal that has no others is over."""
    own = proposal.table == "location"
    kept = {
        path: values
        for path, values in proposal.changes.items()
        if not own and path.partition(".")[0].removeprefix("location:") not in hidden
    }
    if kept == proposal.changes:
        return
    said = {path: one for path, one in proposal.decisions.items() if path in kept}
    ListingProposal.objects.filter(pk=proposal.pk).update(changes=kept, decisions=said)
    if not kept and proposal.state == ProposalState.PENDING:
        _end(proposal, event="supersede", decided_by=None)


def _show_again(target: Any, *, by: User) -> None:
    """Show what was hidden because somebody said that it has closed: a place, its service."""
    hidden: list[Any] = [target, target.service] if hasattr(target, "service") else [target]
    for one in hidden:
        if one.state == "suspended" and one.state_reason == Reason.REPORTED_CLOSED:
            listing.resume(one, by=by)


def _end(
    proposal: ListingProposal,
    *,
    event: str,
    decided_by: User | None,
    reason: str = "",
    decisions: dict[str, Any] | None = None,
) -> None:
    row = move(PROPOSAL_MOVES, event, proposal.state)
    moved = ListingProposal.objects.filter(pk=proposal.pk, state=proposal.state).update(
        state=row.target,
        decided_by=decided_by,
        decided_at=jobs.now(),
        reason=reason,
        decisions=decisions or {},
    )
    if not moved:
        raise Conflict(_("A colleague has already decided on this proposal."))


def _supersede_others(proposal: ListingProposal) -> None:
    """End what else was proposed for a listing that closes."""
    others = ListingProposal.objects.visible_to(system()).filter(
        service=proposal.service, state=ProposalState.PENDING
    )
    for other in others.exclude(pk=proposal.pk):
        _end(other, event="supersede", decided_by=None)
