"""Needs that nobody could meet, and the services that may meet them now."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accounts.http import SignedInRequest, idempotent
from directory.catalogue import queries as catalogue
from referrals.casefiles.models import Client, Need
from referrals.reports import queries
from referrals.reports.forms import ALL, OWN, DeskFilter
from referrals.reports.models import UnmetAlert
from referrals.reports.operations import alerts
from referrals.reports.views.base import CaseworkPage, numbered, scopes
from referrals.reports.views.rows import person


class UnmetPage(CaseworkPage):
    """Unmet needs by the day on which they are looked at again."""

    template_name = "reports/unmet.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        """Show the list."""
        chosen = DeskFilter(request.GET).chosen()
        everything = queries.unmet.unmet(request.user)
        own = everything.filter(client__in=Client.objects.caseload_of(request.user).values("pk"))
        page = numbered(everything if chosen["own"] == ALL else own, request)
        return self.render_to_response(
            {
                "page": page,
                "rows": described(list(page)),
                "filters": [scopes(chosen["own"], own.count(), everything.count())],
                "own": chosen["own"] == OWN,
            }
        )


def described(needs: list[Need]) -> list[dict[str, object]]:
    """Return the needs of a page with their words."""
    reasons = catalogue.code_labels("unmet_reason")
    return [
        {
            "need": need,
            "who": person(need.client),
            "reason": reasons.get(need.unmet_reason, need.unmet_reason),
            "look": next(iter(need.looks), None),  # type: ignore[attr-defined]  # prefetched
            "chances": need.chances,  # type: ignore[attr-defined]  # prefetched
        }
        for need in needs
    ]


@require_POST
@idempotent
def seen(request: SignedInRequest, uid: str) -> HttpResponse:
    """Take a chance off the list."""
    alert = get_object_or_404(
        UnmetAlert.objects.visible_to(request.user).select_related("need__client"), uid=uid
    )
    alerts.mark_seen(alert, by=request.user)
    return redirect("reports:unmet")
