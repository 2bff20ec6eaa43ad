"""How help was brought about, and how it was: the words of links, answers and chances."""

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Mode(TextChoices):
    """By which way a resource reached somebody."""

    INTRODUCED = "introduced", _("Introduced")
    APPLIED = "applied", _("Applied for")
    DONATED = "donated", _("Donated")
    REFERRED = "referred", _("Referred")


class Channel(TextChoices):
    """How an answer came in."""

    LINK = "link", _("By link")
    PAPER = "paper", _("On paper")
    PHONE = "phone", _("By phone")


class WaitBand(TextChoices):
    """How long somebody waited for the help."""

    SAME_DAY = "same_day", _("Same day")
    DAYS_3 = "days_3", _("1 to 3 days")
    DAYS_7 = "days_7", _("4 to 7 days")
    DAYS_30 = "days_30", _("8 to 30 days")
    LONGER = "longer", _("Longer than 30 days")


class Difficulty(TextChoices):
    """What stood in the way of somebody who got no help."""

    UNKNOWN_HOW = "unknown_how", _("Did not know how")
    NO_ANSWER_PHONE = "no_answer_phone", _("Nobody answered the phone")
    NO_ANSWER_PERSON = "no_answer_person", _("Nobody was there")
    UNHELPFUL = "unhelpful", _("They did not help")
    OTHER = "other", _("Something else")


# Five levels, the worst first: quality, waiting and staff.
RATINGS = (1, 2, 3, 4, 5)


class Cause(TextChoices):
    """Why a listing may help now."""

    NEW = "new", _("New service")
    REOPENED = "reopened", _("Open again")
    CAPACITY = "capacity", _("Places are free again")


# Events of the catalogue after which somebody can be sent there who could not before.
CAUSES: Mapping[str, Cause] = {
    "list": Cause.NEW,
    "import": Cause.NEW,
    "admit": Cause.NEW,
    "resume": Cause.REOPENED,
    "reopen": Cause.REOPENED,
    "unmerge": Cause.REOPENED,
    "availability": Cause.CAPACITY,
}
