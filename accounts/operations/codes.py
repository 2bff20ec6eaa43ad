"""One-time codes are good for one use."""

from django.db import IntegrityError, transaction

from accounts.models import UsedCode, User


def use(user: User, *, step: int) -> bool:
    """Take the code of a time step; False when it was taken before, even a moment ago."""
    try:
        with transaction.atomic():
            UsedCode.objects.create(user=user, step=step)
    except IntegrityError:
        return False
    return True
