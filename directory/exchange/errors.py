"""What imports refuse."""

from core.errors import Conflict, DomainError


class AnotherImportRuns(Conflict):
    """One import runs at a time."""

    code = "another_import_runs"


class Refused(DomainError):
    """A guard stopped the import before it changed anything."""

    code = "import_refused"


class UnknownForm(DomainError):
    """The file is no file of any known form."""

    code = "unreadable_file"
