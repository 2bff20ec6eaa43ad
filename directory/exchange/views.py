"""Pages of imports: the runs, and what became of each row of one."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from accounts.http import RequiresPermission
from accounts.permissions import Permission
from directory.exchange import queries
from directory.exchange.models import ImportBatch
from directory.exchange.states import Outcome

PER_PAGE = 50
# The columns of the table of totals, in the order in which a row may fare.
COLUMNS = ("read", *(outcome.value or "waiting" for outcome in Outcome))


class ImportsPage(RequiresPermission, TemplateView):
    """All runs, the latest first."""

    permission = Permission.LISTING_IMPORT
    template_name = "exchange/imports.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Show a page of runs."""
        page = Paginator(queries.runs(), PER_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(**kwargs, page=page)


class ImportPage(RequiresPermission, TemplateView):
    """One run: totals per table, and every row that something is wrong with."""

    permission = Permission.LISTING_IMPORT
    template_name = "exchange/import.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Show totals, the kinds of observations, and a page of rows."""
        batch = get_object_or_404(ImportBatch.objects.select_related("source"), uid=kwargs["uid"])
        rows = queries.faulty_rows(batch, code=self.request.GET.get("code", ""))
        page = Paginator(rows, PER_PAGE).get_page(self.request.GET.get("page"))
        tables = queries.totals(batch)
        return super().get_context_data(
            **kwargs,
            batch=batch,
            kinds=queries.frequent(batch),
            columns=[(name, label) for name, label in _labels() if _is_used(tables, name)],
            tables=[(name, [counts.get(key, 0) for key in COLUMNS if _is_used(tables, key)])
                    for name, counts in tables.items()],
            page=page,
        )  # fmt: skip


class ImportReport(RequiresPermission):
    """The whole report of a run as a file."""

    permission = Permission.LISTING_IMPORT

    def get(self, request: HttpRequest, uid: str) -> JsonResponse:
        """Answer with every observation."""
        batch = get_object_or_404(ImportBatch, uid=uid)
        report = {
            "uid": str(batch.uid),
            "file": batch.file_name,
            "tables": queries.totals(batch),
            "observations": list(queries.observations(batch)),
        }
        answer = JsonResponse(report, json_dumps_params={"ensure_ascii": False, "indent": 1})
        answer["Content-Disposition"] = f'attachment; filename="import-{batch.uid}.json"'
        return answer


def _labels() -> list[tuple[str, str]]:
    words = {outcome.value or "waiting": str(outcome.label) for outcome in Outcome}
    return [(name, words.get(name, _("read"))) for name in COLUMNS]


def _is_used(tables: dict[str, dict[str, int]], name: str) -> bool:
    return any(counts.get(name) for counts in tables.values())
