"""The words of a referral: its statuses, events, actors and clocks."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Status(TextChoices):
    DRAFT = "draft", _("Draft")
    PENDING_APPROVAL = "pending_approval", _("Awaiting supervisor approval")
    SENT = "sent", _("Sent")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    INFO_REQUESTED = "info_requested", _("Returned for more information")
    ACCEPTED = "accepted", _("Accepted")
    WAITLISTED = "waitlisted", _("Waitlisted")
    IN_SERVICE = "in_service", _("In service")
    ON_HOLD = "on_hold", _("On hold")
    OUTCOME_REPORTED = "outcome_reported", _("Outcome reported, to be verified")
    CLOSED = "closed", _("Loop closed")
    DECLINED = "declined", _("Declined")
    CANCELLED = "cancelled", _("Withdrawn")
    FAILED = "failed", _("Referral failed")
    EXPIRED = "expired", _("Expired without an answer")
    ENTERED_IN_ERROR = "entered_in_error", _("Entered in error")


class Event(TextChoices):
    """What moves a referral from one status to another."""

    SUBMIT = "submit", _("Submit for approval")
    APPROVE = "approve", _("Approve and send")
    RETURN = "return", _("Return to the worker")
    SEND = "send", _("Send referral")
    ACKNOWLEDGE = "acknowledge", _("Confirm receipt and view")
    REQUEST_INFO = "request_info", _("Return for more information")
    PROVIDE_INFO = "provide_info", _("Answer the question")
    ACCEPT = "accept", _("Accept")
    WAITLIST = "waitlist", _("Put on the waiting list")
    PROMOTE = "promote", _("Accept from the waiting list")
    DECLINE = "decline", _("Decline")
    START = "start", _("Record first contact")
    HOLD = "hold", _("Put on hold")
    RESUME = "resume", _("Resume service")
    REPORT_OUTCOME = "report_outcome", _("Report the outcome")
    FAIL = "fail", _("Report that it failed")
    VERIFY_CLOSE = "verify_close", _("Verify with the client and close")
    DISPUTE = "dispute", _("Dispute the outcome")
    AUTO_CLOSE = "auto_close", _("Close without verification")
    CANCEL = "cancel", _("Withdraw referral")
    CLIENT_WITHDRAW = "client_withdraw", _("Stop at the client's wish")
    BASIS_LOST = "basis_lost", _("End for want of consent")
    EXPIRE = "expire", _("Expire without answer")
    LAPSE = "lapse", _("End for want of information")
    REOPEN = "reopen", _("Reopen")
    VOID = "void", _("Mark as entered in error")


class Entry(TextChoices):
    """What stands in the log without moving the referral."""

    CREATED = "created", _("Draft made")
    EDITED = "edited", _("Draft changed")
    CONTACT_ATTEMPT = "record_contact_attempt", _("Record a contact attempt")
    APPOINTMENT_SET = "appointment_set", _("Set an appointment")
    APPOINTMENT_MOVED = "appointment_moved", _("Move the appointment")
    APPOINTMENT_ATTENDED = "appointment_attended", _("Client came to the appointment")
    APPOINTMENT_NO_SHOW = "appointment_no_show", _("Client did not come")
    APPOINTMENT_CANCELLED = "appointment_cancelled", _("Cancel the appointment")
    PROGRESS = "progress_update", _("Report progress")
    WAITLIST_REVIEWED = "waitlist_reviewed", _("Review the waiting list")
    ESCALATE = "escalate", _("Escalate to the coordinator")
    REMIND = "remind", _("Remind")
    NUDGE_CLIENT = "nudge_client", _("Send the client a status link")
    REASSIGN = "reassign", _("Change the person in charge")
    NOTE = "note", _("Send a message")
    PAYLOAD_VIEWED = "payload_viewed", _("Packet opened")
    PROXY_CORRECTED = "proxy_corrected", _("Correct what was recorded for us")


class Actor(TextChoices):
    SND = "SND", _("Sender")
    SUP = "SUP", _("Supervisor")
    RCV = "RCV", _("Recipient")
    LNK = "LNK", _("Recipient by link")
    PRX = "PRX", _("Recorded for the recipient")
    CRD = "CRD", _("Coordinator")
    CLI = "CLI", _("Client")
    SYS = "SYS", _("System")


class Bucket(TextChoices):
    """The words a worker says; whose side one stands on decides between the middle two."""

    DRAFT = "draft", _("Draft")
    WAITING = "waiting", _("Waiting for the other side")
    YOURS = "yours", _("Needs your action")
    MOVING = "moving", _("In progress")
    ENDED = "ended", _("Ended")


class Turn(TextChoices):
    """Who must act next."""

    SENDER = "sender", _("Sender")
    SUPERVISOR = "supervisor", _("Supervisor")
    RECIPIENT = "recipient", _("Recipient")
    SENDER_FOLLOW_UP = "sender_follow_up", _("Sender, next step for the need")
    NOBODY = "", _("Nobody")


class Clock(TextChoices):
    DRAFT = "K0", pgettext_lazy("time limit", "Draft")
    APPROVAL = "K0A", _("Approval")
    ACKNOWLEDGE = "A", pgettext_lazy("time limit", "Receipt")
    DECIDE = "B", _("Decision")
    CONTACT = "C", _("First contact")
    PROGRESS = "D", _("Progress report")
    WAITLIST = "E", _("Waiting list review")
    VERIFY = "F", _("Verification with the client")
    ANSWER = "G", _("Sender's answer")
    FOLLOW_UP = "H", _("Follow-up of the need")
    RESUME = "R", _("Resume date")


class ClockClass(TextChoices):
    EMERGENCY = "emergency", _("Emergency")
    URGENT = "urgent", _("Urgent")
    NORMAL = "normal", _("Normal")


class Unit(TextChoices):
    HOURS = "h", _("hours")
    DAYS = "d", _("days")
    WORKING_HOURS = "wh", _("working hours")
    WORKING_DAYS = "wd", _("working days")


class Act(TextChoices):
    REFERRAL = "referral", _("Referral")
    DISPATCH = "dispatch", _("Dispatch")


class Origin(TextChoices):
    PLATFORM = "platform", _("Platform")
    WALK_IN = "walk_in", _("Walk-in")
    PAPER_IN = "paper_in", _("Paper")
    IMPORT = "import", _("Import")
    API = "api", _("API")


class Channel(TextChoices):
    PLATFORM = "platform", _("Platform")
    SECURE_LINK = "secure_link", _("Link")
    PHONE = "phone", _("Phone, and log the answer")
    PAPER = "paper", _("Printed referral form")


class LinkKind(TextChoices):
    RECIPIENT = "recipient", _("Recipient")
    CLIENT = "client", _("Client")


class Meeting(TextChoices):
    """How an appointment stands."""

    SET = "set", _("Set")
    MOVED = "moved", _("Moved")
    ATTENDED = "attended", _("Attended")
    NO_SHOW = "no_show", _("Client did not come")
    CANCELLED = "cancelled", _("Cancelled")


class Side(TextChoices):
    """Whose reason it was; refused by the client is never counted as failed."""

    CLIENT = "client", _("Client")
    PROVIDER = "provider", _("Provider")
    SYSTEM = "system", _("System")
    SAFETY = "safety", _("Safety")


class NextStep(TextChoices):
    """What a reason suggests to do about the need."""

    NONE = "", _("Nothing")
    NEXT_CANDIDATE = "next_candidate", _("Try the next provider")
    CONFERENCE = "conference", _("Bring it to a case conference")
    SUGGESTED_SERVICE = "suggested_service", _("Look at the suggested service")
    FIX_AND_RESEND = "fix_and_resend", _("Correct it and send again")
    CLOSE_NEED = "close_need", _("Close the need")
    CALL_CLIENT = "call_client", _("Call the client")


class Selectable(TextChoices):
    """Who may choose a reason."""

    RECIPIENT = "recipient", _("Recipient")
    WORKER = "worker", _("Worker")
    WORKER_OR_CLIENT = "worker_or_client", _("Worker or client")
    SYSTEM = "system", _("System")


# Values of `Referral.verification` that no person chooses; the others are code rows.
UNVERIFIED, BASIS_LOST = "unverified", "basis_lost"

CLOCK_CLASSES = {
    "p1": ClockClass.EMERGENCY,
    "p2": ClockClass.URGENT,
    "p3": ClockClass.NORMAL,
    "p4": ClockClass.NORMAL,
}
