"""The one door for changes of content: portal, API, spreadsheets and imports all come here."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.operations import audited
from core.errors import Conflict, NotPermitted
from directory.catalogue import guards, signals
from directory.catalogue.errors import NobodyDecides
from directory.catalogue.models import Location
from directory.catalogue.models.audience import is_moderator
from directory.catalogue.models.paths import Path, locate, parse, read
from directory.catalogue.models.shapes import table_of
from directory.catalogue.operations import protected
from directory.catalogue.operations.batch import Batch
from directory.catalogue.operations.writing import put
from directory.catalogue.signals import Outcome

# What editors never set: whose a record is, who may read it.
RESERVED: Final = frozenset(
    {"organization", "service", "location", "audience", "sensitivity", "parent"}
)


def change(
    target: Any,
    *,
    by: User,
    changes: Mapping[str, Any],
    base_version: int,
    source: str = "",
    key: str = "",
) -> Outcome:
    """Change a listing, or ask for it: what the actor may not simply write goes to approval.

    `changes` maps paths (see `models.paths`) to new values; what stands there already is left out.
    """
    paths = {parse(text, target): value for text, value in changes.items()}
    with audited(by=by, action="listing.change", on=target, source=source) as record:
        _must_be_current(target, base_version)
        if by.is_system or is_moderator(by):
            live = write(target, by=by, changes=changes, base_version=base_version,
                         reason=f"{source or 'moderator'}:{key}")  # fmt: skip
            record.meta["fields"] = list(live)
            return Outcome(live=live)
        _must_be_theirs(paths)
        asked = {str(path): value for path, value in paths.items() if read(target, path) != value}
        record.meta["fields"] = sorted(asked)
        if not asked:
            return Outcome()
        answers: Any = signals.change_proposed.send(
            type(target),
            target=target,
            base_version=base_version,
            changes=asked,
            source=source,
            author=by,
            key=key,
        )
        outcomes = [answer for _receiver, answer in answers if isinstance(answer, Outcome)]
        if not outcomes:
            raise NobodyDecides(_("Changes of listings are not taken at the moment."))
        return outcomes[0]


def write(
    target: Any,
    *,
    by: User,
    changes: Mapping[str, Any],
    base_version: int,
    reason: str = "",
) -> tuple[str, ...]:
    """Write approved changes by compare and set on the version; return the paths that moved.

    Permission is the caller's affair: `change()` and the rooms that approve proposals.
    """
    with audited(by=by, action="listing.write", on=target) as record:
        batch = Batch(by=by, reason=reason)
        roots: dict[tuple[type, int], Any] = {}
        moved = []
        for text, value in changes.items():
            path = parse(text, target)
            root = locate(target, path)
            if root is not target:
                root = roots.setdefault((type(root), root.pk), root)
            if isinstance(root, Location) and root.protected and path.name in protected.SEALED:
                protected.take(root, by=by, path=path, value=value)
                continue
            if put(batch, root, path, value, by=by):
                moved.append(str(path))
        if not moved:
            return ()
        for root in (target, *roots.values()):
            guards.check(root, table_of(type(root)))
        batch.claim(target, base_version)
        batch.touch(target)
        batch.write()
        record.meta["fields"] = moved
    target.refresh_from_db()
    return tuple(moved)


def _must_be_current(target: Any, base_version: int) -> None:
    if not type(target).objects.filter(pk=target.pk, version=base_version).exists():
        raise Conflict(_("The listing was changed since you opened it. Please look again."))


def _must_be_theirs(paths: Mapping[Path, Any]) -> None:
    for path in paths:
        if path.name in RESERVED:
            raise NotPermitted(_("Only the directory's moderators change whose a listing is."))
