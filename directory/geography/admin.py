"""Areas and postcodes in Django's admin: areas read-only, they come from files."""

from django.contrib import admin
from django.http import HttpRequest

from directory.geography.models import Area, CalendarDay, Postcode


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]  # generic at type-check time only
    """A table to look at."""

    def has_add_permission(self, request: HttpRequest, *_args: object) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Area)
class AreaAdmin(ReadOnly):
    list_display = ["code", "name", "level", "parent", "retired_on"]
    list_filter = ["level"]
    search_fields = ["code", "name"]


@admin.register(Postcode)
class PostcodeAdmin(ReadOnly):
    list_display = ["code", "country", "area"]
    search_fields = ["code"]


@admin.register(CalendarDay)
class CalendarDayAdmin(ReadOnly):
    list_display = ["on", "kind", "acts_as", "name", "area"]
    list_filter = ["kind"]
