"""Log lines as JSON, with nothing in them that belongs to a person."""

import logging
import re
import traceback
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest
from structlog.typing import EventDict, WrappedLogger

from core.middleware.requests import route
from core.safeguards import safeguard

# The second line of defense: what must not be logged is not handed to the log to begin with.
PERSONAL = re.compile(
    r"(?i)"
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"  # mail addresses
    r"|(?<!\d)\d{17}[\dx](?!\d)"  # id numbers
    r"|(?<![\w-])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"  # mobile numbers
    r"|(?<![\w-])0\d{2,3}[- ]?\d{7,8}(?!\d)"  # land lines
    r"|(?:\+1[- ]?)?\(?\d{3}\)?[- ]\d{3}-\d{4}(?!\d)"  # numbers as written in North America
    r"|(?:bearer|token|basic)\s+[\w.~+/=-]{8,}"  # Authorization
    r"|(?:cookie|session(?:id)?|csrf\w*|password|secret|key)\s*[=:]\s*[^\s;,&]+"
    r"|(?<=/)[\w-]{32,}(?=/|\b)"  # the token of a secret link
)
HIDDEN = "[hidden]"
# Only these extras reach the log, so a stray `extra={"client": …}` does not.
EXTRAS = {
    *("route", "method", "status", "ms", "user_id", "org_id", "code", "job", "command"),
    *("count", "event_name", "backend", "generation", "address_ref"),
}


class Redact(logging.Filter):
    """Hides phone and id numbers, mail addresses and secrets wherever they slipped in."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the message of the line; every line goes through."""
        if safeguard("redaction"):
            record.msg, record.args = redacted(_message(record)), ()
        return True


def redacted(text: str) -> str:
    """Return the text with everything hidden that looks like a person's."""
    return PERSONAL.sub(HIDDEN, text)


def _message(record: logging.LogRecord) -> str:
    message = record.getMessage()
    request = getattr(record, "request", None)
    # Django names the path of a refused request; the route says as much and holds no token.
    if isinstance(request, HttpRequest):
        message = message.replace(request.path, route(request))
    return message


class JSONFormatter(structlog.stdlib.ProcessorFormatter):
    """One JSON object a line, UTC, with the id of the request that caused it."""

    def __init__(self) -> None:
        """Keep a fixed set of extras and tracebacks without values."""
        super().__init__(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                # ASCII only: a line break or a terminal code in a name stays an escape.
                structlog.processors.JSONRenderer(sort_keys=False, ensure_ascii=True),
            ],
            foreign_pre_chain=[
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.contextvars.merge_contextvars,
                structlog.stdlib.ExtraAdder(allow=EXTRAS),
                structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
                where_it_broke,
            ],
        )


def where_it_broke(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """Add places and kinds of an exception; its text may quote what somebody typed."""
    found: Any = line.pop("exc_info", None)
    if found:
        line["exception"] = [
            {"kind": _kind(error.exc_type), "frames": [_frame(frame) for frame in error.stack]}
            | ({"text": redacted(str(error))} if settings.DEBUG else {})
            for error in _chain(traceback.TracebackException(*found))
        ]
    return line


def _kind(kind: type[BaseException] | None) -> str:
    return f"{kind.__module__}.{kind.__qualname__}" if kind else "unknown"


def _frame(frame: traceback.FrameSummary) -> str:
    return f"{frame.filename}:{frame.lineno} {frame.name}"


def _chain(error: traceback.TracebackException | None) -> list[traceback.TracebackException]:
    found = []
    while error is not None:
        found.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return found
