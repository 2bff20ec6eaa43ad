"""How the unattended jobs are doing."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobState(models.Model):
    """Last run and last sign of life of one job."""

    name = models.CharField(_("job"), max_length=80, unique=True)
    started_at = models.DateTimeField(_("last started"), null=True)
    finished_at = models.DateTimeField(_("last finished"), null=True)
    beat_at = models.DateTimeField(_("last sign of life"), null=True)
    error = models.CharField(_("last error"), max_length=500, blank=True)

    def __str__(self) -> str:
        return self.name


class StuckRow(models.Model):
    """A due row whose job failed: when to try again, or that somebody has to look."""

    job = models.CharField(_("job"), max_length=80)
    # One job may look after several tables.
    table = models.CharField(_("table"), max_length=60)
    row = models.BigIntegerField(_("row"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next try"), null=True)
    is_quarantined = models.BooleanField(_("quarantined"), default=False)
    error = models.CharField(_("error"), max_length=500)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="stuckrow_is_one", fields=["job", "table", "row"])
        ]
        indexes = [models.Index(name="stuckrow_quarantined", fields=["is_quarantined"])]

    def __str__(self) -> str:
        return f"{self.job} {self.row}"
