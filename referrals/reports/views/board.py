"""C1: what the coordinator watches over; every number leads to its rows."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.base import TemplateResponseMixin, View

from accounts.http import RequiresPermission, SignedInRequest
from accounts.models import User
from accounts.permissions import Permission
from core.jobs import now
from directory.catalogue import queries as catalogue
from referrals.reports import charts, queries
from referrals.reports.queries.board import LISTS, UnmetTable
from referrals.reports.suppression import Cell
from referrals.reports.views.base import numbered
from referrals.reports.views.rows import Row, recipient, target

FIRST = 5
BARS = 8
WORDS: Mapping[str, tuple[Any, Any]] = {
    "late": (
        gettext_lazy("Past the time limit"),
        gettext_lazy("Referrals under way whose running time limit has passed."),
    ),
    "unanswered": (
        gettext_lazy("Unanswered"),
        gettext_lazy("Referrals without a decision after twice the time limit."),
    ),
    "bounced": (
        gettext_lazy("Bounced"),
        gettext_lazy("Needs that two or more providers declined and nobody has taken."),
    ),
    "stale": (
        gettext_lazy("Verification overdue"),
        gettext_lazy("Listings that are shown although nobody has confirmed them in time."),
    ),
    "visits": (
        gettext_lazy("Visits due"),
        gettext_lazy("Listings to be visited by the end of this week."),
    ),
}
UNMET = gettext_lazy(
    "Needs that are unmet now, in the whole network, by kind and by the district of the client. "
    "Numbers under five are not shown, nor those that would give them away."
)


class BoardPage(RequiresPermission, TemplateResponseMixin, View):
    """The figures, the most pressing rows, and where help is missing."""

    request: SignedInRequest
    permission = Permission.REFERRAL_COORDINATE
    template_name = "reports/board.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        """Show the board as it stands now."""
        user = request.user
        counts = {name: rows(user).count() for name, rows in LISTS.items()}
        table = queries.board.unmet_table()
        return self.render_to_response(
            {
                "at": now(),
                "figures": _figures(counts, table),
                "counts": counts,
                "late": [
                    {"row": referral_row(one), "target": target(one), "number": one.ref_no}
                    for one in _first(LISTS["late"], user)
                ],
                "bounced": bounced_rows(user, list(_first(LISTS["bounced"], user))),
                "unmet": _unmet(table),
                "definition": UNMET,
            }
        )


class BoardListPage(RequiresPermission, TemplateResponseMixin, View):
    """The rows behind one figure."""

    request: SignedInRequest
    permission = Permission.REFERRAL_COORDINATE
    template_name = "reports/board_list.html"

    def get(self, request: SignedInRequest, name: str) -> HttpResponse:
        """Show the list, as long as the figure says."""
        if name not in LISTS:
            raise Http404
        page = numbered(LISTS[name](request.user), request)
        heading, lead = WORDS[name]
        return self.render_to_response(
            {
                "heading": heading,
                "lead": lead,
                "page": page,
                "at": now(),
                "rows": [WRITERS[name](one) for one in page.object_list],
            }
        )


class UnmetRowsPage(RequiresPermission, TemplateResponseMixin, View):
    """The needs behind a figure of the table, as far as the network may see them."""

    request: SignedInRequest
    permission = Permission.REPORT_NETWORK
    template_name = "reports/board_unmet.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        """Show them without anything that leads to a file."""
        kind, district = request.GET.get("kind", ""), request.GET.get("district")
        found = queries.board.unmet_rows(kind, district)
        reasons = catalogue.code_labels("unmet_reason")
        page = numbered(found.rows, request)
        return self.render_to_response(
            {
                "figure": found.figure,
                "hidden": found.hidden,
                "page": page,
                "at": now(),
                "definition": UNMET,
                "rows": [(row, reasons.get(row.reason, row.reason)) for row in page.object_list],
            }
        )


# ---- Rows ------------------------------------------------------------------------------------
def referral_row(referral: Any) -> Row:
    """Write a referral as the coordinator sees it: service, number, whose turn; no person."""
    waits_for_sender = referral.next_actor == "sender"
    holder = referral.sender_org.text("name")[0] if waits_for_sender else recipient(referral)
    return Row(
        kind=referral.get_status_display(),
        title=f"{target(referral)} · {referral.ref_no}",
        url=reverse("handoffs:referral", args=[referral.uid]),
        action=_("View"),
        who=referral.sender_org.text("name")[0],
        turn=holder,
        mine=False,
        due=referral.due_at,
        priority=referral.priority,
    )


def bounced_row(referral: Any) -> Row:
    """Write the last attempt of a chain with how many have declined."""
    row = referral_row(referral)
    words = _("declined %(count)s times") % {"count": referral.declines}
    return Row(**vars(row) | {"who": f"{row.who} · {words}", "turn": "", "due": None})


def _listing_row(service: Any) -> Row:
    return Row(
        kind="",
        title=service.text("name")[0],
        url=reverse("catalogue:service", args=[service.uid]),
        action=_("View"),
        who=service.organization.text("name")[0],
        mine=False,
        due=service.verify_by,
    )


def _visit_row(task: Any) -> Row:
    where = task.area.text("name")[0] if task.area else ""
    return Row(
        kind=task.get_kind_display(),
        title=task.service.text("name")[0],
        url=reverse("upkeep:check", args=[task.uid]),
        action=_("View"),
        who=" · ".join(filter(None, (task.service.organization.text("name")[0], where))),
        turn=task.assignee.name if task.assignee else "",
        mine=False,
        due=task.visit_on or task.due_on,
    )


WRITERS: Mapping[str, Callable[[Any], Row]] = {
    "late": referral_row,
    "unanswered": referral_row,
    "bounced": bounced_row,
    "stale": _listing_row,
    "visits": _visit_row,
}


def bounced_rows(user: User, referrals: list[Any]) -> list[dict[str, Any]]:
    """Return chains with the reasons why they were declined."""
    reasons = queries.board.decline_reasons(user, referrals)
    labels = catalogue.code_labels("decline_reason") if reasons else {}
    return [
        {
            "row": bounced_row(referral),
            "count": referral.declines,
            "reasons": [labels.get(code, code) for code in reasons.get(referral.chain_id, [])],
        }
        for referral in referrals
    ]


# ---- Figures ---------------------------------------------------------------------------------
def _first(rows: Callable[[Any], QuerySet[Any]], user: Any) -> QuerySet[Any]:
    return rows(user).prefetch_related(None)[:FIRST]


def _figures(counts: Mapping[str, int], table: UnmetTable) -> list[dict[str, Any]]:
    late = {"late", "unanswered"}
    found = [
        {
            "url": reverse("reports:board_list", args=[name]),
            "number": number,
            "label": WORDS[name][0],
            "late": name in late,
        }
        for name, number in counts.items()
    ]
    unmet = {
        "url": reverse("reports:board_unmet"),
        "number": table.shown.total.text,
        "label": _("Unmet needs"),
    }
    return [*found[:3], unmet, *found[3:]]


def _unmet(table: UnmetTable) -> dict[str, Any]:
    """Lay out the drawing with its table, and the table by district."""
    names = [kind.text("name")[0] for kind in table.kinds]
    values = [
        charts.Value(name, cell.value, cell.text, not cell.is_shown)
        for name, cell in zip(names, table.shown.row_totals, strict=True)
    ]
    rows = zip(table.kinds, names, table.shown.cells, table.shown.row_totals, strict=True)
    return {
        "is_empty": not table.kinds,
        "svg": render_to_string("reports/_bars.html", {"drawn": charts.bars(values[:BARS])}),
        "bars": [[{"text": name}, _linked(total, kind.code)] for kind, name, _cells, total in rows][
            :BARS
        ],
        "bar_columns": [{"label": _("Kind of need")}, {"label": _("Needs"), "number": True}],
        "columns": [
            {"label": _("Kind of need")},
            *(
                {"label": area.text("name")[0] if area else _("not known"), "number": True}
                for area in table.districts
            ),
        ],
        "cells": [
            [
                {"text": name},
                *(
                    _linked(cell, kind.code, area.code if area else "")
                    for cell, area in zip(cells, table.districts, strict=True)
                ),
            ]
            for kind, name, cells in zip(table.kinds, names, table.shown.cells, strict=True)
        ],
    }


def _linked(cell: Cell, kind: str, district: str | None = None) -> dict[str, str]:
    """Link a number to its rows; what is hidden, and zero, leads nowhere."""
    if not cell.is_shown or not cell.value:
        return {"text": cell.text, "url": ""}
    query = f"?kind={kind}" + (f"&district={district}" if district is not None else "")
    return {"text": cell.text, "url": reverse("reports:board_unmet") + query}
