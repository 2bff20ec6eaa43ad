"""Pages behind a secret link: the token leaves the address at once, and GET changes nothing."""

from typing import ClassVar

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views.generic import View

from accounts.operations import limits
from accounts.queries import guest
from core.api import client_ip
from referrals.handoffs import http, operations, queries
from referrals.handoffs.models import AccessLink

TAKEN_BACK = frozenset({"CONSENT_WITHDRAWN", "BASIS_EXPIRED"})


@method_decorator(login_not_required, name="dispatch")
class Enter(View):
    """The address in the message: it only exchanges the token, because scanners open it too."""

    kind: ClassVar[str] = ""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Exchange the token for a cookie; an unknown one is counted and looks the same."""
        link = queries.by_token(token, self.kind)
        if link is None:
            limits.hit("link_unknown", client_ip(request))
        response = HttpResponseRedirect(http.page_of(self.kind), status=303)
        return http.sealed(http.keep(response, self.kind, link, stage=http.NEW))


@method_decorator(login_not_required, name="dispatch")
class Door(View):
    """A page for whoever holds a link that still opens something."""

    kind: ClassVar[str] = ""
    request: HttpRequest
    link: AccessLink
    stage: str

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Look the link up, count the POSTs, keep the answer out of caches."""
        held = http.held(request, self.kind)
        if request.method == "POST" and held.link is not None:
            limits.hit("link_posts", str(held.link.uid))
        if held.link is None or not held.is_open:
            return http.sealed(self.closed(request, held.link))
        self.link, self.stage = held.link, held.stage
        response = super().dispatch(request, *args, **kwargs)
        return http.sealed(response) if isinstance(response, HttpResponse) else response

    def closed(self, request: HttpRequest, link: AccessLink | None) -> HttpResponse:
        """Say that it is over: taken back, or one page for every other reason."""
        if link is not None and link.referral.end_reason in TAKEN_BACK:
            return render(request, "handoffs/link_withdrawn.html", status=410)
        asked = request.method == "POST" and request.POST.get("intent") == "ask"
        if asked:
            limits.hit("link_unknown", client_ip(request))
            if link is not None:
                operations.links.ask(link, by=guest())
        context = {"asked": asked, "kind": self.kind}
        return render(request, "handoffs/link_ended.html", context, status=410)

    def at_stage(self, response: HttpResponse, stage: str) -> HttpResponse:
        """Remember how far the holder has come."""
        return http.keep(response, self.kind, self.link, stage=stage)

    def again(self) -> HttpResponse:
        """Go back to the page of the link."""
        return HttpResponseRedirect(http.page_of(self.kind))
