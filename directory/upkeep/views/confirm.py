"""R1: confirm listings by link, without an account; opening changes nothing."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import View

from accounts.http import idempotent, limited
from accounts.operations import limits
from accounts.queries import guest
from core import jobs
from core.api import client_ip, posted_version
from core.errors import Conflict, DomainError
from directory.catalogue.operations import place as places
from directory.upkeep.forms import AvailabilityForm, FactsForm, WhoForm
from directory.upkeep.models import RequestLine, VerificationRequest, VerificationTask
from directory.upkeep.operations import confirmations, requests
from directory.upkeep.operations.confirmations import Word
from directory.upkeep.states import Method, Source, TaskState

COOKIE = "confirm"
# Long enough to look things up, short enough for a shared computer.
MINUTES = 30
SALT = "upkeep.confirm"
ANSWERS = frozenset({"correct", "changed", "closed"})
TURN_AWAY = {"not_us": requests.disown, "stop": requests.stop}


class UnknownAnswer(DomainError):
    """A form came without any of its buttons."""

    code = "invalid"


@dataclass
class Line:
    """One listing on the page, with its form."""

    task: VerificationTask
    form: FactsForm
    availability: AvailabilityForm
    is_settled: bool


@login_not_required
def enter(request: HttpRequest, token: str) -> HttpResponseBase:
    """Take the token out of the address: a signed cookie for half an hour, then the plain page."""
    found = VerificationRequest.objects.filter(token_hash=requests.fingerprint(token)).first()
    if found is None:
        limits.hit("link_unknown", client_ip(request))
        return _ended(request)
    response = HttpResponseRedirect(reverse("upkeep:confirm"))
    _keep(response, found)
    return _private(response)


def _keep(response: HttpResponse, found: VerificationRequest) -> None:
    response.set_cookie(
        COOKIE,
        signing.dumps(str(found.uid), salt=SALT),
        max_age=MINUTES * 60,
        path=reverse("upkeep:confirm"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        # Strict cookies would be left out after the redirect from a mail.
        samesite="Lax",
    )


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def _held(request: HttpRequest) -> VerificationRequest | None:
    """Return the request that the cookie names, whatever its state."""
    try:
        uid = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=MINUTES * 60)
    except signing.BadSignature:
        return None
    return VerificationRequest.objects.filter(uid=uid).select_related("organization").first()


def _usable(found: VerificationRequest | None) -> VerificationRequest | None:
    if found is None:
        return None
    return VerificationRequest.objects.usable(at=jobs.now()).filter(pk=found.pk).first()


def _ended(request: HttpRequest) -> HttpResponse:
    """Show one page for unknown, used-up and expired links, which gives nothing away."""
    return _private(render(request, "upkeep/confirm_ended.html", status=404))


@method_decorator(login_not_required, name="dispatch")
class ConfirmPage(View):
    """Every listing of the message: all correct, changed, or closed."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Count the answers of a link before anything is done."""
        if request.method == "POST" and (found := _held(request)):
            limits.hit("link_posts", str(found.uid))
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the listings; nothing is recorded."""
        usable = _usable(_held(request))
        if usable is None:
            return _ended(request)
        return self._page(request, usable, self._lines(usable, None), WhoForm(initial=_who(usable)))

    @idempotent
    def post(self, request: HttpRequest) -> HttpResponse:
        """Record the answer to one listing, or to all of them."""
        usable = _usable(_held(request))
        if usable is None:
            return _ended(request)
        act = request.POST.get("act", "")
        if act in TURN_AWAY:
            TURN_AWAY[act](usable, by=guest())
            return _private(render(request, "upkeep/confirm_left.html", {"act": act}))
        if act not in ANSWERS:
            raise UnknownAnswer(_("Say whether the entries are right, by one of the buttons."))
        who = WhoForm(request.POST, initial=_who(usable))
        lines = self._lines(usable, request.POST)
        chosen = [line for line in lines if not line.is_settled and self._meant(request, line)]
        if not who.is_valid() or not self._are_valid(request, chosen):
            return self._page(request, usable, lines, who, status=422)
        requests.use(
            usable, by=guest(), name=who.cleaned_data["name"], role=who.cleaned_data["role"]
        )
        self._must_be_as_seen(request, chosen)
        for line in chosen:
            self._answer(request, usable, line)
        done = render(
            request,
            "upkeep/confirm_done.html",
            {"lines": self._lines(usable, None), "again": not chosen, "request_": usable},
        )
        _keep(done, usable)
        return _private(done)

    def _meant(self, request: HttpRequest, line: Line) -> bool:
        # The button of one listing names it in its address, beside the form that all share; the
        # others mean all listings, but nothing closes all of them at once.
        only = request.GET.get("line", "")
        if request.POST["act"] == "closed":
            return only == str(line.task.uid)
        return not only or only == str(line.task.uid)

    def _are_valid(self, request: HttpRequest, lines: list[Line]) -> bool:
        if request.POST["act"] == "closed":
            return True
        # Every form is checked, so that all mistakes are shown at once.
        forms = [form for line in lines for form in (line.form, line.availability)]
        return sum(not form.is_valid() for form in forms) == 0

    def _must_be_as_seen(self, request: HttpRequest, lines: list[Line]) -> None:
        """Compare versions before the first answer, which may raise those of its neighbors."""
        for line in lines:
            seen = posted_version(request, f"version-{line.task.uid}")
            if line.task.service.version != seen and request.POST["act"] != "closed":
                raise Conflict(_("A listing was changed since you opened it. Please look again."))

    def _answer(self, request: HttpRequest, held: VerificationRequest, line: Line) -> None:
        task = line.task
        task.service.refresh_from_db()
        word = Word(
            method=Method.EMAIL,
            seen_version=task.service.version,
            contact_name=held.answered_by,
            contact_role=held.answered_role,
            request=held,
            # An address that was not a contact for a month is believed like any visitor.
            source=Source.LINK if held.is_known else Source.PUBLIC,
        )
        service, place, by = task.service, task.place, guest()
        if request.POST["act"] == "closed":
            confirmations.report_closed(service, place, by=by, word=word, task=task)
            return
        # What was typed counts whichever button was pressed: nobody's correction is dropped.
        if changes := line.form.changes():
            confirmations.correct(
                service, place, by=by, word=word, changes=changes,
                key=f"request:{held.uid}:{task.uid}", groups=task.groups, task=task,
            )  # fmt: skip
        else:
            confirmations.confirm(service, place, by=by, word=word, groups=task.groups, task=task)
        if line.availability.has_changed():
            self._say_availability(line)

    def _say_availability(self, line: Line) -> None:
        places.set_availability(
            line.task.place or line.task.service,
            by=guest(),
            state=line.availability.cleaned_data["state"],
            wait_days=line.availability.cleaned_data["wait_days"],
        )

    def _lines(self, held: VerificationRequest, data: Any) -> list[Line]:
        found = RequestLine.objects.filter(request=held).select_related(
            "task__service__organization", "task__place__location"
        )
        lines = []
        for row in found.order_by("pk"):
            task, prefix = row.task, str(row.task.uid)
            form = FactsForm(data, service=task.service, place=task.place, prefix=prefix)
            said = AvailabilityForm(
                data, prefix=f"{prefix}-a", empty_permitted=True, use_required_attribute=False
            )
            lines.append(Line(task, form, said, task.state != TaskState.OPEN))
        return lines

    def _page(
        self,
        request: HttpRequest,
        held: VerificationRequest,
        lines: list[Line],
        who: WhoForm,
        status: int = 200,
    ) -> HttpResponse:
        context = {"request_": held, "lines": lines, "who": who}
        return _private(render(request, "upkeep/confirm.html", context, status=status))


def _who(held: VerificationRequest) -> dict[str, str]:
    """Ask once: what was answered before is filled in; else the contact on file."""
    contact = held.contact
    return {
        "name": held.answered_by or (contact.name if contact else ""),
        "role": held.answered_role or (contact.title if contact else ""),
    }


@login_not_required
@require_POST
@limited("public_form")
def renew(request: HttpRequest) -> HttpResponse:
    """Send a new link to the address on file, whether or not there is one: the page is the same."""
    found = _held(request)
    if found is not None and found.state != "revoked":
        requests.renew(found, by=guest())
    return _private(render(request, "upkeep/confirm_renewed.html"))
