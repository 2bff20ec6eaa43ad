"""Addresses of accounts: own pages and API, and those of allauth that the product offers."""

from allauth.account import views as account
from django.urls import URLPattern, URLResolver, include, path, re_path
from rest_framework.routers import SimpleRouter

from accounts import api, views
from accounts.http import limited

app_name = "accounts"

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("tokens", api.TokenViewSet, basename="token")
router.register("sessions", api.SessionViewSet, basename="session")

urlpatterns: list[URLPattern | URLResolver] = [
    path("start/", views.start, name="start"),
    path("invitation/", views.InvitationPage.as_view(), name="invitation"),
    path("invitation/<str:token>/", views.enter_invitation, name="invitation_enter"),
    path("profile/", views.ProfilePage.as_view(), name="profile"),
    path("notices/", views.NoticesPage.as_view(), name="notices"),
    path("settings/users/", views.UsersPage.as_view(), name="users"),
    path("settings/users/new/", views.InvitePage.as_view(), name="invite"),
    path("settings/users/<uuid:uid>/", views.UserPage.as_view(), name="user"),
    path("settings/users/<uuid:uid>/<slug:act>/", views.UserActPage.as_view(), name="user_act"),
    path("settings/roles/<uuid:uid>/end/", views.EndRolePage.as_view(), name="role_end"),
    path("settings/outbox/", views.OutboxPage.as_view(), name="outbox"),
    path("settings/access-log/", views.AccessLogPage.as_view(), name="access_log"),
    path("settings/access-log/export/", views.export_access_log, name="access_log_export"),
    path("api/v1/", include(router.urls)),
]

# Nobody signs up or changes the address alone, so those pages of allauth have no address here.
sign_in: list[URLPattern | URLResolver] = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("signup/", account.signup, name="account_signup"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path(
        "password/reset/",
        limited("sign_in_address")(account.password_reset),
        name="account_reset_password",
    ),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
]
