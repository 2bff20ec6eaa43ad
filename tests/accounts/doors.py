"""Doors that only these tests open, to see how what they share behaves."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import queries
from accounts.http import idempotent, limited
from accounts.models import RateBucket
from accounts.operations import audited
from accounts.urls import sign_in
from core.errors import Conflict
from core.jobs import now


def make(by, name):
    with audited(by=by, action="test.made"):
        return RateBucket.objects.create(budget=name, key="k", starts_at=now(), ends_at=now())


class Body(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=20)


class Things(APIView):
    @idempotent
    def post(self, request):
        body = Body(data=request.data)
        body.is_valid(raise_exception=True)
        made = make(request.user, body.validated_data["name"])
        if body.validated_data["name"] == "late":
            raise Conflict("somebody was faster")
        return Response({"id": made.pk, "ratio": 0.1}, status=201, headers={"ETag": '"1"'})


@login_not_required
@limited("public_form")
@idempotent
def page(request: HttpRequest) -> HttpResponse:
    name = request.POST.get("name", "")
    if not name:
        return HttpResponse("<p>Name it.</p>")
    make(queries.actor(request.user), name)
    return redirect("/help/")


urlpatterns = [
    path("", include("core.urls")),
    path("", include("accounts.urls")),
    path("accounts/", include(sign_in)),
    path("api/v1/things", Things.as_view()),
    path("page/", page),
]
