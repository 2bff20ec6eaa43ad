"""What kind of client, how sensitive the file is, and the age rules."""

from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ClientKind(TextChoices):
    """Whom a file is about."""

    PERSON = "person", _("Person")
    HOUSEHOLD = "household", _("Household")
    GROUP = "group", _("Group")
    COMMUNITY = "community", _("Community")


class Sex(TextChoices):
    """As the person states it; unknown is an answer."""

    FEMALE = "female", _("Female")
    MALE = "male", _("Male")
    OTHER = "other", _("Other")
    UNKNOWN = "unknown", _("Not known")


class Sensitivity(TextChoices):
    """Who may open a file without being on its team."""

    PUBLIC = "public", _("Public")
    INTERNAL = "internal", _("Internal")
    CONFIDENTIAL = "confidential", _("Confidential")
    RESTRICTED = "restricted", _("Restricted")


class AgeBand(TextChoices):
    """The only age that leaves the file in clear; law is never computed from it."""

    B0_5 = "0-5", _("0 to 5 years")
    B6_13 = "6-13", _("6 to 13 years")
    B14_17 = "14-17", _("14 to 17 years")
    B18_34 = "18-34", _("18 to 34 years")
    B35_59 = "35-59", _("35 to 59 years")
    B60_69 = "60-69", _("60 to 69 years")
    B70_79 = "70-79", _("70 to 79 years")
    B80 = "80+", _("80 years and over")


class PhoneKind(TextChoices):
    """Whose number it is."""

    MOBILE = "mobile", _("Mobile phone")
    LANDLINE = "landline", _("Landline")
    OTHER = "other", _("Another person's phone")


class SupporterKind(TextChoices):
    """Who helps outside the agencies."""

    KIN = "kin", _("Relative")
    NEIGHBOR = "neighbor", _("Neighbor")
    VOLUNTEER = "volunteer", _("Volunteer")
    GROUP = "group", _("Self-help group")


_UPPER = ((6, "0-5"), (14, "6-13"), (18, "14-17"), (35, "18-34"), (60, "35-59"), (70, "60-69"))


def age_on(birth_date: date, on: date) -> int:
    """Count whole years; a birthday on 29 February is reached on 1 March of a short year."""
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))


def band_of(age: int) -> AgeBand:
    """Return the band of an age in whole years."""
    for below, band in (*_UPPER, (80, "70-79")):
        if age < below:
            return AgeBand(band)
    return AgeBand.B80
