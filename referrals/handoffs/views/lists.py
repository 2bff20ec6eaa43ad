"""Lists of referrals: what was sent, what has come in."""

from typing import Any, ClassVar
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from accounts.http import SignedInRequest, idempotent
from accounts.permissions import Permission
from core.crypto import prime
from core.jobs import now, today
from core.templatetags.signs import PRIORITY
from referrals.casefiles.states import Priority
from referrals.handoffs import packet, queries
from referrals.handoffs.filters import LISTS, ReferralFilter
from referrals.handoffs.models import Referral
from referrals.handoffs.states import UNDECIDED, Bucket, Event, Status
from referrals.handoffs.views import base, story

SIZES = (25, 50, 100)
WORDS = (Bucket.YOURS, Bucket.MOVING, Bucket.WAITING, Bucket.ENDED)
GROUPS = {
    "late": gettext_lazy("Past the time limit"),
    "today": gettext_lazy("To be decided today"),
    "later": gettext_lazy("Tomorrow and later"),
    "ended": gettext_lazy("Ended"),
}


class ReferralsPage(View):
    """Outgoing referrals, the most urgent first, narrowed at the left."""

    template_name: ClassVar[str] = "handoffs/referrals.html"
    part: ClassVar[str] = "handoffs/_referrals.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        """Show one page of the list."""
        rows = queries.referrals(request.user, box="out")
        chosen = ReferralFilter(request.GET, queryset=rows, request=request)
        page = Paginator(chosen.qs, _size(request)).get_page(request.GET.get("page"))
        context = {
            "page": page,
            "rows": [_row(referral, sending=True) for referral in page],
            "filters": _outgoing(queries.outgoing_counts(request.user), request),
            "total": page.paginator.count,
            "has_clients": request.user.may(Permission.CLIENT_READ_OWN),
        }
        template = self.part if getattr(request, "htmx", False) else self.template_name
        response = render(request, template, context)
        response["Vary"] = "HX-Request"
        return response


class InboxPage(View):
    """Incoming referrals by the time limit of the answer; preview facts only."""

    def get(self, request: SignedInRequest) -> HttpResponse:
        """Show what has come in, grouped by when it is due."""
        word = request.GET.get("bucket", "")
        word = word if word in WORDS else Bucket.YOURS
        counts = queries.inbox_counts(request.user)
        pks = queries.inbox(request.user, word).values_list("pk", flat=True)
        paginator = Paginator(pks, _size(request))
        paginator.count = counts[word]
        page = paginator.get_page(request.GET.get("page"))
        rows = queries.inbox_page(request.user, list(page))
        context = {
            "page": page,
            "groups": _grouped(rows, ended=word == Bucket.ENDED),
            "withdrawn": queries.withdrawn(request.user) if word == Bucket.YOURS else [],
            "total": counts[word],
            "filters": [_words(counts, word)],
            "organization": queries.own_organizations(request.user),
            "at": now(),
        }
        return render(request, "handoffs/inbox.html", context)

    @idempotent
    def post(self, request: SignedInRequest) -> HttpResponse:
        """Confirm receipt and open the referral."""
        try:
            uid = UUID(request.POST.get("referral", ""))
        except ValueError:
            raise Http404 from None
        referral = base.find(request.user, uid)
        base.take(request, referral, Event.ACKNOWLEDGE, by=request.user)
        return redirect("handoffs:referral", uid=referral.uid)


def _grouped(rows: list[Referral], *, ended: bool) -> list[dict[str, Any]]:
    """Group by the deadline of the answer: late, today, later; what has ended needs no group."""
    seen = [one for one in rows if one.previews and not ended]
    prime(one.data_key_id for one in seen)
    cells = [packet.Cell.from_json(one.previews[-1].body) for one in seen]
    words = dict(zip([one.pk for one in seen], queries.previews(cells), strict=True))
    groups: dict[str, list[dict[str, Any]]] = {name: [] for name in GROUPS}
    for referral in rows:
        row = _row(referral, sending=False, words=words.get(referral.pk))
        groups["ended" if ended else _when(referral)].append(row)
    return [
        {"key": name, "title": GROUPS[name], "rows": found}
        for name, found in groups.items()
        if found
    ]


def _when(referral: Referral) -> str:
    if referral.due_at is None or timezone.localdate(referral.due_at) > today():
        return "later"
    return "late" if referral.due_at < now() else "today"


def _row(
    referral: Referral, *, sending: bool, words: queries.Preview | None = None
) -> dict[str, Any]:
    clock = queries.clock(referral)
    return {
        "referral": referral,
        "title": story.title(referral),
        "who": story.recipient_name(referral) if sending else "",
        "turn": story.turn(referral, recipient=not sending),
        "start": clock.started_at if clock else None,
        "words": words,
        "undecided": referral.status in UNDECIDED,
        "is_new": referral.status == Status.SENT,
    }


def _outgoing(counts: dict[str, int], request: SignedInRequest) -> list[dict[str, Any]]:
    """Return the filters of outgoing referrals; each is an address that can be passed on."""
    chosen = request.GET
    whole = {"value": "", "label": _("All"), "selected": not chosen.get("bucket")}
    turn = _words(counts, chosen.get("bucket", ""))
    lists = [("", _("All")), *LISTS]
    return [
        {**turn, "options": [whole, *turn["options"]]},
        {
            "legend": _("List"),
            "name": "list",
            "kind": "radio",
            "options": [
                {"value": value, "label": label, "selected": chosen.get("list", "") == value}
                for value, label in lists
            ],
        },
        {
            "legend": _("Level"),
            "name": "priority",
            "options": [
                {
                    "value": level.value,
                    "label": level.label,
                    "selected": level.value in chosen.getlist("priority"),
                }
                for level in Priority
                if level.value in PRIORITY
            ],
        },
    ]


def _words(counts: dict[str, int], chosen: str) -> dict[str, Any]:
    """Return the filter at the left: the four words with their counts."""
    return {
        "legend": _("Whose turn"),
        "name": "bucket",
        "kind": "radio",
        "options": [
            {"value": word, "label": Bucket(word).label, "count": n, "selected": word == chosen}
            for word, n in counts.items()
        ],
    }


def _size(request: SignedInRequest) -> int:
    given = request.GET.get("per_page", "")
    return int(given) if given.isdigit() and int(given) in SIZES else SIZES[0]
