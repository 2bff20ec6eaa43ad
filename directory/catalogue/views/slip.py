"""The slip: a page to print, with a QR code, and the same as text of a message."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from core.jobs import now
from directory.catalogue import exports
from directory.catalogue.queries import pages
from directory.catalogue.states import State
from directory.catalogue.views.context import WIDE, is_sensitive, listing_context
from directory.catalogue.views.listings import PublicPage


class SlipPage(PublicPage):
    """What somebody takes along: nothing on it says who they are or what they need."""

    table, name = "service", "catalogue:slip"

    def get(self, request: HttpRequest, uid: UUID) -> HttpResponseBase:
        """Show the slip of a listing; `?size=large` sets it in 18 points."""
        view = pages.listing_view(uid, to=request.user)
        if view is None or view.service.state == State.MERGED:
            return self.moved(uid)
        context: dict[str, Any] = listing_context(request, view, size=WIDE) | {
            "slip": exports.slip(view),
            "at": now(),
        }
        if request.GET.get("size") == "large":
            # One and a half times the usual size prints in 18 points.
            context |= {"is_large": True, "text_size": 150}
        response = render(request, "catalogue/slip.html", context)
        if is_sensitive(view):
            response.headers["Cache-Control"] = "no-store"
        return response
