"""How follow-ups, links and answers stand in the client's timeline."""

from django.utils.translation import gettext_lazy as _

from referrals.casefiles.states import timeline_kind

FOLLOWED_UP = timeline_kind("follow_up.done", _("Followed up"), "clock", "reports:follow_up")
LINKED = timeline_kind("link.recorded", _("Resource linked"), "link")
FEEDBACK = timeline_kind("feedback.given", _("Feedback given"), "message")
