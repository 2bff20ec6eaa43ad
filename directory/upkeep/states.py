"""Life of a check, a request, a doubt, a report and a proposal; no database."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.errors import Conflict


class Kind(TextChoices):
    """Why a listing is looked at."""

    FIRST = "first", _("First check")
    PERIODIC = "periodic", _("Regular check")
    INTERIM = "interim", _("Check after a doubt")
    RESUME = "resume", _("Check after a pause")


class Stage(TextChoices):
    """How the provider is being reached: messages first, then a call, then a visit."""

    ASK = "ask", _("Asked by message")
    PHONE = "phone", _("To be called")
    VISIT = "visit", _("To be visited")


class TaskState(TextChoices):
    """A check is open until somebody settles it."""

    OPEN = "open", _("Open")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Dropped")


class Method(TextChoices):
    """Codes of the set verification_method."""

    PHONE = "phone", _("Phone")
    VISIT = "visit", _("Site visit")
    ONLINE = "online", _("Website check")
    PARTNER_UPDATE = "partner_update", _("Updated by the provider")
    EMAIL = "email", _("E-mail or letter")
    REFERRAL_FEEDBACK = "referral_feedback", _("Referral feedback")


class Result(TextChoices):
    """Codes of the set verification_result that a check may end with."""

    CONFIRMED = "confirmed", _("All correct")
    UPDATED = "updated", _("Updated")
    UNREACHABLE = "unreachable", _("Not reached")
    RELOCATED = "relocated", _("Moved")
    CLOSED = "closed", _("Closed down")
    REFUSED = "refused", _("Does not want to be listed")


class RequestState(TextChoices):
    """A request is one message to one address on one day."""

    QUEUED = "queued", _("Queued")
    SENT = "sent", _("Sent")
    BOUNCED = "bounced", _("Returned")
    ANSWERED = "answered", _("Answered")
    REVOKED = "revoked", _("Revoked")
    EXPIRED = "expired", _("Expired")


class DoubtState(TextChoices):
    """A doubt stays open until the doubted fields are confirmed."""

    OPEN = "open", _("Open")
    UPHELD = "upheld", _("Upheld")
    DISMISSED = "dismissed", _("Dismissed")


class ReportState(TextChoices):
    """A report waits until a check or a moderator settles it."""

    NEW = "new", _("New")
    UPHELD = "upheld", _("Upheld")
    DISMISSED = "dismissed", _("Dismissed")


class ProposalKind(TextChoices):
    """What somebody proposes to do with a listing."""

    NEW = "new", _("New listing")
    CHANGE = "change", _("Change")
    CLOSE = "close", _("Close")


class ProposalState(TextChoices):
    """A proposal waits beside the listing, which stays visible as it is."""

    PENDING = "pending", _("Waiting for review")
    APPLIED = "applied", pgettext_lazy("listing", "Accepted")
    PARTLY = "partly", _("Partly accepted")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    SUPERSEDED = "superseded", _("Superseded")


class Origin(TextChoices):
    """Who says that a listing may be wrong."""

    REFERRAL = "referral", _("Referral")
    WORKER = "worker", _("Worker")
    PUBLIC = "public", _("Visitor")
    IMPORT = "import", _("Import")
    BOUNCE = "bounce", _("Returned message")
    SYSTEM = "system", _("System")


class Source(TextChoices):
    """Whose word a change is; the approval rules are per source."""

    PARTNER = "partner", _("Provider")
    LINK = "link", _("Provider, by link")
    WORKER = "worker", _("Worker")
    VERIFIER = "verifier", _("Verifier")
    PUBLIC = "public", _("Visitor")
    IMPORT = "import", _("Import")
    SPREADSHEET = "spreadsheet", _("Spreadsheet")


@dataclass(frozen=True)
class Move:
    """One arrow: the event takes a thing from any of `sources` to `target`."""

    event: str
    sources: frozenset[str]
    target: str


def _move(event: str, sources: set[str], target: str) -> Move:
    return Move(event, frozenset(map(str, sources)), str(target))


TASK_MOVES = (
    _move("record", {TaskState.OPEN}, TaskState.DONE),
    _move("drop", {TaskState.OPEN}, TaskState.DROPPED),
)
STAGE_MOVES = (
    _move("to_phone", {Stage.ASK}, Stage.PHONE),
    _move("to_visit", {Stage.ASK, Stage.PHONE}, Stage.VISIT),
)
PROPOSAL_MOVES = (
    _move("apply", {ProposalState.PENDING}, ProposalState.APPLIED),
    _move("apply_partly", {ProposalState.PENDING}, ProposalState.PARTLY),
    _move("reject", {ProposalState.PENDING}, ProposalState.REJECTED),
    _move("withdraw", {ProposalState.PENDING}, ProposalState.WITHDRAWN),
    _move("supersede", {ProposalState.PENDING}, ProposalState.SUPERSEDED),
)
REPORT_MOVES = (
    _move("uphold", {ReportState.NEW}, ReportState.UPHELD),
    _move("dismiss", {ReportState.NEW}, ReportState.DISMISSED),
)
DOUBT_MOVES = (
    _move("uphold", {DoubtState.OPEN}, DoubtState.UPHELD),
    _move("dismiss", {DoubtState.OPEN}, DoubtState.DISMISSED),
)


def move(table: tuple[Move, ...], event: str, current: str) -> Move:
    """Find the arrow of an event from a state; 409 where the table has none."""
    for row in table:
        if row.event == event and current in row.sources:
            return row
    raise Conflict(_("This has already been settled. Reload to see where it stands."))
