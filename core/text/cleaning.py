"""What text may contain before anything else looks at it."""

import re
import unicodedata

from django.utils.translation import gettext as _

from core.errors import DomainError

# C0 and C1 controls but for tab and newline; overrides that show a name in another order than it
# is stored; halves of surrogate pairs, which no database takes.
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
LINE_END = re.compile("\r\n?")


class UncleanText(DomainError):
    """The text holds a character that cannot be seen and must not be stored."""

    code = "unclean_text"
    status = 400


def clean(text: str) -> str:
    """Refuse invisible characters; return the rest composed (NFC), with plain line ends."""
    text = LINE_END.sub("\n", text).replace("\ufeff", "")
    found = FORBIDDEN.search(text)
    if found:
        sentence = _("The text contains the invisible character U+%(code)s. Type it again.")
        raise UncleanText(sentence % {"code": f"{ord(found[0]):04X}"})
    return unicodedata.normalize("NFC", text)


def printable(text: str) -> str:
    """Return old text for a paper or a table: what `clean` refuses is left out."""
    return FORBIDDEN.sub("", LINE_END.sub("\n", text).replace("\ufeff", ""))
