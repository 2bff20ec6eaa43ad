"""Users and their roles, for the security administrator."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView, FormView
from django.views.generic.base import TemplateResponseMixin
from django_filters.views import FilterView

from accounts import operations, queries
from accounts.filters import UserFilter
from accounts.forms import InviteForm, RoleForm
from accounts.http import RequiresPermission, SignedInRequest, idempotent
from accounts.models import Membership, User
from accounts.permissions import Permission


class ManagesUsers(RequiresPermission):
    permission = Permission.USER_MANAGE


class UsersPage(ManagesUsers, FilterView):
    filterset_class = UserFilter
    template_name = "accounts/users.html"
    paginate_by = 25

    def get_queryset(self) -> Any:
        return queries.people()


class InvitePage(ManagesUsers, FormView[InviteForm]):
    request: SignedInRequest
    form_class = InviteForm
    template_name = "accounts/invite.html"

    @idempotent
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: InviteForm) -> HttpResponse:
        person = operations.user.invite(by=self.request.user, **form.cleaned_data)
        messages.success(self.request, _("The invitation is on its way. Now give a role."))
        return redirect("accounts:user", uid=person.uid)


class UserPage(ManagesUsers, DetailView[User]):
    """One person: roles, state, and what can be done about them; the form grants a role."""

    request: SignedInRequest
    template_name = "accounts/user.html"
    context_object_name = "person"
    slug_field = slug_url_kwarg = "uid"

    def get_queryset(self) -> Any:
        return queries.people()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", RoleForm(user=self.object))
        return super().get_context_data(acts=_acts_for(self.object), **kwargs)

    @idempotent
    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Grant a role."""
        self.object = self.get_object()
        form = RoleForm(request.POST, user=self.object)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        operations.membership.grant(self.object, by=self.request.user, **form.cleaned_data)
        messages.success(request, _("The role counts from this person's next click on."))
        return redirect("accounts:user", uid=self.object.uid)


class Act(NamedTuple):
    """Something done to an account after a page that says what it means."""

    run: Callable[..., object]
    label: object
    effect: object
    applies: Callable[[User], bool]


ACTS = {
    "invite-again": Act(
        operations.user.invite_again,
        gettext_lazy("Send the invitation again"),
        gettext_lazy("A fresh link is sent; the old one stops working."),
        lambda person: person.is_active and not person.has_usable_password(),
    ),
    "end-sessions": Act(
        operations.session.end_all,
        gettext_lazy("Sign out everywhere"),
        gettext_lazy("All browsers and programs of this person are signed out at once."),
        lambda person: person.is_active,
    ),
    "reset-second-factor": Act(
        operations.user.reset_second_factor,
        gettext_lazy("Remove the second factor"),
        gettext_lazy("For a lost phone: the next sign-in asks to set up a new second factor."),
        queries.has_second_factor,
    ),
    "disable": Act(
        operations.user.disable,
        gettext_lazy("Close the account"),
        gettext_lazy("This person is signed out and cannot sign in any more. Records stay."),
        lambda person: person.is_active,
    ),
    "enable": Act(
        operations.user.enable,
        gettext_lazy("Open the account again"),
        gettext_lazy("This person can sign in again, with the roles that are still held."),
        lambda person: not person.is_active,
    ),
}


def _acts_for(person: User) -> list[tuple[str, Act]]:
    return [(name, act) for name, act in ACTS.items() if act.applies(person)]


class Confirmed(ManagesUsers, TemplateResponseMixin):
    """A page that says what will happen, and the act behind its button."""

    request: SignedInRequest
    template_name = "accounts/confirm.html"

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        """Say what will happen."""
        return self.render_to_response(self.question())

    @idempotent
    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        """Do it."""
        person = self.act()
        messages.success(request, _("The change is made."))
        return redirect("accounts:user", uid=person.uid)

    def question(self) -> dict[str, Any]:
        """Return what the page says."""
        raise NotImplementedError

    def act(self) -> User:
        """Do it and return whom it concerned."""
        raise NotImplementedError


class UserActPage(Confirmed):
    def question(self) -> dict[str, Any]:
        person, chosen = self._found()
        return {
            "person": person,
            "title": chosen.label,
            "effect": chosen.effect,
            "back_url": reverse("accounts:user", args=[person.uid]),
        }

    def act(self) -> User:
        person, chosen = self._found()
        chosen.run(person, by=self.request.user)
        return person

    def _found(self) -> tuple[User, Act]:
        person = get_object_or_404(queries.people(), uid=self.kwargs["uid"])
        chosen = ACTS.get(self.kwargs["act"])
        if chosen is None or not chosen.applies(person):
            raise Http404
        return person, chosen


class EndRolePage(Confirmed):
    def question(self) -> dict[str, Any]:
        held = self._found()
        return {
            "person": held.user,
            "title": _("End the role %(role)s") % {"role": held.get_role_display()},
            "effect": _("It stops counting with this person's next click. Other roles stay."),
            "back_url": reverse("accounts:user", args=[held.user.uid]),
        }

    def act(self) -> User:
        held = self._found()
        operations.membership.end(held, by=self.request.user)
        return held.user

    def _found(self) -> Membership:
        current = Membership.objects.current().select_related("user")
        return get_object_or_404(current, uid=self.kwargs["uid"])
