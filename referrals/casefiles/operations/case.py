"""The work on a case: stages, team, closing and opening again, handing over."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.operations import audited
from accounts.permissions import Permission
from core.errors import Conflict, NotPermitted
from core.jobs import now, today
from core.text import clean
from directory.catalogue.models import Code, Organization
from referrals.casefiles import queries
from referrals.casefiles.errors import (
    AlreadyDecided,
    CaseBlocked,
    DuplicateNumber,
    FactsMissing,
    IllegalTransition,
    InvalidFacts,
    StageNotReady,
)
from referrals.casefiles.models import (
    CaseAssignment,
    CaseEvent,
    CaseFile,
    CaseRules,
    CaseTransfer,
    Client,
)
from referrals.casefiles.models.numbering import check_pattern
from referrals.casefiles.operations import timeline
from referrals.casefiles.operations.access import must_edit
from referrals.casefiles.operations.numbers import next_number
from referrals.casefiles.signals import case_closing
from referrals.casefiles.states import (
    AssignmentRole,
    CaseEventKind,
    CaseState,
    Stage,
    TransferKind,
    TransferState,
    stage_move,
    transfer_move,
)
from referrals.casefiles.states.timeline import CASE_CHANGED, CASE_CLOSED, CASE_REOPENED

# After closing consents end, and whoever handed a case over stops reading.
AFTER_CLOSING = timedelta(days=90)
READING_ON = timedelta(days=30)


def begin(
    client: Client,
    *,
    by: User,
    case_type: str = "casework",
    source: str = "",
    case_no: str = "",
    opened_on: date | None = None,
) -> CaseFile:
    """Open a case at intake; whoever opens it is its owner and so on the client's team."""
    with audited(by=by, action="case.begin", client=client) as entry:
        by.must(Permission.CLIENT_WRITE, client.organization_id)
        # The first case makes the team; every later one is opened by somebody who is on it.
        if client.cases.exists():
            must_edit(client, by)
        _must_be_code("case_type", case_type)
        if source:
            _must_be_code("case_source", source, field="source")
        rules, day = CaseRules.of(client.organization), opened_on or today()
        case = CaseFile(
            client=client,
            organization=client.organization,
            case_no=clean(case_no).strip()
            or next_number(rules.case_no_pattern, rules, by=by, on=day, kind=case_type),
            case_type=case_type,
            source=source,
            responsible=by,
            opened_on=day,
            retention_class="case_minor" if client.age_band in MINORS else "case_general",
        )
        try:
            with transaction.atomic():
                case.save(force_insert=True)
        except IntegrityError as error:
            raise DuplicateNumber(_("Another case has this number.")) from error
        entry.on = case
        _join(case, by, AssignmentRole.OWNER, by)
        _record(case, CaseEventKind.OPENED, by, to_stage=case.stage)
    return case


def explain_secrecy(case: CaseFile, *, by: User, codes: Sequence[str]) -> None:
    """Note which limits of secrecy were explained to the client; intake ends with all of them."""
    with audited(by=by, action="case.secrecy", on=case, client=case.client, codes=list(codes)):
        must_edit(case.client, by)
        for code in codes:
            _must_be_code("confidentiality_exception", code, field="codes")
        CaseFile.objects.filter(pk=case.pk).update(secrecy_told=sorted(set(codes)))
        case.secrecy_told = sorted(set(codes))


class CaseFacts(TypedDict, total=False):
    """What may be changed on a case beside its course."""

    team: str
    next_review_on: date | None
    secrecy_told: Sequence[str]


def change(
    case: CaseFile, *, by: User, expected_version: int, **facts: Unpack[CaseFacts]
) -> CaseFile:
    """Change team, day of review, or which limits of secrecy were explained."""
    with audited(by=by, action="case.change", on=case, client=case.client, fields=sorted(facts)):
        must_edit(case.client, by)
        _must_be_open(case)
        if "secrecy_told" in facts:
            explain_secrecy(case, by=by, codes=facts.pop("secrecy_told"))
        if "team" in facts:
            facts["team"] = clean(facts["team"])
        _win(case, expected_version, **facts)
    return case


def move(case: CaseFile, *, by: User, to: str, expected_version: int, reason: str = "") -> CaseFile:
    """Go one stage forward when this one is done, or back to any earlier one with a reason."""
    with audited(by=by, action="case.stage", on=case, client=case.client, to=to):
        must_edit(case.client, by)
        _must_be_open(case)
        if to not in Stage.values or not (way := stage_move(case.stage, to)):
            raise IllegalTransition(_("A case goes one stage forward, or back to an earlier one."))
        if way == "back" and not reason.strip():
            raise FactsMissing.of("reason")
        if way == "forward" and (missing := queries.casefile.missing_for_stage(case)):
            raise StageNotReady(
                _("This stage is not finished."),
                errors=[{"code": code, "field": "", "detail": text} for code, text in missing],
            )
        before = case.stage
        _win(case, expected_version, stage=to)
        _record(case, CaseEventKind.STAGE, by, from_stage=before, to_stage=to, note=reason)
        timeline.add(case.client, by=by, at=now(), kind=CASE_CHANGED, thing=case)
    return case


