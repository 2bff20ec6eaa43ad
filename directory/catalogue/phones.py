"""Telephone numbers, pure: what counts as one, how it compares, how it is dialed."""

import re
from collections.abc import Collection
from typing import Final, NamedTuple

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from core.text import fold

# 110, 12348, 96110: libphonenumber knows only some of them, and none as a full number.
HOTLINE: Final = re.compile(r"[1-9]\d{2,5}")
MAINLAND_MOBILE: Final = re.compile(r"\+861[3-9]\d{9}")
EXTENSION: Final = re.compile(
    r"(?:\s*(?:转接?|分机号?|ext(?:ension)?\.?|x|#|,)\s*:?\s*|\s*[-\uff0d](?=\d{1,5}$))(\d{1,6})\s*$",
    re.IGNORECASE,
)


class Number(NamedTuple):
    """A number as it is kept: what was written, its comparable form, its extension."""

    number: str
    e164: str
    extension: str = ""


class NotANumber(ValueError):
    """What was written is no telephone number."""


def parse(
    text: str, *, extension: str = "", country: str = "CN", extra_prefixes: Collection[str] = ()
) -> Number:
    """Read a number; short hotlines and the operator's own prefixes count as numbers."""
    written = _half_width(text)
    main, found = split(written)
    for candidate, tail in ((written, ""), (main, found)):
        comparable = _comparable(candidate, country, extra_prefixes)
        if comparable:
            return Number(candidate, comparable, extension.strip() or tail)
    raise NotANumber(text)


def split(text: str) -> tuple[str, str]:
    """Cut an extension off the end of a number: 转8012, ext 12, -8012."""
    match = EXTENSION.search(text)
    return (text[: match.start()].strip(), match[1]) if match else (text.strip(), "")


def _half_width(text: str) -> str:
    """Turn full-width digits and signs into plain ones, leave the rest as written."""
    return fold(text).strip() if any("\uff01" <= c <= "\uff5e" for c in text) else text.strip()


def _comparable(text: str, country: str, extra_prefixes: Collection[str]) -> str:
    digits = re.sub(r"[\s().\-\u2013\u2014/]", "", text)
    if HOTLINE.fullmatch(digits):
        return digits
    if digits.isdecimal() and any(digits.startswith(prefix) for prefix in extra_prefixes):
        return digits
    try:
        parsed = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return ""
    if parsed.extension or not phonenumbers.is_valid_number(parsed):
        return ""
    return phonenumbers.format_number(parsed, PhoneNumberFormat.E164)


def is_mainland_mobile(e164: str) -> bool:
    """Say whether the number is a mainland mobile: somebody's own, unless published as work."""
    return bool(MAINLAND_MOBILE.fullmatch(e164))


def is_mobile(e164: str) -> bool:
    """Say whether a message can be sent to the number."""
    if not e164.startswith("+"):
        return False
    kind = phonenumbers.number_type(phonenumbers.parse(e164))
    return kind in {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


def tel(number: str, e164: str, extension: str = "") -> str:
    """Return what a `tel:` link dials; the comma is a pause before the extension."""
    dialed = e164 or re.sub(r"[^\d+]", "", number)
    tail = re.sub(r"\D", "", extension)
    return f"{dialed},{tail}" if tail else dialed


def masked(number: str) -> str:
    """Return a number that only reminds: 138****1234."""
    digits = re.sub(r"\D", "", number.strip().removeprefix("+86"))
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 8 else "****"
