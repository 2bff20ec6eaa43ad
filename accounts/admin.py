"""Django's admin shows how jobs are doing; it changes nothing."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.http import HttpRequest

from accounts.models import JobState, StuckRow

# The same strength on every path: the admin has no sign-in of its own.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # as allauth documents


class ReadOnly(admin.ModelAdmin[Any]):
    """A table to look at: changes go through operations."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Refuse."""
        return False


@admin.register(JobState)
class JobStateAdmin(ReadOnly):
    list_display = ("name", "started_at", "finished_at", "error")


@admin.register(StuckRow)
class StuckRowAdmin(ReadOnly):
    list_display = ("job", "table", "row", "attempts", "is_quarantined", "next_try_at", "error")
