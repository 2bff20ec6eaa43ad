"""What people type about accounts, signing in included."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as factor
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.totp.internal import auth
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, User
from accounts.operations import codes, limits
from accounts.permissions import NETWORK_ROLES, Role

PASSWORD_HINT = _("At least 12 characters. Four words that only you put together are good.")
LABELS: dict[str, Any] = {
    "login": _("E-mail address"),
    "email": _("E-mail address"),
    "password": _("Password"),
    "oldpassword": _("Current password"),
    "password1": _("New password"),
    "password2": _("New password again"),
    "code": _("One-time code"),
}
HINTS: dict[str, Any] = {"password": "", "password1": PASSWORD_HINT}


class _Plain:
    """Labels above, hints as sentences, nothing written into the boxes."""

    fields: dict[str, forms.Field]
    hint: Any = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = LABELS.get(name, field.label)
            field.help_text = HINTS.get(name, field.help_text)
        if "code" in self.fields:
            self.fields["code"].help_text = self.hint


class SignInForm(_Plain, account.LoginForm):
    pass


class ReauthenticateForm(_Plain, account.ReauthenticateForm):
    pass


class ResetPasswordForm(_Plain, account.ResetPasswordForm):
    def clean_email(self) -> str:
        # Whether there is such an account or not: a refusal must not tell.
        limits.hit("sign_in_account", self.cleaned_data["email"])
        email: str = super().clean_email()
        return email


class NewPasswordForm(_Plain, account.ResetPasswordKeyForm):
    pass


class ChangePasswordForm(_Plain, account.ChangePasswordForm):
    pass


class _Code(_Plain):
    """A one-time code: few tries, and each code once, whatever process takes it."""

    user: User
    authenticator: Authenticator
    hint = _("6 digits from your authenticator app, or one of your recovery codes")

    def clean_code(self) -> str:
        budget = "code_tries", str(self.user.uid)
        limits.hit(*budget)
        code: str = super().clean_code()  # type: ignore[misc]  # of the form it is mixed into
        if self.authenticator.type == Authenticator.Type.TOTP:
            step = _step(self.authenticator, code)
            if step is None or not codes.use(self.user, step=step):
                raise get_adapter().validation_error("incorrect_code")
        limits.give_back(*budget)
        return code


def _step(authenticator: Authenticator, code: str) -> int | None:
    """Find the time step that a code belongs to."""
    secret = get_adapter().decrypt(authenticator.data["secret"])
    step: int
    for step in auth.yield_hotp_counters_from_time():
        if auth.format_hotp_value(auth.hotp_value(secret, step)) == code.strip():
            return step
    return None


class CodeForm(_Code, factor.AuthenticateForm):
    pass


class CodeAgainForm(_Code, factor.ReauthenticateForm):
    pass


class SetUpCodeForm(_Plain, totp.ActivateTOTPForm):
    hint = _("6 digits that the app shows now")
    secret: str

    @property
    def key(self) -> str:
        """Return the secret in groups of four, as somebody types it."""
        return " ".join(self.secret[at : at + 4] for at in range(0, len(self.secret), 4))


class PasswordForm(forms.Form):
    """The first password of an invited person."""

    password1 = forms.CharField(
        label=_("New password"),
        help_text=PASSWORD_HINT,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label=_("New password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password1(self) -> str:
        password: str = self.cleaned_data["password1"]
        validate_password(password, self.user)
        return password

    def clean_password2(self) -> str:
        if self.cleaned_data["password2"] != self.cleaned_data.get("password1", ""):
            raise forms.ValidationError(_("The two passwords differ."))
        return str(self.cleaned_data["password2"])


class ProfileForm(forms.ModelForm[User]):
    """What a person decides about the own account."""

    class Meta:
        model = User
        fields = ("name", "single_keys")


class InviteForm(forms.ModelForm[User]):
    """Whom to invite, and in which language to write."""

    language = forms.ChoiceField(label=_("Language of the invitation"), choices=settings.LANGUAGES)

    class Meta:
        model = User
        fields = ("name", "email", "language")

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if User.objects.filter(email=email).exists():
            raise forms.ValidationError(_("There is an account with this address."))
        return email


class RoleForm(forms.Form):
    """A role, and where it is held."""

    role = forms.ChoiceField(label=_("Role"), choices=Role)
    organization: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("Organization"),
        queryset=None,
        required=False,
        empty_label=_("Whole network"),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        # By the field, because this room knows organizations by name only.
        organizations: Any = Membership._meta.get_field("organization").related_model
        where: Any = self.fields["organization"]
        where.queryset = organizations.objects.order_by("name", "pk")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        role, organization = data.get("role"), data.get("organization")
        if role in NETWORK_ROLES and organization:
            self.add_error("organization", _("This role reaches over the whole network."))
        if role and role not in NETWORK_ROLES and not organization:
            self.add_error("organization", _("Choose the organization of this role."))
        if self.user.memberships.current().filter(role=role, organization=organization).exists():
            self.add_error("role", _("This person holds this role there already."))
        return data
