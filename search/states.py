"""States and kinds of the search tables; no database."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class GenerationState(TextChoices):
    BUILDING = "building", _("being built")
    LIVE = "live", _("in use")
    PREVIOUS = "previous", _("kept for going back")
    FAILED = "failed", _("given up")


class Origin(TextChoices):
    """Where a wording came from."""

    FIXTURE = "fixture", _("shipped")
    OPERATOR = "operator", _("entered by an editor")
    REVIEW = "review", _("taken from what people typed")


class Kind(TextChoices):
    """What a suggestion leads to."""

    TERM = "term", _("category")
    SERVICE = "service", _("service")
    ORGANIZATION = "organization", _("organization")
    AREA = "area", _("area")


class Form(TextChoices):
    """How a key spells its label; what is not the label itself is never highlighted."""

    NAME = "name", _("name")
    REFERENCE = "reference", _("other wording")
    SOUND = "sound", _("pinyin")
    INITIALS = "initials", _("initials")


class Language(TextChoices):
    ZH = "zh", _("Chinese")
    EN = "en", _("English")
