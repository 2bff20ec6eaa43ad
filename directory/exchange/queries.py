"""Reading imports: totals per table, observations, runs."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

from django.db.models import Count, Sum

from directory.exchange.models import ImportBatch
from directory.exchange.states import KINDS, Outcome, Severity

CHUNK: Final = 500


def totals(batch: ImportBatch) -> dict[str, dict[str, int]]:
    """Return per table how many rows of the file were read and what became of them."""
    counted: dict[str, dict[str, int]] = defaultdict(dict)
    rows = batch.rows.order_by().values_list("table", "outcome").annotate(n=Sum("stands_for"))
    for table, outcome, n in rows:
        counted[table][outcome or "waiting"] = n
    for table, n in batch.read.items():
        counted[table]["read"] = n
    return {table: counted[table] for table in sorted(counted)}


def has_losses(batch: ImportBatch) -> bool:
    """Say whether a row was rejected, waits, or conflicts."""
    lost = (Outcome.REFUSED, Outcome.QUARANTINED, Outcome.CONFLICT)
    return batch.rows.filter(outcome__in=lost).exists()


def observations(batch: ImportBatch) -> Iterator[dict[str, Any]]:
    """Yield everything noticed: file, row, column, value, code, and the reason in words."""
    for problem in batch.problems:
        yield {**problem, "row": problem["line"], "message": message(problem["code"])}
    for row in batch.rows.faulty().order_by("pk").iterator(CHUNK):
        for problem in row.problems:
            yield {
                "file": row.file,
                "row": row.line,
                "table": row.table,
                "id": row.external_id,
                "outcome": row.outcome,
                **problem,
                "message": message(problem["code"]),
            }


def message(code: str) -> str:
    """Say in the reader's language what an observation means."""
    return str(KINDS[code].message)


def faulty_rows(batch: ImportBatch, *, code: str = "") -> list[dict[str, Any]]:
    """Return what was noticed about rows and files, narrowed to one kind."""
    found = observations(batch)
    return [each for each in found if not code or each["code"] == code]


def frequent(batch: ImportBatch) -> list[dict[str, Any]]:
    """Return the kinds of observations with how often they occur, errors first."""
    counted: dict[tuple[str, str], int] = defaultdict(int)
    for each in observations(batch):
        counted[each["code"], each["severity"]] += 1
    return [
        {"code": code, "severity": severity, "count": n, "message": message(code)}
        for (code, severity), n in sorted(
            counted.items(), key=lambda entry: (entry[0][1] != Severity.ERROR, -entry[1])
        )
    ]


def runs() -> Any:
    """Return imports, latest first, with how many rows each has."""
    return (
        ImportBatch.objects.select_related("source", "by")
        .annotate(row_count=Count("rows"))
        .order_by("-pk")
    )
