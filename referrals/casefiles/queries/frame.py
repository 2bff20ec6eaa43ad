"""What stands around every page of a file: whose it is, the tabs, the latest news."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from core.jobs import now, today
from referrals.casefiles.models import BreakGlass, CaseFile, Client, ContactSafety, TimelineEntry
from referrals.casefiles.models.identity import masked_name
from referrals.casefiles.queries import words
from referrals.casefiles.queries.casefile import main_case
from referrals.casefiles.queries.register import consent_state
from referrals.casefiles.states import AccessPurpose, age_on

LATEST = 5
TABS: tuple[tuple[str, str | Promise], ...] = (
    ("casefiles:client", gettext_lazy("Basic information")),
    ("casefiles:needs", gettext_lazy("Needs and difficulties")),
    ("handoffs:client_help", gettext_lazy("Help so far")),
    ("casefiles:timeline", gettext_lazy("Timeline")),
    ("casefiles:consents", gettext_lazy("Consent")),
)
COUNTS: dict[str, Callable[[Client], int]] = {}


def tab_count(url_name: str, count: Callable[[Client], int]) -> None:
    """Register how many things a tab holds; called by the application whose page it is."""
    COUNTS[url_name] = count


tab_count("casefiles:needs", lambda client: client.needs.active().count())


class Identity(NamedTuple):
    """The bar that says whose file this is, with the name masked."""

    name: str
    born: int | None
    facts: str
    risks: list[str]
    consent: str
    consent_until: Any
    owner: str
    mine: bool
    safe: str
    safe_note: str


def frame(client: Client, user: User, tab: str) -> dict[str, Any]:
    """Return the context of the layout `casefiles/file.html`, for pages of every application."""
    case = main_case(client)
    return {
        "client": client,
        "case": case,
        "identity": identity(client, case, user),
        "tabs": _tabs(client, tab),
        "latest": entries(client, limit=LATEST),
        "latest_total": client.timeline.count(),
        "top_need": client.needs.active().urgent_first().first(),
        "can_edit": Client.objects.editable_by(user).filter(pk=client.pk).exists(),
        "emergency": emergency(client, user),
    }


def identity(client: Client, case: CaseFile | None, user: User) -> Identity:
    """Return the identity bar; who is not on the team reads the same words."""
    state = consent_state(client)
    safe, note = _safe_words(client)
    return Identity(
        name=masked_name(client.called),
        born=client.born.year if client.born else None,
        facts=_facts(client, case),
        risks=words.worded(client.risks, "risk"),
        consent=state.status,
        consent_until=state.until,
        owner=case.responsible.name if case else "",
        mine=case is not None and case.responsible_id == user.pk,
        safe=safe,
        safe_note=note,
    )


def entries(client: Client, *, kind: str = "", limit: int | None = None) -> list[dict[str, Any]]:
    """Return the timeline in the form the component shows, newest first."""
    rows = client.timeline.select_related("actor", "organization")
    if kind:
        rows = rows.filter(kind__startswith=kind)
    return [_entry(row) for row in (rows[:limit] if limit else rows)]


def emergency(client: Client, user: User) -> BreakGlass | None:
    """Return the emergency access by which the user is in this file now."""
    found: BreakGlass | None = client.openings.running(now()).filter(user=user).first()
    return found


def purpose_of(client: Client, user: User) -> str:
    """Return why the user may open the file without being asked, empty where a reason is asked."""
    if Client.objects.visible_to(user).of_team(user).filter(pk=client.pk).exists():
        return AccessPurpose.OWN_CASE
    approval = client.approvals.running(now()).filter(user=user).first()
    if approval is not None:
        return str(approval.purpose)
    return AccessPurpose.EMERGENCY if emergency(client, user) else ""


def _entry(row: TimelineEntry) -> dict[str, Any]:
    who = row.organization.text("name")[0] if row.organization else row.actor.name
    return {
        "icon": row.shown.icon,
        "title": row.shown.label,
        "at": row.at,
        "who": who,
        "text": row.note,
        "url": _address(row.url_name, row.thing_uid) if row.url_name else "",
    }


def _address(name: str, uid: Any) -> str:
    try:
        return reverse(name, args=[uid])
    except NoReverseMatch:
        # The application that wrote the entry is not installed.
        return ""


def _tabs(client: Client, current: str) -> list[dict[str, Any]]:
    shown = []
    for name, label in TABS:
        if url := _address(name, client.uid):
            count = COUNTS[name](client) if name in COUNTS else None
            shown.append({"url": url, "label": label, "count": count, "current": name == current})
    return shown


def _facts(client: Client, case: CaseFile | None) -> str:
    parts = []
    if client.born:
        parts.append(_("age %(age)s") % {"age": age_on(client.born, today())})
    if client.sex != "unknown":
        parts.append(client.get_sex_display())
    parts.append(case.case_no if case else client.file_no)
    return " · ".join(parts)


def _safe_words(client: Client) -> tuple[str, str]:
    safety: ContactSafety | None = getattr(client, "contact_safety", None)
    if safety is None or safety.answered_at is None:
        return _("Safe contact not asked yet"), ""
    if not safety.may_contact:
        return _("Must not be contacted"), ""
    ways = _(", ").join(words.worded(safety.channels, "contact_method"))
    said = " ".join(part for part in (ways, safety.safe_times) if part) or _("Any way, any time")
    return said, "" if safety.leave_message else _("leave no message")
