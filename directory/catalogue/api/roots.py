"""Endpoints of the other roots: organizations, programs, locations, vocabularies, terms."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from directory.catalogue import filters
from directory.catalogue.api import serializers
from directory.catalogue.api.base import RootViewSet
from directory.catalogue.api.changing import as_values
from directory.catalogue.models import Location, Organization, Program, Taxonomy, TaxonomyTerm
from directory.catalogue.models.shapes import LOCATION, ORGANIZATION, PROGRAM, TAXONOMY, TERM
from directory.catalogue.operations import organization, protected, taxonomy


class OrganizationViewSet(RootViewSet):
    """Organizations that offer help."""

    shape = ORGANIZATION
    serializer_class = serializers.OrganizationSerializer
    filterset_class = filters.OrganizationFilter

    def make(self, body: dict[str, Any]) -> Organization:
        """Enter a candidate."""
        return organization.enter(by=self.request.user, values=as_values(body))


class ProgramViewSet(RootViewSet):
    """Programs under which organizations run services."""

    shape = PROGRAM
    serializer_class = serializers.ProgramSerializer
    filterset_class = filters.ProgramFilter

    def make(self, body: dict[str, Any]) -> Program:
        """Give an organization a program."""
        user = self.request.user
        owner = self.named(body, "organization", Organization.objects.visible_to(user))
        return organization.add_program(owner, by=user, values=body)


class LocationViewSet(RootViewSet):
    """Locations; a protected one tells its district alone."""

    shape = LOCATION
    serializer_class = serializers.LocationSerializer
    opened_by: ClassVar = RootViewSet.opened_by | {"reveal": frozenset({Permission.PROTECTED_VIEW})}
    filterset_class = filters.LocationFilter

    def make(self, body: dict[str, Any]) -> Location:
        """Give an organization a location."""
        user = self.request.user
        owner = self.named(body, "organization", Organization.objects.visible_to(user))
        return organization.add_location(owner, by=user, values=as_values(body))

    @extend_schema(
        request=serializers.PurposeSerializer,
        responses={200: {"type": "object", "additionalProperties": {}}},
    )
    @action(detail=True, methods=["post"], url_path="protected")
    def reveal(self, request: Request, uid: str) -> Response:
        """Show what is sealed, for a stated purpose; who asked is in the access log."""
        spot = self.get_object()
        body = serializers.PurposeSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        told = protected.reveal(spot, by=self.request.user, **body.validated_data)
        return Response(told, headers={"Cache-Control": "no-store"})


class WordsViewSet(RootViewSet):
    """Vocabularies and terms are settings: administrators of the directory write them."""

    opened_by: ClassVar = {"create": frozenset({Permission.DIRECTORY_SETTINGS})}

    def change(self, target: Any, changes: dict[str, Any], version: int) -> Any:
        """Write the change at once."""
        return taxonomy.change(target, by=self.request.user, changes=changes, base_version=version)


class TaxonomyViewSet(WordsViewSet):
    """Vocabularies."""

    shape = TAXONOMY
    serializer_class = serializers.TaxonomySerializer
    filterset_class = filters.TaxonomyFilter

    def make(self, body: dict[str, Any]) -> Taxonomy:
        """Enter a vocabulary."""
        return taxonomy.add_taxonomy(by=self.request.user, values=body)


class TermViewSet(WordsViewSet):
    """Terms of the vocabularies; the words people search by are not among them."""

    shape = TERM
    serializer_class = serializers.TermSerializer
    filterset_class = filters.TermFilter

    def make(self, body: dict[str, Any]) -> TaxonomyTerm:
        """Enter a term."""
        return taxonomy.add_term(by=self.request.user, values=body)
