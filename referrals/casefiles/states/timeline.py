"""The kinds of timeline entries; upper applications add theirs when they are imported."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class TimelineKind:
    """How an entry is shown: its words, its icon, and the page of the thing it is about."""

    label: str | Promise
    icon: str
    url_name: str = ""


TIMELINE: dict[str, TimelineKind] = {}


def timeline_kind(code: str, label: str | Promise, icon: str, url_name: str = "") -> str:
    """Make a kind known and return its code; the same code twice is a programming error."""
    if code in TIMELINE:
        raise ValueError(f"the timeline kind {code} exists")
    TIMELINE[code] = TimelineKind(label, icon, url_name)
    return code


NOTE = timeline_kind("note", _("Quick note"), "note")
CLIENT_CREATED = timeline_kind("client.created", _("File opened"), "person")
CASE_CHANGED = timeline_kind("case.changed", _("Case: stage or owner changed"), "doc")
CASE_CLOSED = timeline_kind("case.closed", _("Case closed"), "st-good")
CASE_REOPENED = timeline_kind("case.reopened", _("Case re-opened"), "doc")
NEED_RECORDED = timeline_kind("need.recorded", _("Need recorded"), "st-you", "casefiles:need")
NEED_SETTLED = timeline_kind("need.settled", _("Need: status changed"), "st-good", "casefiles:need")
CONSENT_GIVEN = timeline_kind("consent.given", _("Consent given"), "lock")
CONSENT_REFUSED = timeline_kind("consent.refused", _("Consent refused"), "lock")
CONSENT_WITHDRAWN = timeline_kind("consent.withdrawn", _("Consent withdrawn"), "lock")
BREAK_GLASS = timeline_kind("privacy.break_glass", _("Emergency access"), "late")
