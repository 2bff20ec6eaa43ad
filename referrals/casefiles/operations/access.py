"""Who may write in a file: asked again inside the transaction of the act."""

from accounts.models import User
from accounts.permissions import Permission
from core.errors import NotPermitted
from referrals.casefiles.models import Client


def must_edit(client: Client, by: User) -> None:
    """Refuse whoever does not work on a case of this client now."""
    if not Client.objects.editable_by(by).filter(pk=client.pk).exists():
        raise NotPermitted


def must_see(client: Client, by: User, permission: Permission) -> None:
    """Refuse whoever lacks the permission at the client's organization or may not see the file."""
    by.must(permission, client.organization_id)
    if not Client.objects.visible_to(by).filter(pk=client.pk).exists():
        raise NotPermitted
