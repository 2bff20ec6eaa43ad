"""What reports forget with a client; counts and codes stay, words and open ends go."""

from accounts.models import User
from accounts.operations import audited
from core.jobs import now
from referrals.casefiles.models import Client
from referrals.reports.models import Evaluation, FollowUp, ResourceLink, UnmetAlert
from referrals.reports.states import Result


def forget(client: Client, *, by: User) -> None:
    """Delete words and chances, end what is open: nobody is left to look after."""
    with audited(by=by, action="reports.forget", client=client):
        looks = FollowUp.objects.filter(need__client=client)
        looks.filter(done_at__isnull=True).update(
            result=Result.NO_LONGER_NEEDED, done_at=now(), author=by
        )
        looks.update(note="")
        Evaluation.objects.filter(need__client=client).update(text="")
        ResourceLink.objects.filter(client=client).update(content="")
        UnmetAlert.objects.filter(need__client=client).delete()
