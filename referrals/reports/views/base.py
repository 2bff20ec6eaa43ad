"""What the lists of this room share: who may open them, numbered pages, own things first."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.generic.base import TemplateResponseMixin, View

from accounts.http import SignedInRequest
from accounts.permissions import Permission
from core.errors import NotPermitted
from referrals.reports.forms import ALL, OWN

PAGE = 25


class CaseworkPage(TemplateResponseMixin, View):
    """A page for those who work with files."""

    request: SignedInRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse everybody else before anything is looked up."""
        may = self.request.user.may
        if not (may(Permission.CLIENT_READ_OWN) or may(Permission.CLIENT_READ_ORG)):
            raise NotPermitted
        return super().dispatch(request, *args, **kwargs)


def numbered(rows: Any, request: HttpRequest) -> Page[Any]:
    """Return the page that is asked for; one that does not exist is not found."""
    pages: Paginator[Any] = Paginator(rows, PAGE)
    number = request.GET.get("page", "1")
    if not (number.isascii() and number.isdigit() and 0 < int(number[:9]) <= pages.num_pages):
        raise Http404
    return pages.page(int(number))


def scopes(chosen: str, own: int, everything: int) -> dict[str, Any]:
    """Return the filter between one's own things and those of the house."""
    return {
        "legend": _("Whose"),
        "name": "own",
        "kind": "radio",
        "options": [
            {"value": OWN, "label": _("Mine"), "count": own, "selected": chosen == OWN},
            {"value": ALL, "label": _("The whole team"), "count": everything,
             "selected": chosen == ALL},
        ],
    }  # fmt: skip
