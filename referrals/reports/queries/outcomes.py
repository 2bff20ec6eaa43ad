"""Links that were made, and what people say about the help."""

from accounts.models import User
from referrals.casefiles.models import Client
from referrals.handoffs.models import Referral
from referrals.reports.models import Evaluation, ResourceLink
from referrals.reports.models.evaluation import EvaluationQuerySet
from referrals.reports.models.resource import ResourceLinkQuerySet
from referrals.reports.states import Channel


def resource_links(user: User) -> ResourceLinkQuerySet:
    """Return the links that the user may see, newest first."""
    rows = ResourceLink.objects.visible_to(user)
    return rows.select_related("client", "need", "service", "provider", "referral", "organization")


def evaluations(user: User) -> EvaluationQuerySet:
    """Return the answers that the user may see, newest first."""
    rows = Evaluation.objects.visible_to(user)
    return rows.select_related("need__client", "referral", "author")


def knows_the_person(evaluation: Evaluation, user: User) -> bool:
    """Say whether a reader may learn whose answer it is; a provider only if it is not anonymous."""
    if not evaluation.anonymous:
        return True
    return Client.objects.visible_to(user).filter(pk=evaluation.need.client_id).exists()


def has_answered(referral: Referral) -> bool:
    """Say whether the client has answered about this referral by link."""
    answers = referral.evaluations.filter(channel=Channel.LINK, party="client")
    return bool(answers.exists())
