"""Finding and opening files."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic.base import TemplateResponseMixin, View

from accounts.http import RequiresPermission, SignedInRequest, idempotent, limited
from accounts.permissions import Permission
from core.errors import DomainError, NotPermitted
from directory.catalogue.models import Organization
from referrals.casefiles import operations, queries
from referrals.casefiles.forms import NewClientForm, PurposeForm, SearchForm
from referrals.casefiles.models import Client
from referrals.casefiles.views.base import give_reason, no_access, safe_next

PAGE = 25
SIZES = {"25", "50", "100"}


class ClientsPage(TemplateResponseMixin, View):
    """The own caseload; a search is sent by POST, so that it reaches no address, history or log."""

    request: SignedInRequest
    template_name = "casefiles/clients.html"

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Open to those who read files."""
        may = request.user.may
        if not (may(Permission.CLIENT_READ_OWN) or may(Permission.CLIENT_READ_ORG)):
            raise NotPermitted
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: SignedInRequest) -> HttpResponse:
        """Show whom one works with, the most urgent first."""
        size = request.GET.get("per_page", "25")
        rows = queries.people.rows(request.user)
        pages = Paginator(rows, int(size) if size in SIZES else PAGE)
        number = request.GET.get("page", "1")
        if not (number.isdigit() and 0 < int(number[:9]) <= pages.num_pages):
            raise Http404
        return self.render_to_response(
            {
                "form": SearchForm(),
                "page": pages.page(number),
                "total": pages.count,
                "watches": request.user.may(Permission.ACCESS_APPROVE),
            }
        )

    @limited("client_search")
    def post(self, request: SignedInRequest) -> HttpResponse:
        """Search; the log keeps a keyed hash of the words."""
        form = SearchForm(request.POST)
        if not form.is_valid():
            page = Paginator(queries.people.rows(request.user), PAGE).page(1)
            context = {"form": form, "page": page, "total": page.paginator.count}
            return self.render_to_response(context, status=422)
        operations.privacy.note_search(by=request.user, text=form.cleaned_data["q"])
        found = queries.people.find(request.user, form.cleaned_data["q"])
        return self.render_to_response(
            {
                "form": form,
                "own": queries.people.described(found.own, request.user),
                "others": found.others,
                "searched": True,
            }
        )


class NewClientPage(RequiresPermission, TemplateResponseMixin, View):
    """A new file; possible doubles are shown once before it is opened."""

    request: SignedInRequest
    permission = Permission.CLIENT_WRITE
    template_name = "casefiles/client_new.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        """Show the form."""
        return self.render_to_response({"form": self._form()})

    @idempotent
    def post(self, request: SignedInRequest) -> HttpResponse:
        """Open the file, unless it may be about somebody who has one: then ask once."""
        form = self._form(request.POST)
        if not form.is_valid():
            return self.render_to_response({"form": form}, status=422)
        facts, organization = form.facts(), form.cleaned_data["organization"]
        numbers = [phone.number for phone in facts["phones"]]
        alike = queries.people.alike(
            request.user,
            organization,
            name=facts["name"],
            birth_date=facts["birth_date"],
            id_number=facts["id_number"],
            numbers=numbers,
        )
        mine = queries.people.is_office_number(organization, numbers)
        if (alike or mine) and not form.cleaned_data["seen"]:
            context = {"form": form, "alike": alike, "own_number": mine}
            return self.render_to_response(context, status=200)
        try:
            client = operations.client.create(
                organization,
                by=request.user,
                case_type=form.cleaned_data["case_type"],
                source=form.cleaned_data["source"],
                **facts,
            )
        except DomainError as error:
            if not form.take(error):
                raise
            return self.render_to_response({"form": form}, status=error.status)
        messages.success(request, _("The file is open. Next: ask how the client is reached."))
        return redirect("casefiles:safety", uid=client.uid)

    def _form(self, *args: Any) -> NewClientForm:
        ids = self.request.user.organization_ids(Permission.CLIENT_WRITE)
        places = Organization.objects.filter(pk__in=ids or ())
        initial = {"sex": "unknown", "organization": places.first(), "case_type": "casework"}
        return NewClientForm(*args, organizations=places, initial=initial)


@require_POST
@idempotent
def reason(request: SignedInRequest, uid: Any) -> HttpResponse:
    """Keep why a file beyond the own caseload is read, then open it."""
    seen = Client.objects.visible_to(request.user)
    try:
        client = get_object_or_404(seen, uid=uid)
    except Http404:
        return no_access(request)
    form = PurposeForm(request.POST)
    if not form.is_valid():
        context = {"form": form, "uid": uid, "next": safe_next(request, "casefiles:clients")}
        return render(request, "casefiles/reason.html", context, status=422)
    give_reason(request, client.uid, form.cleaned_data["purpose"])
    return redirect(safe_next(request, "casefiles:clients"))


def kinds_of_need(request: HttpRequest) -> JsonResponse:
    """Suggest kinds of need for what is typed, by words, sound or initials."""
    found = queries.words.find_leaves(request.GET.get("q", "")[:60])
    return JsonResponse(
        {
            "results": [
                {
                    "value": term.code,
                    "label": term.text("name")[0],
                    "note": term.parent.text("name")[0] if term.parent else "",
                }
                for term in found
            ]
        }
    )