def close(
    case: CaseFile, *, by: User, reason: str, expected_version: int, note: str = ""
) -> CaseFile:
    """Close a case over which nothing hangs; consents then end after ninety days at the latest."""
    with audited(by=by, action="case.close", on=case, client=case.client, reason=reason):
        must_edit(case.client, by)
        _must_be_open(case)
        _must_be_code("close_reason", reason, field="reason")
        blockers = queries.casefile.own_blockers(case)
        case_closing.send(CaseFile, case=case, blockers=blockers)
        if blockers:
            raise CaseBlocked(
                _("The case cannot close yet."),
                errors=[{"code": code, "field": "", "detail": code} for code in blockers],
            )
        before, day = case.stage, today()
        _win(
            case,
            expected_version,
            state=CaseState.CLOSED,
            stage=Stage.CLOSING,
            closed_on=day,
            close_reason=reason,
        )
        _record(
            case,
            CaseEventKind.CLOSED,
            by,
            from_stage=before,
            to_stage=Stage.CLOSING,
            reason=reason,
            note=note,
        )
        if not case.client.cases.open().exists():
            _shorten_consents(case.client, now() + AFTER_CLOSING)
        timeline.add(case.client, by=by, at=now(), kind=CASE_CLOSED, thing=case)
    return case


def reopen(case: CaseFile, *, by: User, reason: str, expected_version: int) -> CaseFile:
    """Take a closed case up again under its number; the reason is kept."""
    with audited(by=by, action="case.reopen", on=case, client=case.client):
        must_edit(case.client, by)
        if case.state != CaseState.CLOSED:
            raise IllegalTransition(_("Only a closed case can be re-opened."))
        if not reason.strip():
            raise FactsMissing.of("reason")
        _win(
            case,
            expected_version,
            state=CaseState.OPEN,
            stage=Stage.ASSESSMENT,
            closed_on=None,
            close_reason="",
        )
        _record(
            case,
            CaseEventKind.REOPENED,
            by,
            from_stage=Stage.CLOSING,
            to_stage=Stage.ASSESSMENT,
            note=reason,
        )
        timeline.add(case.client, by=by, at=now(), kind=CASE_REOPENED, thing=case)
    return case


def assign(
    case: CaseFile,
    *,
    by: User,
    user: User,
    role: str = AssignmentRole.COLLEAGUE,
    until: datetime | None = None,
) -> CaseAssignment:
    """Take a colleague into the team: the owner's word is the approval that law asks for."""
    with audited(by=by, action="case.assign", on=case, client=case.client, user=user.uid):
        must_edit(case.client, by)
        if by != case.responsible and not by.is_system:
            raise NotPermitted(_("Only the responsible worker takes colleagues into the team."))
        _must_belong(case, user)
        if role not in {AssignmentRole.COLLEAGUE, AssignmentRole.SUPERVISOR}:
            raise InvalidFacts.of("role", _("The owner changes by handing the case over."))
        if case.assignments.current().filter(user=user).exists():
            raise Conflict(_("This colleague is on the team already."))
        row = _join(case, user, role, by, until)
        _record(case, CaseEventKind.ASSIGNED, by, subject=user)
        timeline.add(case.client, by=by, at=now(), kind=CASE_CHANGED, thing=case)
    return row


def release(assignment: CaseAssignment, *, by: User) -> None:
    """End an assignment; the owner leaves by handing over only."""
    case = assignment.case
    with audited(
        by=by, action="case.release", on=case, client=case.client, user=assignment.user.uid
    ):
        must_edit(case.client, by)
        if by not in {case.responsible, assignment.user} and not by.is_system:
            raise NotPermitted
        if assignment.role == AssignmentRole.OWNER:
            raise IllegalTransition(_("The owner changes by handing the case over."))
        CaseAssignment.objects.filter(pk=assignment.pk).update(until=now())
        _record(case, CaseEventKind.RELEASED, by, subject=assignment.user)


def offer(case: CaseFile, *, by: User, to_user: User, reason: str) -> CaseTransfer:
    """Offer the case to a colleague; until the colleague accepts, everything stays as it is."""
    with audited(by=by, action="case.offer", on=case, client=case.client, user=to_user.uid):
        if not _may_hand_over(case, by):
            raise NotPermitted(_("Only the responsible worker hands a case over."))
        _must_be_open(case)
        _must_belong(case, to_user)
        if not reason.strip():
            raise FactsMissing.of("reason")
        if to_user == case.responsible:
            raise InvalidFacts.of("to_user", _("This colleague has the case already."))
        return CaseTransfer.objects.create(
            case=case,
            from_user=case.responsible,
            to_user=to_user,
            kind=TransferKind.OFFER,
            reason=clean(reason),
        )


