"""Why each class may be needed and what happens without it: shown beside every tick (pure)."""

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from referrals.casefiles.states import DataClass

D = DataClass


class Words(NamedTuple):
    """Necessity and effect of one class."""

    why: str | Promise
    without: str | Promise


WORDS: Mapping[DataClass, Words] = {
    D.IDENTITY: Words(
        _("So that they know whom they help; shown after they accept only."),
        _("Without it: help for an unnamed person only."),
    ),
    D.CONTACT: Words(
        _("So that they can call you; shown after they accept only."),
        _("Without it: you call them yourself."),
    ),
    D.HOUSEHOLD: Words(
        _("Some help depends on who lives with you."),
        _("Without it: they may ask you."),
    ),
    D.ADDRESS_DETAIL: Words(
        _("Needed where somebody comes to your home."),
        _("Without it: you go to them."),
    ),
    D.NEED_NARRATIVE: Words(
        _("To judge what help fits."),
        _("Without it: they know the kind of need only and ask again."),
    ),
    D.FINANCE: Words(
        _("To prove a claim to money or to a lower fee."),
        _("Without it: the ordinary fee, or a proof shown by yourself."),
    ),
    D.BENEFITS: Words(
        _("Some services are free for people with certain benefits."),
        _("Without it: you show the certificate yourself."),
    ),
    D.HEALTH_GENERAL: Words(
        _("So that nobody is hurt by the help."),
        _("Without it: they ask you face to face."),
    ),
    D.HIV: Words(
        _("Only for treatment and support in this matter."),
        _("Without it: every other help stays open to you."),
    ),
    D.MENTAL_HEALTH: Words(
        _("So that the right person talks to you."),
        _("Without it: they ask you face to face."),
    ),
    D.SUBSTANCE: Words(
        _("Only for treatment and support in this matter."),
        _("Without it: every other help stays open to you."),
    ),
    D.DISABILITY: Words(
        _("To prepare access, aids and the right helper."),
        _("Without it: the first visit may be in vain."),
    ),
    D.VIOLENCE: Words(
        _("To plan protection."),
        _("Without it: protection cannot be planned beforehand."),
    ),
    D.WHEREABOUTS: Words(
        _("Only where somebody must come to a protected place."),
        _("Without it: you meet elsewhere."),
    ),
    D.CRIMINAL_RECORD: Words(
        _("Only where the service asks for it by law."),
        _("Without it: services that ask for it by law cannot begin."),
    ),
    D.JUVENILE_RECORD: Words(
        _("Sealed by law; only for the body that follows the case."),
        _("Without it: every other help stays open to you."),
    ),
    D.RESIDENCE_STATUS: Words(
        _("Some help is for residents or depends on the household register."),
        _("Without it: they may ask you for the papers."),
    ),
    D.EDUCATION: Words(
        _("For schooling and training."),
        _("Without it: they ask you."),
    ),
    D.EMPLOYMENT: Words(
        _("For work and training."),
        _("Without it: they ask you."),
    ),
    D.CHILD_DATA: Words(
        _("Where the help is for a child."),
        _("Without it: help for the child cannot begin."),
    ),
    D.DOCUMENTS: Words(
        _("Where an application must carry numbers and certificates."),
        _("Without it: you hand them in yourself."),
    ),
}
