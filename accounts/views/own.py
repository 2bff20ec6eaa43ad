"""What everybody has: the first page, an invitation, the profile, the notices."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.generic import FormView, ListView, UpdateView

from accounts import operations, queries
from accounts.forms import PasswordForm, ProfileForm
from accounts.http import SignedInRequest, idempotent
from accounts.http.navigation import entries
from accounts.models import Message, User

COOKIE = "invitation"
MINUTES = 30


@require_safe
def start(request: SignedInRequest) -> HttpResponse:
    """Open the first place of the navigation: each role begins somewhere else."""
    places = entries(request.user)
    return redirect(str(places[0]["url"]) if places else "accounts:profile")


@login_not_required
@require_safe
def enter_invitation(request: HttpRequest, token: str) -> HttpResponse:  # noqa: ARG001
    """Take the token out of the address at once; nothing is changed by opening a link."""
    response = redirect("accounts:invitation")
    response.set_signed_cookie(
        COOKIE,
        token,
        max_age=MINUTES * 60,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


@method_decorator(login_not_required, name="dispatch")
class InvitationPage(FormView[PasswordForm]):
    """An invited person chooses the first password."""

    form_class = PasswordForm
    template_name = "accounts/invitation.html"
    success_url = reverse_lazy("account_login")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        token = request.get_signed_cookie(COOKIE, default="", max_age=MINUTES * 60)
        self.invited = queries.invited(token or "")
        if self.invited is None:
            # Unknown, used and expired look alike.
            return render(request, "accounts/invitation_void.html", status=404)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.invited}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(invited=self.invited, **kwargs)

    @idempotent
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: PasswordForm) -> HttpResponse:
        operations.user.set_password(form.user, form.cleaned_data["password1"], by=form.user)
        messages.success(self.request, _("Your password is set. Sign in with it now."))
        response = super().form_valid(form)
        response.delete_cookie(COOKIE)
        return response


class ProfilePage(UpdateView[User, ProfileForm]):
    """The own account: name and keys here, password, second factor and sessions behind links."""

    request: SignedInRequest
    form_class = ProfileForm
    template_name = "accounts/profile.html"
    success_url = reverse_lazy("accounts:profile")

    def get_object(self, queryset: object = None) -> User:
        return User.objects.get(pk=self.request.user.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = self.request.user
        return super().get_context_data(
            memberships=person.memberships.current().select_related("organization"),
            tokens=person.auth_token_set.select_related("organization").order_by("expiry"),
            has_second_factor=queries.has_second_factor(person),
            **kwargs,
        )

    @idempotent
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: ProfileForm) -> HttpResponse:
        operations.user.change_profile(self.request.user, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, _("Saved."))
        return redirect(self.get_success_url())


class NoticesPage(ListView[Message]):
    """通知: what happened elsewhere and matters to this person."""

    request: SignedInRequest
    template_name = "accounts/notices.html"
    paginate_by = 25

    def get_queryset(self) -> Any:
        return queries.notices(self.request.user)

    def post(self, request: SignedInRequest) -> HttpResponse:
        """Take what was seen out of the count."""
        operations.message.mark_read(by=request.user)
        return redirect("accounts:notices")
