"""Who hears what about files; messages hold a link and the name of a colleague, never a client."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, User
from accounts.operations import message
from accounts.permissions import GRANTS, Permission
from referrals.casefiles.models import BreakGlass, Consent

message.template(
    "casefiles.break_glass",
    subject=_("Emergency access to a client file"),
    body=_(
        "%(name)s has opened a client file in an emergency. Please look at the reason and judge "
        "the access before %(date)s:\n%(link)s"
    ),
)
message.template(
    "casefiles.break_glass_review",
    subject=_("An emergency access waits for your judgment"),
    body=_("An emergency access by %(name)s has not been judged in time:\n%(link)s"),
)
message.template(
    "casefiles.consent_ends",
    subject=_("A consent ends soon"),
    body=_(
        "A consent on one of your files ends on %(date)s. Ask again in time, or let it end:\n"
        "%(link)s"
    ),
)
message.template(
    "casefiles.consent_ended",
    subject=_("A consent has ended"),
    body=_("A consent on one of your files has ended. What rested on it is closed:\n%(link)s"),
)


def tell_of_emergency(opening: BreakGlass) -> None:
    """Tell supervisors and privacy leads of the organization at once."""
    for reader in _watchers(opening):
        message.queue(
            f"break-glass:{opening.uid}",
            to=reader,
            template="casefiles.break_glass",
            link=reverse("casefiles:access"),
            client=opening.client,
            name=opening.user.name,
            date=f"{opening.review_due_at:%Y-%m-%d}",
        )


def remind_of_review(opening: BreakGlass) -> None:
    """Tell them again when nobody has judged it in time."""
    for reader in _watchers(opening):
        message.queue(
            f"break-glass-review:{opening.uid}",
            to=reader,
            template="casefiles.break_glass_review",
            link=reverse("casefiles:access"),
            client=opening.client,
            name=opening.user.name,
        )


def consent_ends(consent: Consent, *, days: int) -> None:
    """Warn the owners of the client's open cases, thirty and seven days before the end."""
    assert consent.expires_at is not None  # noqa: S101  # only consents in force are warned about
    for owner in _owners(consent):
        message.queue(
            f"consent-ends:{consent.uid}:{days}",
            to=owner,
            template="casefiles.consent_ends",
            link=reverse("casefiles:consents", args=[consent.client.uid]),
            client=consent.client,
            date=f"{consent.expires_at:%Y-%m-%d}",
        )


def consent_ended(consent: Consent) -> None:
    """Tell the owners that a consent has run out."""
    for owner in _owners(consent):
        message.queue(
            f"consent-ended:{consent.uid}",
            to=owner,
            template="casefiles.consent_ended",
            link=reverse("casefiles:consents", args=[consent.client.uid]),
            client=consent.client,
        )


def _owners(consent: Consent) -> list[User]:
    cases = consent.client.cases.open().select_related("responsible")
    return list({case.responsible_id: case.responsible for case in cases}.values())


def _watchers(opening: BreakGlass) -> "QuerySet[User]":
    watching = {Permission.ACCESS_APPROVE, Permission.PRIVACY_HANDLE}
    roles = [role for role, granted in GRANTS.items() if granted & watching]
    held = Membership.objects.current().filter(
        role__in=roles, organization=opening.client.organization
    )
    people = User.objects.filter(is_active=True, memberships__in=held).exclude(pk=opening.user_id)
    return people.distinct()
