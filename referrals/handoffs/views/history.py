"""过往帮扶: the tab of a client's file that shows every referral."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.generic import View

from accounts.http import SignedInRequest
from core.templatetags.words import money
from directory.catalogue.models import Code
from referrals.casefiles import operations as files_operations
from referrals.casefiles import queries as files
from referrals.casefiles.models import Client
from referrals.handoffs import queries
from referrals.handoffs.models import Referral
from referrals.handoffs.states import Status
from referrals.handoffs.views import story

TAB = "handoffs:client_help"


class ClientHelpPage(View):
    """What was tried and what came of it, newest first."""

    def get(self, request: SignedInRequest, uid: UUID) -> HttpResponse:
        """Show the tab inside the layout of the file."""
        clients = Client.objects.visible_to(request.user).select_related("organization", "area")
        client: Client = get_object_or_404(clients, uid=uid)
        purpose = files.frame.purpose_of(client, request.user)
        files_operations.privacy.note_reading(
            client, by=request.user, purpose=purpose or "supervision"
        )
        words = {code.code: code.label for code in Code.objects.filter(set="referral_outcome")}
        context = {
            "rows": [_row(one, words) for one in queries.of_client(client)],
            **files.frame.frame(client, request.user, TAB),
        }
        return render(request, "handoffs/client_help.html", context)


def _row(referral: Referral, words: dict[str, str]) -> dict[str, Any]:
    needs = list(referral.needs.all())
    results = [words.get(row.result or row.outcome, "") for row in needs]
    amounts = [money(row.amount) for row in needs if row.amount]
    ended_badly = referral.status in {
        *(Status.DECLINED, Status.FAILED, Status.CANCELLED, Status.ENTERED_IN_ERROR)
    }
    return {
        "referral": referral,
        "title": story.title(referral),
        "url": reverse("handoffs:referral", args=[referral.uid]),
        "other": story.recipient_name(referral),
        "reason": queries.reason_label(referral) if ended_badly and referral.end_reason else "",
        "result": ", ".join(part for part in (*results, *amounts) if part),
    }
