"""What all endpoints of roots share: reading by audience, changing by version through one door."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.http import SignedInAPIRequest, idempotent
from accounts.permissions import Permission
from core.api import etag, if_match
from core.errors import InvalidParameter, NotPermitted
from directory.catalogue.api import serializers
from directory.catalogue.api.changing import as_paths, body_of, source_of
from directory.catalogue.models.shapes import Shape
from directory.catalogue.operations import listing
from directory.catalogue.queries.tables import roots

# Who keeps listings: the provider, those who check, those who decide.
KEEPERS = frozenset({
    Permission.LISTING_EDIT, Permission.LISTING_VERIFY, Permission.LISTING_MODERATE,
    Permission.LISTING_IMPORT,
})  # fmt: skip


class RootViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Any]):
    """What all roots share: reading by audience, changing by version through the one door."""

    request: SignedInAPIRequest
    shape: ClassVar[Shape]
    opened_by: ClassVar[dict[str, frozenset[Permission]]] = dict.fromkeys(
        ("create", "events", "availability"), KEEPERS
    )
    lookup_field = "uid"
    lookup_value_converter = "uuid"
    http_method_names = ["get", "post", "patch", "head", "options"]

    def get_queryset(self) -> "QuerySet[Any, Any]":
        """Return what the caller may see."""
        if getattr(self, "swagger_fake_view", False):
            model: Any = self.shape.model
            return model.objects.none()  # type: ignore[no-any-return]  # the model is any of seven
        return roots(self.shape, self.request.user)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return one record, with the version to base a change on as its ETag."""
        return self.told(self.get_object())

    @extend_schema(request={"application/json": {"type": "object"}})
    @idempotent
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make a record; a repeated key makes none."""
        made = self.make(body_of(request.data, self.shape))
        return self.told(self.get_queryset().get(pk=made.pk), status.HTTP_201_CREATED)

    @extend_schema(
        request={"application/json": {"type": "object"}},
        responses={202: serializers.OutcomeSerializer},
    )
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change a record: 200 when all is live, 202 when a part waits for review."""
        target, version = self.get_object(), if_match(request)
        outcome = self.change(target, as_paths(body_of(request.data, self.shape)), version)
        if outcome.review:
            told = serializers.OutcomeSerializer(outcome).data
            return Response(told, status.HTTP_202_ACCEPTED)
        return self.told(self.get_queryset().get(pk=target.pk))

    def make(self, body: dict[str, Any]) -> Any:
        """Make the record that a body describes."""
        raise NotPermitted

    def change(self, target: Any, changes: dict[str, Any], version: int) -> Any:
        """Send a change through the one door."""
        user = self.request.user
        return listing.change(
            target,
            by=user,
            changes=changes,
            base_version=version,
            source=source_of(target, user),
            key=self.request.headers.get("Idempotency-Key", "")[:60],
        )

    def told(self, row: Any, code: int = status.HTTP_200_OK) -> Response:
        """Return a record with its ETag."""
        headers = {"ETag": etag(row.version)}
        return Response(self.get_serializer(row).data, code, headers=headers)

    def named(self, body: dict[str, Any], name: str, rows: Any) -> Any:
        """Return the visible record that a body names, and take it out of the body."""
        uid = body.pop(name, None)
        found = rows.filter(uid=uid).first() if _is_uid(uid) else None
        if found is None:
            sentence = _("Name the %(name)s by its uid.") % {"name": name}
            raise InvalidParameter(sentence, parameter=name)
        return found


def _is_uid(value: Any) -> bool:
    return isinstance(value, str) and len(value) == 36 and value.count("-") == 4
