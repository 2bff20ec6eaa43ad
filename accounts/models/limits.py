"""What must be counted or remembered exactly, across processes and restarts."""

from django.db import models

from accounts.models.user import User


class RateBucket(models.Model):
    """How often one key (an HMAC) was used in one window of a budget."""

    budget = models.CharField(max_length=40)
    key = models.CharField(max_length=32)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)
    n = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="ratebucket_counts_once", fields=["budget", "key", "starts_at"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.budget}: {self.n}"


class UsedCode(models.Model):
    """A time step whose one-time code a person has used; the row is inserted before accepting."""

    user = models.ForeignKey(User, on_delete=models.CASCADE)
    step = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="usedcode_is_used_once", fields=["user", "step"])
        ]

    def __str__(self) -> str:
        return str(self.step)
