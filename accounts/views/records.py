"""What the installation has sent and what its people have done."""

import csv
import json
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_POST
from django_filters.views import FilterView

from accounts import operations, queries
from accounts.filters import AuditFilter, MessageFilter
from accounts.http import RequiresPermission, SignedInRequest, limited
from accounts.models import AuditEntry, User
from accounts.permissions import Permission

COLUMNS = (
    "seq", "at", "actor", "actor_org", "action", "object_type", "object_uid", "client_ref", "basis",
    "result", "meta", "session_ref", "ip_ref", "mac",
)  # fmt: skip


class OutboxPage(FilterView):
    """Messages that left, or, where nothing leaves the house, would have left."""

    request: SignedInRequest
    filterset_class = MessageFilter
    template_name = "accounts/outbox.html"
    paginate_by = 25

    def dispatch(self, request: SignedInRequest, *args: Any, **kwargs: Any) -> Any:
        if not settings.DEMO:
            request.user.must(Permission.SETTINGS_EDIT)
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        return queries.outbox()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # A link opens what it leads to: it is shown only where messages are not really sent.
        return {
            **super().get_context_data(**kwargs),
            "opened": settings.MESSAGE_DELIVERY == "outbox",
        }


class AccessLogPage(RequiresPermission, FilterView):
    """The access log, by user, client, period and action."""

    permission = Permission.AUDIT_READ
    filterset_class = AuditFilter
    template_name = "accounts/access_log.html"
    paginate_by = 50

    def get_queryset(self) -> Any:
        return queries.log()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        actors = {row.actor for row in context["object_list"]}
        names = dict(User.objects.filter(uid__in=actors).values_list("uid", "name"))
        rows = [(row, names.get(row.actor, "")) for row in context["object_list"]]
        return context | {"rows": rows}


@require_POST
@limited("export")
def export_access_log(request: SignedInRequest) -> HttpResponseBase:
    """Write the narrowed log as CSV; taking it along is itself a row of the log."""
    request.user.must(Permission.AUDIT_READ)
    narrowed = AuditFilter(request.POST, queries.log())
    if not narrowed.is_valid():
        raise BadRequest
    operations.audit.exported(by=request.user, what="access_log")
    response = StreamingHttpResponse(_lines(narrowed.qs), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="access-log.csv"'
    return response


class _Echo:
    """A file that hands back each line instead of keeping it."""

    def write(self, line: str) -> str:
        """Return what was written."""
        return line


def _lines(rows: QuerySet[AuditEntry]) -> Iterator[str]:
    """Yield the file line by line; every column is a code, an id or a hash, never free text."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(COLUMNS)
    for row in rows.iterator(2000):
        yield writer.writerow(
            [json.dumps(row.meta) if name == "meta" else getattr(row, name) for name in COLUMNS]
        )
