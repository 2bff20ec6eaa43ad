"""The catalogue in Django's admin: to look at; only settings are edited there, and logged."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from accounts.operations import audited
from directory.catalogue.models import (
    Code,
    ListingRestriction,
    Location,
    Organization,
    Service,
    ServiceAtLocation,
    Source,
    Taxonomy,
    TaxonomyTerm,
    WorkCalendar,
)


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]  # generic at type-check time only
    """A table to look at."""

    def has_add_permission(self, request: HttpRequest, *_args: object) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class Setting(admin.ModelAdmin):  # type: ignore[type-arg]  # generic at type-check time only
    """A table of settings; what is in use is never deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: Any) -> None:
        """Save under the name of whoever did it."""
        user: Any = request.user
        action = f"settings.{obj._meta.model_name}"
        with audited(by=user, action=action, fields=list(form.changed_data)):
            super().save_model(request, obj, form, change)


@admin.register(Organization)
class OrganizationAdmin(ReadOnly):
    list_display = ["name", "kind", "state", "audience", "last_modified"]
    list_filter = ["state", "kind"]


@admin.register(Service)
class ServiceAdmin(ReadOnly):
    list_display = ["name", "organization", "state", "freshness", "verify_by"]
    list_filter = ["state", "freshness", "audience"]
    list_select_related = ["organization"]


@admin.register(ServiceAtLocation)
class PlaceAdmin(ReadOnly):
    list_display = ["service", "location", "state", "freshness"]
    list_filter = ["state"]
    list_select_related = ["service", "location"]


@admin.register(Location)
class LocationAdmin(ReadOnly):
    list_display = ["name", "location_type", "area", "precision", "protected"]
    list_filter = ["location_type", "precision", "protected"]
    list_select_related = ["area"]


@admin.register(Taxonomy)
class TaxonomyAdmin(ReadOnly):
    list_display = ["code", "name", "vocabulary_version"]


@admin.register(TaxonomyTerm)
class TaxonomyTermAdmin(ReadOnly):
    list_display = ["code", "name", "taxonomy", "parent", "retired_by"]
    list_filter = ["taxonomy"]
    list_select_related = ["taxonomy", "parent"]


@admin.register(ListingRestriction)
class ListingRestrictionAdmin(ReadOnly):
    list_display = ["kind", "match_kind", "label", "state", "until"]
    list_filter = ["kind", "state"]


@admin.register(Source)
class SourceAdmin(Setting):
    list_display = ["code", "name", "trust", "license", "last_run"]


@admin.register(WorkCalendar)
class WorkCalendarAdmin(Setting):
    list_display = ["__str__", "opens_at", "closes_at", "tz"]


@admin.register(Code)
class CodeAdmin(Setting):
    list_display = ["set", "code", "name", "order", "retired_at"]
    list_filter = ["set"]
    search_fields = ["code", "name"]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """Fix the code itself once it is there: logic and old rows refer to it."""
        return ["set", "code"] if obj else []
