"""Addresses of handoffs."""

from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, path

app_name = "handoffs"


def _soon(request, **kwargs):
    return HttpResponse()


urlpatterns: list[URLPattern | URLResolver] = [
    path("needs/<uuid:uid>/find/", _soon, name="find"),
    path("referrals/new/", _soon, name="refer"),
    path("referrals/", _soon, name="referrals"),
    path("referrals/<uuid:uid>/", _soon, name="referral"),
    path("referrals/<uuid:uid>/slip/", _soon, name="slip"),
    path("inbox/", _soon, name="inbox"),
    path("answer/<str:token>/", _soon, name="answer_enter"),
    path("answer/", _soon, name="answer"),
    path("status/<str:token>/", _soon, name="status_enter"),
    path("status/", _soon, name="status"),
    path("clients/<uuid:uid>/help/", _soon, name="client_help"),
]
