"""W1: what is on somebody's desk, the most pressing first, and the lists that never get lost."""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.http import SignedInRequest, count
from core.jobs import now, today
from referrals.casefiles.states import Priority
from referrals.reports import queries
from referrals.reports.forms import ALL, ME, OTHERS, OWN, DeskFilter
from referrals.reports.queries.work import Desk, Entry
from referrals.reports.states import When, Work
from referrals.reports.views.base import CaseworkPage, numbered, scopes
from referrals.reports.views.rows import Row, rows

# Enough of a group to begin with; the number at its head leads to the whole of it.
SHOWN = 15
PRESSING = frozenset({When.SEVERE, When.LATE, When.TODAY, When.WEEK})
count("reports:work", queries.work.count)


class WorkPage(CaseworkPage):
    """Everything that waits for the reader, in groups; one group in full when it is asked for."""

    template_name = "reports/work.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        """Show the desk."""
        chosen = DeskFilter(request.GET).chosen()
        desk = queries.work.desk(request.user)
        mine = scoped(desk.entries, chosen["own"])
        found = [entry for entry in mine if fits(entry, chosen)]
        context: dict[str, Any] = {
            "total": len(found),
            "at": now(),
            "filters": _filters(desk.entries, mine, chosen),
            "figures": _figures(desk, chosen["own"]),
        }
        if chosen["when"]:
            context["page"] = page = numbered(found, request)
            shown = list(page)
        else:
            # The groups begin together; the number at the head of one leads to the whole of it.
            shown = [
                entry
                for group in When
                for entry in [entry for entry in found if entry.when == group][:SHOWN]
            ]
        written = rows(request.user, shown)
        return self.render_to_response(context | _groups(found, written))


def _groups(found: list[Entry], written: Mapping[Entry, Row]) -> dict[str, Any]:
    """Lay out the groups; where nothing presses, say what comes next."""
    sizes = Counter(entry.when for entry in found)
    sunday = today() + timedelta(days=6 - today().weekday())
    groups = [
        {
            "key": group.value,
            "label": group.label,
            "count": sizes[group],
            "until": sunday if group == When.WEEK else None,
            "rows": [row for entry, row in written.items() if entry.when == group],
        }
        for group in When
        if sizes[group]
    ]
    later = [row for entry, row in written.items() if entry.when == When.LATER]
    return {
        "groups": [group for group in groups if group["rows"]],
        "idle": not any(sizes[group] for group in PRESSING),
        "next": later[0] if later else None,
    }


class WorkListPage(CaseworkPage):
    """One of the lists that never get lost, in full."""

    template_name = "reports/work_list.html"

    def get(self, request: SignedInRequest, name: str) -> HttpResponse:
        """Show the list, what has waited longest first."""
        if name not in LISTS:
            raise Http404
        chosen = DeskFilter(request.GET).chosen()
        desk = queries.work.desk(request.user)
        everything: list[Entry] = getattr(desk, name)
        found = scoped(everything, chosen["own"])
        page = numbered(found, request)
        return self.render_to_response(
            {
                "heading": LISTS[name][0],
                "lead": LISTS[name][1],
                "page": page,
                "rows": rows(request.user, page).values(),
                "filters": [scopes(chosen["own"], len(scoped(everything, OWN)), len(everything))],
            }
        )


LISTS: Mapping[str, tuple[Any, Any]] = {
    "awaiting": (
        gettext_lazy("Awaiting receipt"),
        gettext_lazy("Sent, and nobody there has decided yet. What has waited longest is first."),
    ),
    "stalled": (
        gettext_lazy("Not handed over"),
        gettext_lazy("No first contact in time, or ended without one while the need is open."),
    ),
}


def scoped(entries: list[Entry], own: str) -> list[Entry]:
    """Keep one's own things, or all that one may see."""
    return entries if own == ALL else [entry for entry in entries if entry.mine]


def fits(entry: Entry, chosen: Mapping[str, Any]) -> bool:
    """Say whether an entry passes the filters; within one filter any of the values is enough."""
    turn = OTHERS if entry.waits else ME
    return (
        (not chosen["kind"] or entry.kind in chosen["kind"])
        and (not chosen["priority"] or entry.priority in chosen["priority"])
        and (not chosen["turn"] or turn in chosen["turn"])
        and (not chosen["when"] or entry.when in chosen["when"])
    )


def _filters(
    everything: list[Entry], mine: list[Entry], chosen: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Return the filters with how many things each value stands for."""
    kinds = Counter(entry.kind for entry in mine)
    levels = Counter(entry.priority for entry in mine)
    waiting = sum(entry.waits for entry in mine)
    turns = [(ME, _("Your turn"), len(mine) - waiting), (OTHERS, _("Waiting for others"), waiting)]
    return [
        scopes(chosen["own"], len(scoped(everything, OWN)), len(everything)),
        _group(_("Kind of task"), "kind", [(k.value, k.label, kinds[k]) for k in Work], chosen),
        _group(_("Priority"), "priority",
               [(p.value, p.label, levels[p]) for p in Priority], chosen)
        | {"sign": "priority"},
        _group(_("Whose turn"), "turn", turns, chosen),
    ]  # fmt: skip


def _group(
    legend: str, name: str, values: list[tuple[str, Any, int]], chosen: Mapping[str, Any]
) -> dict[str, Any]:
    options = [
        {"value": value, "label": label, "count": number, "selected": value in chosen[name]}
        for value, label, number in values
        if number or value in chosen[name]
    ]
    return {"legend": legend, "name": name, "kind": "checkbox", "options": options}


def _figures(desk: Desk, own: str) -> list[dict[str, Any]]:
    """Return the numbers on top; each is the length of the list behind it."""
    sizes = Counter(entry.when for entry in scoped(desk.entries, own))
    query = "" if own == OWN else f"?own={own}"
    unmet = scoped(desk.unmet, own)
    soon = sum(entry.when in PRESSING for entry in unmet)
    return [
        {
            "url": f"?when=severe&when=late&own={own}",
            "number": sizes[When.SEVERE] + sizes[When.LATE],
            "label": _("Overdue"),
            "note": _("%(number)s of them severely") % {"number": sizes[When.SEVERE]},
            "late": True,
        },
        {
            "url": reverse("reports:work_list", args=["awaiting"]) + query,
            "number": len(scoped(desk.awaiting, own)),
            "label": _("Awaiting receipt"),
            "note": _longest(scoped(desk.awaiting, own)),
        },
        {
            "url": reverse("reports:work_list", args=["stalled"]) + query,
            "number": len(scoped(desk.stalled, own)),
            "label": _("Not handed over"),
            "note": _("never reached the other side"),
        },
        {
            "url": reverse("reports:unmet") + query,
            "number": len(unmet),
            "label": _("Unmet needs"),
            "note": _("%(number)s to look at this week") % {"number": soon},
        },
    ]


def _longest(waiting: list[Entry]) -> str:
    since = waiting[0].since if waiting else None
    return _("for %(days)s days at most") % {"days": (now() - since).days} if since else ""
