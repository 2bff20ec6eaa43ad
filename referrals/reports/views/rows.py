"""How the things on a desk are written in a row: title, person, whose turn, one action."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from core.jobs import now, today
from core.templatetags.words import short_day
from referrals.casefiles.models import Client
from referrals.casefiles.states import NeedStatus, age_on
from referrals.handoffs.states import UNANSWERED, Status
from referrals.reports import queries, states
from referrals.reports.queries.work import STALLED, UNMET, Entry
from referrals.reports.states import Work

Text = str | Promise


@dataclass(frozen=True)
class Row:
    """One row as the component `row_work` prints it."""

    kind: Text
    title: str
    url: str
    action: Text
    action_url: str = ""
    who: str = ""
    turn: str = ""
    mine: bool = True
    due: date | datetime | None = None
    priority: str = ""
    severe: bool = False


class Act(NamedTuple):
    """The one button of a row, and the page it opens."""

    label: Text
    page: str


ON_REFERRAL: Mapping[str, Text] = {
    Work.OUTCOME: gettext_lazy("Verify"),
    Work.QUESTION: gettext_lazy("Answer"),
    Work.DRAFT: gettext_lazy("Continue"),
    Work.APPROVAL: gettext_lazy("Approve"),
    Work.INCOMING: gettext_lazy("View"),
}
ON_NEED: Mapping[str, Act] = {
    Work.NEED_OPEN: Act(gettext_lazy("Find help"), "handoffs:find"),
    Work.NEED_REVIEW: Act(gettext_lazy("Look again"), "handoffs:find"),
    UNMET: Act(gettext_lazy("Look again"), "handoffs:find"),
}
KINDS: Mapping[str, Text] = {
    **dict(Work.choices),
    UNMET: gettext_lazy("Unmet need"),
}


def rows(user: User, entries: Iterable[Entry]) -> dict[Entry, Row]:
    """Write the rows of a page, in the order of the entries."""
    shown = list(entries)
    found = queries.things.things(user, shown)
    people = queries.things.clients(user, found)
    written = {}
    for entry in shown:
        thing = found.get((entry.kind, entry.pk))
        if thing is not None:
            client = people.get(queries.things.client_id(thing) or 0)
            written[entry] = _completed(WRITERS[entry.kind](entry, thing, client), entry)
    return written


def _completed(row: Row, entry: Entry) -> Row:
    """Add what every row has; on a colleague's row nobody is told that it is their turn."""
    mine = row.mine and entry.mine and not entry.waits
    return replace(
        row,
        mine=mine,
        turn="" if mine else row.turn,
        due=entry.due,
        priority=entry.priority,
        severe=entry.when == states.When.SEVERE,
    )


def person(client: Client | None, *more: str) -> str:
    """Name a client as lists do: surname, age and district, then what else is said."""
    parts = []
    if client is not None:
        parts.append(client.masked_name)
        if client.born:
            parts.append(_("age %(years)s") % {"years": age_on(client.born, today())})
        if client.area:
            parts.append(client.area.text("name")[0])
    return " · ".join([*parts, *filter(None, more)])


# ---- One writer per sort ---------------------------------------------------------------------
def _own_referral(entry: Entry, referral: Any, client: Client | None) -> Row:
    return Row(
        kind=KINDS[entry.kind],
        title=f"{target(referral)} · {referral.ref_no}",
        url=reverse("handoffs:referral", args=[referral.uid]),
        action=ON_REFERRAL[entry.kind],
        who=person(client, recipient(referral)),
        turn=referral.sender.name,
    )


def _draft(entry: Entry, referral: Any, client: Client | None) -> Row:
    row = _own_referral(entry, referral, client)
    return replace(row, action_url=f"{reverse('handoffs:refer')}?draft={referral.uid}")


def _to_answer(entry: Entry, referral: Any, _client: Client | None) -> Row:
    """Leave the person out: the recipient reads the preview first, an approver the draft."""
    row = _own_referral(entry, referral, None)
    return replace(row, who=referral.sender_org.text("name")[0])


def _waiting(_entry: Entry, referral: Any, client: Client | None) -> Row:
    sent = _("sent %(day)s") % {"day": short_day(referral.sent_at)} if referral.sent_at else ""
    return Row(
        kind=Status(referral.status).label,
        title=f"{target(referral)} · {referral.ref_no}",
        url=reverse("handoffs:referral", args=[referral.uid]),
        action=_next_step(referral),
        who=person(client, sent),
        turn=recipient(referral),
        mine=not referral.is_open,
    )


def _next_step(referral: Any) -> str:
    """Name what a sender does about a referral that others hold, or hold no longer."""
    if not referral.is_open:
        return _("Refer onward")
    late = referral.due_at is not None and referral.due_at < now()
    return _("Alternatives") if late and referral.status in UNANSWERED else _("View")


