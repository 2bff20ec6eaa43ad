"""Names and numbers of a person: their check digit, and how they are shown masked (pure)."""

import re
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from referrals.casefiles.errors import InvalidFacts
from referrals.casefiles.states import Sex

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
COMPOUND = frozenset({
    *("欧阳", "司马", "上官", "诸葛", "司徒", "东方", "独孤", "南宫", "夏侯", "尉迟"),
    *("长孙", "慕容", "宇文", "皇甫", "令狐", "公孙", "轩辕", "钟离", "东郭", "百里"),
    *("呼延", "端木", "太史", "申屠", "闻人", "澹台", "公冶", "宗政", "濮阳", "淳于"),
    *("单于", "赫连", "万俟", "司空"),
})  # fmt: skip


class Told(NamedTuple):
    """What an identity number says about its bearer."""

    birth_date: date
    sex: Sex


def check_id_number(text: str) -> str:
    """Return an identity number with a true check digit, empty for none."""
    number = re.sub(r"\s", "", text).translate(_PLAIN).upper()
    if not number:
        return ""
    if not re.fullmatch(r"\d{17}[\dX]", number) or number[-1] != _check(number):
        raise InvalidFacts.of("id_number", _("This identity number has a mistake in it."))
    if told_by(number) is None:
        raise InvalidFacts.of("id_number", _("This identity number names no day of birth."))
    return number


def told_by(number: str) -> Told | None:
    """Return birth date and sex that a checked number holds, to be offered for confirmation."""
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    return Told(born, Sex.MALE if int(number[16]) % 2 else Sex.FEMALE)


def masked_name(name: str) -> str:
    """Show the surname alone: 张**, 欧阳**, A**."""
    if not name:
        return ""
    surname = name[:2] if name[:2] in COMPOUND and len(name) > 2 else name[:1]
    return f"{surname}**"


def masked_id(number: str) -> str:
    """Show where the number was issued and how it ends."""
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}" if len(number) > 7 else ""


# Full-width digits and X as typed with a Chinese input method.
_PLAIN = {0xFF10 + digit: str(digit) for digit in range(10)} | {0xFF38: "X", 0xFF58: "X"}


def _check(number: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=False))
    return CHECKS[total % 11]
