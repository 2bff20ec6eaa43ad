"""Shared reads of handoffs."""

from referrals.handoffs.queries.links import by_token, by_uid, is_live, live_link, token_hash
from referrals.handoffs.queries.people import (
    answers,
    approvers,
    coordinators,
    is_on_platform,
    office_phone,
    people,
    people_in_charge,
)
from referrals.handoffs.queries.referrals import (
    awaiting_receipt,
    chain,
    clock,
    history,
    inbox,
    not_handed_over,
    of_client,
    referrals,
    thread,
    words,
)
from referrals.handoffs.queries.steps import Allowed, Field, allowed, reasons
from referrals.handoffs.queries.workload import (
    breached,
    my_work,
    to_remind,
    unanswered,
    waiting_for_others,
)

__all__ = [
    "Allowed",
    "Field",
    "allowed",
    "answers",
    "approvers",
    "awaiting_receipt",
    "breached",
    "by_token",
    "by_uid",
    "chain",
    "clock",
    "coordinators",
    "history",
    "inbox",
    "is_live",
    "is_on_platform",
    "live_link",
    "my_work",
    "not_handed_over",
    "of_client",
    "office_phone",
    "people",
    "people_in_charge",
    "reasons",
    "referrals",
    "thread",
    "to_remind",
    "token_hash",
    "unanswered",
    "waiting_for_others",
    "words",
]
