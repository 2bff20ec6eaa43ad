"""Checking what is typed into the pages of handoffs."""

from referrals.handoffs.forms.answer import AnswerForm
from referrals.handoffs.forms.links import BirthDateForm, CodeForm, LinkForm
from referrals.handoffs.forms.refer import OffPlatformForm, ReferForm
from referrals.handoffs.forms.steps import TakeStep

__all__ = [
    "AnswerForm",
    "BirthDateForm",
    "CodeForm",
    "LinkForm",
    "OffPlatformForm",
    "ReferForm",
    "TakeStep",
]
