"""Life of a case: six stages, open and closed, and the handing over between workers."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CaseState(TextChoices):
    """Whether work goes on."""

    OPEN = "open", _("Case open")
    CLOSED = "closed", _("Case closed")
    ARCHIVED = "archived", _("Case archived")


class Stage(TextChoices):
    """The six stages of casework, in their order."""

    INTAKE = "intake", _("Intake")
    ASSESSMENT = "assessment", _("Assessment")
    PLANNING = "planning", _("Planning")
    INTERVENTION = "intervention", _("Intervention")
    EVALUATION = "evaluation", _("Evaluation")
    CLOSING = "closing", _("Closing")


class GroupStage(TextChoices):
    """The five stages of group work."""

    PREPARATION = "preparation", _("Preparation")
    FORMING = "forming", _("Forming")
    TURNING = "turning", _("Turning point")
    MATURITY = "maturity", _("Maturity")
    ENDING = "ending", _("Ending")


class CaseEventKind(TextChoices):
    """What may happen to a case."""

    OPENED = "opened", _("Case opened")
    STAGE = "stage", _("Stage changed")
    CLOSED = "closed", _("Case closed")
    REOPENED = "reopened", _("Case re-opened")
    ASSIGNED = "assigned", _("Colleague assigned")
    RELEASED = "released", _("Assignment ended")
    TRANSFERRED = "transferred", _("Case handed over")


class AssignmentRole(TextChoices):
    """What somebody is on the team; the former owner keeps reading for a while."""

    OWNER = "owner", _("Responsible worker")
    COLLEAGUE = "colleague", _("Colleague on the case")
    SUPERVISOR = "supervisor", _("Supervisor of the case")
    FORMER = "former", _("Former owner, reading only")


class TransferKind(TextChoices):
    """Who started the handing over."""

    OFFER = "offer", _("Offered by the owner")
    REQUEST = "request", _("Asked for by a colleague")


class TransferState(TextChoices):
    """Where the handing over stands; only accepting an offer changes the owner."""

    OFFERED = "offered", _("Offered")
    ACCEPTED = "accepted", _("Accepted by colleague")
    DECLINED = "declined", _("Declined by colleague")
    WITHDRAWN = "withdrawn", _("Taken back")


STAGES: tuple[Stage, ...] = tuple(Stage)
_TRANSFER_ENDS = frozenset(TransferState) - {TransferState.OFFERED}


def stage_move(source: str, target: str) -> str:
    """Say `forward` (one step), `back` (any earlier stage) or nothing where it is not allowed."""
    step = STAGES.index(Stage(target)) - STAGES.index(Stage(source))
    if step == 1:
        return "forward"
    return "back" if step < 0 else ""


def transfer_move(source: str, target: str) -> bool:
    """Allow answering an offer once; an answered one stays as it is."""
    return source == TransferState.OFFERED and target in _TRANSFER_ENDS