def _of_need(entry: Entry, need: Any, client: Client | None) -> Row:
    act = ON_NEED[entry.kind]
    since = _("recorded %(day)s") % {"day": short_day(need.identified_at)}
    return Row(
        kind=KINDS[entry.kind],
        title=need.category.text("name")[0],
        url=reverse("casefiles:need", args=[need.uid]),
        action=act.label,
        action_url=reverse(act.page, args=[need.uid]),
        who=person(client, since),
        turn=_owner(need),
    )


def _of_follow_up(entry: Entry, look: Any, client: Client | None) -> Row:
    own = reverse("reports:follow_up", args=[look.uid])
    why = look.get_kind_display() if look.kind != states.Kind.UNRESOLVED else _why(look)
    return Row(
        kind=KINDS[entry.kind],
        title=look.need.category.text("name")[0],
        # Who is not on the team says in the file why it is opened.
        url=own if entry.mine else reverse("casefiles:needs", args=[client.uid] if client else []),
        action=_("Record") if entry.mine else _("Open file"),
        who=person(client, why),
        turn=_owner(look.need),
    )


def _why(look: Any) -> str:
    if look.referral is not None:
        return f"{Status(look.referral.status).label} · {look.referral.ref_no}"
    if look.need.status == NeedStatus.UNMET:
        return _("review date reached")
    return _("service taken along by the client")


def _of_chance(_entry: Entry, alert: Any, client: Client | None) -> Row:
    query = f"?need={alert.need.uid}&service={alert.service.uid}"
    return Row(
        kind=alert.get_cause_display(),
        title=alert.service.text("name")[0],
        url=reverse("catalogue:service", args=[alert.service.uid]),
        action=_("Refer"),
        action_url=reverse("handoffs:refer") + query,
        who=person(client, alert.need.category.text("name")[0]),
        turn=_owner(alert.need),
    )


def _of_case(entry: Entry, case: Any, client: Client | None) -> Row:
    return Row(
        kind=KINDS[entry.kind],
        title=case.case_no,
        url=reverse("casefiles:case", args=[case.uid]),
        action=_("Review"),
        who=person(client),
        turn=case.responsible.name,
    )


def _of_consent(entry: Entry, consent: Any, client: Client | None) -> Row:
    uid = client.uid if client else consent.uid
    return Row(
        kind=KINDS[entry.kind],
        title=_("Ask again, or let it end"),
        url=reverse("casefiles:consents", args=[uid]),
        action=_("Ask again"),
        who=person(client),
    )


def _of_transfer(entry: Entry, offer: Any, _client: Client | None) -> Row:
    return Row(
        kind=KINDS[entry.kind],
        title=_("from %(name)s") % {"name": offer.from_user.name},
        url=reverse("casefiles:transfer", args=[offer.uid]),
        action=_("Answer"),
    )


def _of_glass(entry: Entry, opening: Any, client: Client | None) -> Row:
    return Row(
        kind=KINDS[entry.kind],
        title=_("by %(name)s") % {"name": opening.user.name},
        url=reverse("casefiles:access"),
        action=_("Judge"),
        who=person(client),
    )


def _of_check(_entry: Entry, task: Any, _client: Client | None) -> Row:
    where = task.area.text("name")[0] if task.area else ""
    return Row(
        kind=task.get_stage_display(),
        title=task.service.text("name")[0],
        url=reverse("upkeep:check", args=[task.uid]),
        action=_("Visit") if task.stage == "visit" else _("Call"),
        who=" · ".join(filter(None, (task.service.organization.text("name")[0], where))),
    )


WRITERS: Mapping[str, Callable[[Entry, Any, Client | None], Row]] = {
    Work.OUTCOME: _own_referral,
    Work.QUESTION: _own_referral,
    Work.DRAFT: _draft,
    Work.APPROVAL: _to_answer,
    Work.INCOMING: _to_answer,
    Work.WAITING: _waiting,
    STALLED: _waiting,
    Work.NEED_OPEN: _of_need,
    Work.NEED_REVIEW: _of_need,
    UNMET: _of_need,
    Work.FOLLOW_UP: _of_follow_up,
    Work.CHANCE: _of_chance,
    Work.CASE_REVIEW: _of_case,
    Work.CONSENT: _of_consent,
    Work.TRANSFER: _of_transfer,
    Work.GLASS: _of_glass,
    Work.CHECK: _of_check,
}


def target(referral: Any) -> str:
    """Return what a referral asks for, in the language of the page."""
    if referral.service is not None:
        return str(referral.service.text("name")[0])
    return str(referral.off_platform_contact)


def recipient(referral: Any) -> str:
    """Return who is asked."""
    if referral.recipient_org is not None:
        return str(referral.recipient_org.text("name")[0])
    return str(referral.off_platform_contact)


def _owner(need: Any) -> str:
    return need.case.responsible.name if need.case is not None else ""
