"""What handoffs forget with a client; the log, its codes and its instants stay."""

from accounts.models import User
from accounts.operations import audited
from core.jobs import now
from referrals.casefiles.errors import ErasureRefused
from referrals.casefiles.models import Client
from referrals.handoffs.models import AccessLink, Appointment, Referral, ReferralNeed


def forget(client: Client, *, by: User) -> None:
    """Take the words out of referrals and shut their links; one that goes on refuses the erasure.

    Packets and the texts of the log only grow: they are sealed with the key that was destroyed.
    """
    with audited(by=by, action="referral.forget", client=client):
        mine = Referral.objects.filter(client=client)
        if client.referrals.open().exists():
            raise ErasureRefused(
                errors=[{"field": "", "code": "referral_open", "detail": "referral_open"}]
            )
        mine.update(summary="", override_reason="")
        ReferralNeed.objects.filter(referral__client=client).update(missing="")
        Appointment.objects.filter(referral__client=client).update(place="")
        links = AccessLink.objects.filter(referral__client=client)
        links.update(address="", code_address="", code_hash="")
        links.filter(revoked_at=None).update(revoked_at=now())
