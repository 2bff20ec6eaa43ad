"""Routes that behave badly on purpose, beside the real ones."""

from typing import Any

import django_filters
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from core.api import if_match
from core.errors import Conflict, NotPermitted

FAULTS: dict[str, type[Exception] | Exception] = {
    "conflict": Conflict("Somebody was faster."),
    "forbidden": NotPermitted(),
    "django-forbidden": PermissionDenied("secret words"),
    "missing": Http404("secret words"),
    "down": OperationalError("connection refused"),
    "fault": ZeroDivisionError("13800138000 张三"),
}


@login_not_required
def page(request: HttpRequest, name: str = "", token: str = "") -> HttpResponse:
    if name in FAULTS:
        raise FAULTS[name]
    return HttpResponse("|".join([request.GET.get("q", ""), request.POST.get("q", "")]))


class Echo(APIView):
    permission_classes = [AllowAny]
    throttle_classes = []

    def get(self, request: Request, name: str = "") -> Response:
        if name in FAULTS:
            raise FAULTS[name]
        return Response({"q": request.query_params.get("q")})

    def post(self, request: Request) -> Response:
        return Response({"got": request.data})

    def patch(self, request: Request) -> Response:
        return Response({"version": if_match(request)})

    def put(self, request: Request) -> Response:
        Body(data=request.data).is_valid(raise_exception=True)
        return Response()


class Line(serializers.Serializer[Any]):
    amount = serializers.IntegerField()


class Body(serializers.Serializer[Any]):
    name = serializers.CharField()
    lines = Line(many=True)


class UserFilter(django_filters.FilterSet):
    name = django_filters.CharFilter()
    theme = django_filters.MultipleChoiceFilter(choices=[("auto", "auto"), ("dark", "dark")])

    class Meta:
        form = forms.Form
        model = User
        fields: list[str] = []


class UserLine(serializers.ModelSerializer[User]):
    class Meta:
        model = User
        fields = ["name"]


class Users(ListAPIView[User]):
    permission_classes = [AllowAny]
    throttle_classes = []
    queryset = User.objects.order_by("pk")
    serializer_class = UserLine
    filterset_class = UserFilter
    query_parameters = ("extra",)


class Private(APIView):
    def get(self, request: Request) -> Response:
        return Response()


urlpatterns = [
    path("try/", page),
    path("try/<str:name>/", page, name="try"),
    path("open/<str:token>/", page),
    path("api/v1/echo", Echo.as_view()),
    path("api/v1/echo/<str:name>", Echo.as_view()),
    path("api/v1/users", Users.as_view()),
    path("api/v1/private", Private.as_view()),
    path("", include("config.urls")),
]
handler400 = "core.views.bad_request"
handler403 = "core.views.forbidden"
handler404 = "core.views.not_found"
handler500 = "core.views.broken"
