"""Is the process alive, may it get requests, how is everything behind it."""

import shutil
import time
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core.jobs import Reading, State, probe, read_database_clock, readings

KNOWN_FOR = 3.0
MAX_SKEW = 5.0  # seconds


@login_not_required
@require_safe
def live(request: HttpRequest) -> JsonResponse:  # noqa: ARG001  # Django's signature
    """Say that the process answers; it asks nobody, so that no restart cascades."""
    return JsonResponse({"status": "live"})


@login_not_required
@require_safe
def ready(request: HttpRequest) -> JsonResponse:  # noqa: ARG001  # Django's signature
    """Say whether requests may be sent here: the database is reached and migrated."""
    if time.monotonic() >= _known.until:
        _known.status, _known.until = _status(), time.monotonic() + KNOWN_FOR
    able = _known.status in {"ready", "degraded"}
    return JsonResponse({"status": _known.status}, status=200 if able else 503)


class _Known:
    """What was found last: load balancers ask often."""

    status = ""
    until = 0.0
    is_migrated = False


_known = _Known()


def _status() -> str:
    try:
        if not _known.is_migrated:
            # Asked until it is true once: applied migrations stay applied.
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                return "migrations_pending"
            _known.is_migrated = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "database_unavailable"
    works = all(reading.state != State.FAIL for _p, reading in readings(serving_only=True))
    return "ready" if works else "degraded"


@login_not_required
@require_safe
def detail(request: HttpRequest) -> JsonResponse:
    """Show what every probe reads, to administrators and to a monitor with the token."""
    if not _may_look(request):
        raise Http404
    found = readings()
    worst = max((reading.state for _p, reading in found), key=list(State).index)
    rows = [
        {"name": p.name, "state": r.state, "text": str(r.text), "figures": dict(r.figures)}
        for p, r in found
    ]
    return JsonResponse({"status": worst, "probes": rows})


def _may_look(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.METRICS_TOKEN and constant_time_compare(given, settings.METRICS_TOKEN):
        return True
    user: Any = request.user
    return bool(user.is_authenticated and user.may("settings.edit"))


# ---- What core itself looks at --------------------------------------------------------------
@probe(_("Database"))
def database() -> Reading:
    """Say which database answers and how fast."""
    started = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    ms = round((time.perf_counter() - started) * 1000, 1)
    figures = {"vendor": connection.vendor, "ms": ms}
    return Reading(State.OK, _("The database answers."), figures)


@probe(_("Clock"))
def clock() -> Reading:
    """Warn when this machine and the database disagree about the time (W007)."""
    skew = read_database_clock(connection).total_seconds()
    if abs(skew) > MAX_SKEW:
        text = _(
            "This machine and the database disagree about the time; deadlines follow the database."
        )
        return Reading(State.WARN, text, {"skew_s": skew})
    return Reading(State.OK, _("The clocks agree."), {"skew_s": skew})


@probe(_("Disk"))
def disk() -> Reading:
    """Warn before the disk is full."""
    usage = shutil.disk_usage(settings.VAR_DIR)
    free = usage.free / usage.total
    figures = {"free_bytes": usage.free, "free_share": round(free, 3)}
    if free < 0.1:
        state = State.FAIL if free < 0.05 else State.WARN
        return Reading(state, _("Little space is left on the disk."), figures)
    return Reading(State.OK, _("There is enough space on the disk."), figures)
