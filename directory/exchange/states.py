"""The life of an import, what becomes of its rows, and what can be wrong with them."""

from typing import Final, NamedTuple

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Format(TextChoices):
    """The forms of files that an importer exists for."""

    JSON = "json", _("HSDS 3 JSON")
    CSV_3 = "csv-3", _("HSDS 3 CSV")
    CSV_2 = "csv-2", _("HSDS 2.0 CSV")
    CSV_1 = "csv-1", _("HSDS 1.1 CSV")
    OHANA = "ohana", _("Ohana CSV")


class BatchState(TextChoices):
    """Where an import stands."""

    RECEIVED = "received", _("received")
    CHECKING = "checking", _("being checked")
    CHECKED = "checked", _("checked")
    APPLYING = "applying", _("being applied")
    APPLIED = "applied", _("applied")
    FAILED = "failed", _("failed")
    INTERRUPTED = "interrupted", _("interrupted")
    ABANDONED = "abandoned", _("abandoned")


S = BatchState
# From where a state may be reached; everything else is refused.
MOVES: Final[dict[BatchState, frozenset[BatchState]]] = {
    S.CHECKING: frozenset({S.RECEIVED}),
    S.CHECKED: frozenset({S.CHECKING}),
    S.APPLYING: frozenset({S.CHECKED, S.INTERRUPTED}),
    S.APPLIED: frozenset({S.APPLYING}),
    S.FAILED: frozenset({S.RECEIVED, S.CHECKING, S.APPLYING}),
    S.INTERRUPTED: frozenset({S.APPLYING}),
    S.ABANDONED: frozenset({S.RECEIVED, S.CHECKED, S.INTERRUPTED}),
}
RUNNING: Final = frozenset({S.CHECKING, S.APPLYING})


class Missing(TextChoices):
    """What happens to a listing that its source no longer names."""

    REPORT = "report", _("open a check")
    SUSPEND = "suspend", _("suspend the listing")


class Outcome(TextChoices):
    """What became of one row."""

    PENDING = "", _("waiting")
    CREATED = "created", _("created")
    UPDATED = "updated", _("updated")
    UNCHANGED = "unchanged", _("no change")
    CONFLICT = "conflict", _("conflicting")
    QUARANTINED = "quarantined", _("set aside")
    REFUSED = "refused", _("rejected")


class Severity(TextChoices):
    """How much an observation weighs: an error loses a cell or a row, a warning loses nothing."""

    ERROR = "error", _("error")
    WARNING = "warning", _("warning")


class Kind(NamedTuple):
    """A kind of observation: how much it weighs, and what the reader is told."""

    severity: Severity
    message: Promise


def _error(message: Promise) -> Kind:
    return Kind(Severity.ERROR, message)


def _warning(message: Promise) -> Kind:
    return Kind(Severity.WARNING, message)


KINDS: Final[dict[str, Kind]] = {
    "missing_required": _error(_("This is required and empty.")),
    "bad_uuid": _error(_("This is not a UUID.")),
    "bad_date": _error(_("This is not a date.")),
    "bad_time": _error(_("This is not a time of day.")),
    "bad_number": _error(_("This is not a number.")),
    "bad_phone": _error(_("This is not a telephone number; it is kept as written.")),
    "bad_url": _error(_("This is not a web address.")),
    "bad_email": _error(_("This is not an e-mail address.")),
    "bad_code": _error(_("This is none of the values that are known here.")),
    "bad_range": _error(_("These two values contradict each other.")),
    "too_long": _error(_("This is longer than the directory can keep.")),
    "zero_coordinate": _error(_("The coordinates 0, 0 lie in the sea; they were left out.")),
    "coordinate_out_of_range": _error(_("There is no such point on earth; it was left out.")),
    "duplicate_id": _error(_("Another row of the same table has this id.")),
    "orphan": _error(_("The record this row belongs to is not in the file.")),
    "parent_quarantined": _error(_("The record this row belongs to waits itself.")),
    "circular": _warning(_("These records lie inside each other; the link was left out.")),
    "bad_uscc": _error(_("The check digit of this credit code is wrong.")),
    "restricted": _error(_("The register forbids listing this.")),
    "unreadable": _error(_("This could not be read.")),
    "optional_orphan": _warning(_("The record named here is not in the file; it was left out.")),
    "one_of_several": _warning(_("Only one can be kept here; the first one was.")),
    "swapped_coordinates": _warning(_("Latitude and longitude were exchanged; they were turned.")),
    "far_from_area": _warning(_("The point lies far from the stated area; the area was kept.")),
    "hours_not_parsed": _warning(_("These hours could not be read; they are kept as text.")),
    "url_scheme_added": _warning(_("http:// was added.")),
    "control_characters": _warning(_("Invisible characters were taken out.")),
    "mojibake": _warning(_("This looks wrongly encoded.")),
    "id_conflict": _warning(
        _("This record occurs again with other content; the first one counts.")
    ),
    "unknown_column": _warning(_("This column is not known; it was not imported.")),
    "unknown_file": _warning(_("This file is not part of the format; it was skipped.")),
}

# Why a file could not be read at all; %(file)s is its name.
FAILURES: Final[dict[str, Promise]] = {
    "no_file": _("There is no file %(file)s."),
    "no_format": _("%(file)s has none of the known forms."),
    "archive_too_large": _("%(file)s holds more than an import may unpack."),
    "archive_too_full": _("%(file)s holds more than 200 files."),
    "archive_damaged": _("%(file)s is damaged."),
    "cannot_open": _("%(file)s cannot be read."),
    "too_large": _("%(file)s is larger than 20 MB."),
    "too_wide": _("%(file)s has more than 200 columns."),
    "too_long": _("%(file)s has more than 50,000 rows."),
    "too_deep": _("%(file)s is nested too deeply."),
    "not_text": _("%(file)s is neither UTF-8 nor GB 18030."),
    "not_json": _("%(file)s is not valid JSON."),
    "not_csv": _("%(file)s is not a valid table."),
    "no_column": _("%(file)s lacks the column by which its rows are told apart."),
    "too_much": _("%(file)s needs more memory than an import may take."),
    "nothing": _("%(file)s holds no record."),
}
