"""Keeping what people say: a whole answer about help that was given, else what stood in the way."""

from typing import Any, TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.operations import audited
from core.errors import NotPermitted
from core.jobs import now
from core.text import clean
from directory.catalogue.models import Code
from referrals.casefiles.models import Need
from referrals.casefiles.operations import timeline
from referrals.casefiles.operations.access import must_edit
from referrals.handoffs import queries as handoffs
from referrals.handoffs.models import AccessLink, Referral
from referrals.handoffs.states import LinkKind
from referrals.reports.errors import AlreadyDone, FactsMissing, InvalidFacts
from referrals.reports.models import Evaluation
from referrals.reports.states import FEEDBACK, RATINGS, Channel, Difficulty, WaitBand

CLIENT = "client"
SETS = {
    "party": "evaluation_party",
    "resolution": "resolution",
    "satisfaction": "satisfaction",
}
ENUMS = {"wait_band": WaitBand, "difficulty": Difficulty, "channel": Channel}
LEVELS = ("quality", "wait", "staff")
# What an answer about help that was given must hold.
WHOLE = ("satisfaction", "quality", "wait")
# What only somebody who got help can say.
OF_HELP = ("wait_band", "quality", "wait", "staff")


class Answers(TypedDict, total=False):
    """What somebody says; what is left out stays empty."""

    delivered: bool
    resolution: str
    satisfaction: str
    wait_band: str
    difficulty: str
    quality: int | None
    wait: int | None
    staff: int | None
    text: str
    anonymous: bool


def record(
    need: Need,
    *,
    by: User,
    party: str = CLIENT,
    channel: str = Channel.PHONE,
    referral: Referral | None = None,
    link: AccessLink | None = None,
    **answers: Unpack[Answers],
) -> Evaluation:
    """Keep an answer; the holder of a client's link answers for the client, once."""
    with audited(by=by, action="evaluation.record", client=need.client, channel=channel) as entry:
        if by.is_guest:
            _must_hold(link, referral)
        else:
            must_edit(need.client, by)
        facts: dict[str, Any] = {"party": party, "channel": channel, **answers}
        _check(facts)
        facts["text"] = clean(facts.get("text", "")).strip()
        try:
            with transaction.atomic():
                made = Evaluation.objects.create(need=need, referral=referral, author=by, **facts)
        except IntegrityError as error:
            raise AlreadyDone(_("An answer has come in already. Thank you.")) from error
        entry.on = made
        timeline.add(need.client, by=by, at=now(), kind=FEEDBACK, thing=made)
    return made


def _must_hold(link: AccessLink | None, referral: Referral | None) -> None:
    """Let the holder of a live link speak about the referral of that link, and no other."""
    if (
        link is None
        or referral is None
        or link.kind != LinkKind.CLIENT
        or link.referral_id != referral.pk
        or not handoffs.is_live(link)
    ):
        raise NotPermitted


def _check(facts: dict[str, Any]) -> None:
    """Refuse what cannot be, and what is not whole; all missing parts are named at once."""
    for name, words in SETS.items():
        value = facts.get(name, "")
        if value and not Code.objects.of(words).filter(code=value).exists():
            raise InvalidFacts.of(name, _("Choose one of the list."))
    for name, enum in ENUMS.items():
        if facts.get(name) and facts[name] not in enum.values:
            raise InvalidFacts.of(name, _("Choose one of the list."))
    for name in LEVELS:
        if facts.get(name) is not None and facts[name] not in RATINGS:
            raise InvalidFacts.of(name, _("Choose one of the five levels."))
    if facts.get("delivered") is None:
        raise FactsMissing.of("delivered")
    wanted = WHOLE if facts["delivered"] else _explanation(facts)
    if missing := [name for name in wanted if not facts.get(name)]:
        raise FactsMissing.of(*missing)
    # Waiting and quality count from help that was given; the reason from help that was not.
    for name in ("difficulty",) if facts["delivered"] else OF_HELP:
        facts.pop(name, None)


def _explanation(facts: dict[str, Any]) -> tuple[str, ...]:
    return ("text",) if facts.get("difficulty") == Difficulty.OTHER else ("difficulty",)
