"""The one stream of a client: quick notes, and what upper applications let happen."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.operations import audited
from core.jobs import now
from core.models import Record
from core.text import clean
from directory.catalogue.models import Organization
from referrals.casefiles.errors import FactsMissing
from referrals.casefiles.models import Client, TimelineEntry
from referrals.casefiles.operations.access import must_edit
from referrals.casefiles.states import TIMELINE
from referrals.casefiles.states.timeline import NOTE


def add(
    client: Client,
    *,
    by: User,
    at: datetime,
    kind: str,
    thing: Record | None,
    organization: Organization | None = None,
) -> TimelineEntry:
    """Enter what happened, in the transaction of the act; the act itself is what is audited."""
    with audited(by=by, action="timeline.add", on=thing, client=client, kind=kind):
        return TimelineEntry.objects.create(
            client=client,
            at=at,
            kind=kind,
            actor=by,
            organization=organization,
            thing_kind=thing._meta.label_lower if thing is not None else "",
            thing_uid=thing.uid if thing is not None else None,
            url_name=TIMELINE[kind].url_name if kind in TIMELINE else "",
        )


def note(client: Client, *, by: User, text: str, at: datetime | None = None) -> TimelineEntry:
    """Keep a quick note; only the team reads it, and it never leaves with a packet."""
    text = clean(text).strip()
    if not text:
        raise FactsMissing(_("Write something before you save."))
    with audited(by=by, action="timeline.note", client=client) as entry:
        must_edit(client, by)
        written = TimelineEntry.objects.create(
            client=client, at=at or now(), kind=NOTE, actor=by, note=text
        )
        entry.on = written
    return written
