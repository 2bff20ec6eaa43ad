"""News of the catalogue for the rooms above, sent inside the transaction of the write."""

from dataclasses import dataclass
from uuid import UUID

from django.dispatch import Signal

# Arguments: table, ids, event, fields, by. After every write, one send for each root table that
# was touched (`service`, `service_at_location`, `organization`, `program`, `location`,
# `taxonomy`, `taxonomy_term`); `ids` are primary keys of that table, at most 1,000 a send.
# Services touched by a change of their organization, program, location, place or terms are
# announced under `service` too, so whoever cares for services alone listens to that table.
# `event` is the event of states.Event or OrganizationEvent, else `create`, `change`, `delete`,
# `freshness`, `protect`; `fields` holds paths such as `service.name` or `organization.phones`.
listing_changed = Signal()

# Arguments: target, base_version, changes {path: new}, source, author, key. Answer: Outcome.
# Sent when the actor may not simply write; exactly one receiver decides what goes live.
change_proposed = Signal()

# Arguments: service, place, groups, reason, origin, weight, key. "This may be wrong."
listing_doubted = Signal()


@dataclass(frozen=True)
class Outcome:
    """What became of a change: paths that are live, paths that wait, and where they wait."""

    live: tuple[str, ...] = ()
    review: tuple[str, ...] = ()
    proposal: UUID | None = None
