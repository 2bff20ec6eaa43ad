"""The sorts of things on a worker's desk, and into which group a day puts them."""

from datetime import date, datetime, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.jobs import local_date

SEVERE = timedelta(days=3)


class When(TextChoices):
    """The groups of the page, the most pressing first."""

    SEVERE = "severe", _("Severely overdue")
    LATE = "late", _("Overdue")
    TODAY = "today", _("Today")
    WEEK = "week", _("This week")
    LATER = "later", _("Later")
    WAITING = "waiting", _("Waiting for the other side")


class Work(TextChoices):
    """What is to be done; for referrals the code is the status."""

    OUTCOME = "outcome_reported", _("Verify the outcome")
    QUESTION = "info_requested", _("Answer a question")
    DRAFT = "draft", _("Unsent draft")
    APPROVAL = "pending_approval", _("Approve")
    INCOMING = "incoming", _("Incoming referral")
    FOLLOW_UP = "follow_up", _("Follow-up")
    CHANCE = "chance", _("New chance")
    NEED_OPEN = "need_open", _("Need without help")
    NEED_REVIEW = "need_review", _("Unmet need")
    CASE_REVIEW = "case_review", _("Case review")
    CONSENT = "consent_ends", _("Consent ends")
    TRANSFER = "transfer", _("Case offered to you")
    GLASS = "break_glass", _("Emergency access")
    CHECK = "check", _("Listing check")
    WAITING = "waiting", _("Referral under way")


# How long a need may stand without any help, as clock H counts for one that help has failed.
PATIENCE = {"p1": timedelta(days=1), "p2": timedelta(days=3)}


def patience(priority: str) -> timedelta:
    """Return how long a need of this level may wait for its first try."""
    return PATIENCE.get(priority, timedelta(days=7))


def when(due: date | datetime | None, *, at: datetime) -> When:
    """Say how pressing something is; what names no day is asked for now."""
    if due is None:
        return When.TODAY
    today = local_date(at)
    if isinstance(due, datetime):
        late, day = at - due, local_date(due)
    else:
        late, day = today - due, due
    if late > SEVERE:
        return When.SEVERE
    if late > timedelta():
        return When.LATE
    if day <= today:
        return When.TODAY
    sunday = today + timedelta(days=6 - today.weekday())
    return When.WEEK if day <= sunday else When.LATER