def answer(transfer: CaseTransfer, *, by: User, state: str) -> CaseTransfer:
    """Accept, decline or take back an offer; accepting makes the colleague the owner."""
    case = transfer.case
    with audited(by=by, action=f"case.transfer_{state}", on=case, client=case.client):
        actor = transfer.from_user if state == TransferState.WITHDRAWN else transfer.to_user
        if by != actor and not by.is_system:
            raise NotPermitted
        won = transfer_move(transfer.state, state) and CaseTransfer.objects.filter(
            pk=transfer.pk, state=TransferState.OFFERED
        ).update(state=state, answered_at=now())
        if not won:
            raise AlreadyDecided(_("This offer was answered already."))
        transfer.state = state
        if state == TransferState.ACCEPTED:
            _must_be_open(case)
            _change_owner(case, transfer, by)
    return transfer


def set_rules(organization: Organization, *, by: User, **rules: object) -> None:
    """Change how numbers are formed and whether guardians consent for those of 14 to 17."""
    row = CaseRules.of(organization)
    with audited(by=by, action="case.rules", on=row.organization, fields=sorted(rules)):
        by.must(Permission.ACCESS_APPROVE, row.organization)
        for name, value in rules.items():
            if name.endswith("_pattern"):
                check_pattern(str(value))
            setattr(row, name, value)
        row.save()


MINORS = frozenset({"0-5", "6-13", "14-17"})


def _change_owner(case: CaseFile, transfer: CaseTransfer, by: User) -> None:
    """Keep a read view for the former owner: a case must not vanish from a desk."""
    at = now()
    team = case.assignments.filter(until__isnull=True)
    team.filter(user__in=[transfer.from_user, transfer.to_user]).update(until=at)
    _join(case, transfer.from_user, AssignmentRole.FORMER, by, at + READING_ON)
    _join(case, transfer.to_user, AssignmentRole.OWNER, by)
    CaseFile.objects.filter(pk=case.pk).update(
        responsible=transfer.to_user, version=F("version") + 1
    )
    case.refresh_from_db(fields=["responsible", "version"])
    _record(case, CaseEventKind.TRANSFERRED, by, subject=transfer.to_user)
    timeline.add(case.client, by=by, at=at, kind=CASE_CHANGED, thing=case)


def _may_hand_over(case: CaseFile, by: User) -> bool:
    """Let the owner do it, or whoever approves access where the owner is gone or related."""
    if by.is_system or by == case.responsible:
        return True
    return by.may(Permission.ACCESS_APPROVE, case.organization_id)


def _join(
    case: CaseFile, user: User, role: str, by: User, until: datetime | None = None
) -> CaseAssignment:
    return CaseAssignment.objects.create(
        case=case, user=user, role=role, since=now(), until=until, approved_by=by
    )


def _record(case: CaseFile, kind: CaseEventKind, by: User, **facts: object) -> CaseEvent:
    if "note" in facts:
        facts["note"] = clean(str(facts["note"]))
    return CaseEvent.objects.create(case=case, at=now(), actor=by, kind=kind, **facts)


def _win(case: CaseFile, expected_version: int, **changes: object) -> None:
    """Change the case in one statement if it still is as it was read."""
    won = CaseFile.objects.filter(
        pk=case.pk, version=expected_version, state=case.state, stage=case.stage
    ).update(**changes, version=F("version") + 1)
    if not won:
        raise Conflict(_("Somebody has changed this case meanwhile. Reload it."))
    case.refresh_from_db(fields=["version", *changes])


def _must_be_open(case: CaseFile) -> None:
    if not case.is_open:
        raise IllegalTransition(_("The case is closed."))


def _must_belong(case: CaseFile, user: User) -> None:
    """Only people who work with client files of this organization may be on a team."""
    if not user.is_active or not (
        user.may(Permission.CLIENT_READ_OWN, case.organization_id)
        or user.may(Permission.CLIENT_READ_ORG, case.organization_id)
    ):
        raise InvalidFacts.of("user", _("This person does not work with files here."))
    if case.client.conflicts.filter(user=user).exists():
        raise InvalidFacts.of("user", _("This person is related to the client."))


def _must_be_code(name: str, code: str, field: str = "") -> None:
    if not Code.objects.filter(set=name, code=code).exists():
        raise InvalidFacts.of(field or name, _("Unknown code: %(code)s") % {"code": code[:60]})


def _shorten_consents(client: Client, end: datetime) -> None:
    client.consents.in_force(now()).filter(expires_at__gt=end).update(expires_at=end)
