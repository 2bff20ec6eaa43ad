"""When help is given: weekly rows, dated exceptions, and the working hours of due clocks."""

from datetime import time

from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.catalogue.models.location import Location, ServiceAtLocation
from directory.catalogue.models.organization import Organization
from directory.catalogue.models.record import Child, default_zone, has_parent, known
from directory.catalogue.models.service import Service
from directory.catalogue.states import ExceptionKind, Frequency, OnHolidays, OnMakeUpDays

PARENTS = ("service", "location", "service_at_location")


class Schedule(Child):
    """One span of opening hours on some weekdays; two spans a day are two rows."""

    service = models.ForeignKey(
        Service, models.CASCADE, null=True, blank=True, related_name="schedules"
    )
    location = models.ForeignKey(
        Location, models.CASCADE, null=True, blank=True, related_name="schedules"
    )
    service_at_location = models.ForeignKey(
        ServiceAtLocation, models.CASCADE, null=True, blank=True, related_name="schedules"
    )
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    dtstart = models.DateField(null=True, blank=True)
    # IANA name; empty = the installation's. The offset is what a foreign record said.
    tz = models.CharField(max_length=50, blank=True)
    utc_offset = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    count = models.PositiveIntegerField(null=True, blank=True)
    wkst = models.CharField(max_length=2, blank=True)
    freq = models.CharField(max_length=10, choices=Frequency, blank=True)
    interval = models.PositiveIntegerField(null=True, blank=True)
    byday = models.CharField(max_length=100, blank=True)
    byweekno = models.CharField(max_length=300, blank=True)
    bymonthday = models.CharField(max_length=200, blank=True)
    byyearday = models.CharField(max_length=300, blank=True)
    description = models.TextField(blank=True)
    opens_at = models.TimeField(null=True, blank=True)
    closes_at = models.TimeField(null=True, blank=True)
    schedule_link = models.CharField(max_length=1000, blank=True)
    attending_type = models.CharField(max_length=100, blank=True)
    notes = models.TextField(blank=True)
    all_day = models.BooleanField(default=False)
    closes_next_day = models.BooleanField(default=False)
    on_holidays = models.CharField(max_length=10, choices=OnHolidays, default=OnHolidays.UNKNOWN)
    on_make_up_days = models.CharField(
        max_length=10, choices=OnMakeUpDays, default=OnMakeUpDays.AS_WEEKDAY
    )
    # The words an import could not read as a rule.
    raw_text = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            has_parent("schedule_has_parent", *PARENTS),
            known("schedule_on_holidays_is_known", "on_holidays", OnHolidays),
            known("schedule_on_make_up_days_is_known", "on_make_up_days", OnMakeUpDays),
            models.CheckConstraint(
                name="schedule_span_is_whole",
                condition=models.Q(opens_at__isnull=True, closes_at__isnull=True)
                | models.Q(opens_at__isnull=False, closes_at__isnull=False),
            ),
            models.CheckConstraint(
                name="schedule_closes_after_opening",
                condition=models.Q(opens_at__isnull=True)
                | models.Q(closes_next_day=True)
                | models.Q(closes_at__gt=models.F("opens_at")),
            ),
            models.CheckConstraint(
                name="schedule_dates_in_order",
                condition=models.Q(valid_from__isnull=True)
                | models.Q(valid_to__isnull=True)
                | models.Q(valid_from__lte=models.F("valid_to")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.byday} {self.opens_at}-{self.closes_at}"


class ScheduleException(Child):
    """Dates on which the weekly rows of the same parent do not count."""

    service = models.ForeignKey(
        Service, models.CASCADE, null=True, blank=True, related_name="schedule_exceptions"
    )
    location = models.ForeignKey(
        Location, models.CASCADE, null=True, blank=True, related_name="schedule_exceptions"
    )
    service_at_location = models.ForeignKey(
        ServiceAtLocation,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="schedule_exceptions",
    )
    starts_on = models.DateField()
    ends_on = models.DateField()
    every_year = models.BooleanField(default=False)
    kind = models.CharField(max_length=10, choices=ExceptionKind, default=ExceptionKind.CLOSED)
    opens_at = models.TimeField(null=True, blank=True)
    closes_at = models.TimeField(null=True, blank=True)
    label = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [
            has_parent("schedule_exception_has_parent", *PARENTS),
            known("schedule_exception_kind_is_known", "kind", ExceptionKind),
            models.CheckConstraint(
                name="schedule_exception_dates_in_order",
                # A yearly one may run over New Year.
                condition=models.Q(every_year=True) | models.Q(starts_on__lte=models.F("ends_on")),
            ),
            models.CheckConstraint(
                name="schedule_exception_hours_are_whole",
                condition=models.Q(
                    kind=ExceptionKind.CLOSED, opens_at__isnull=True, closes_at__isnull=True
                )
                | models.Q(
                    kind=ExceptionKind.HOURS, opens_at__isnull=False, closes_at__isnull=False
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on}-{self.ends_on} {self.kind}"


def working_week() -> list[int]:
    """Return Monday to Friday as numbers of `date.weekday()`."""
    return [0, 1, 2, 3, 4]


class WorkCalendar(models.Model):
    """Working hours by which deadlines are counted: one row for everybody, or an organization's."""

    organization = models.OneToOneField(
        Organization, models.CASCADE, null=True, blank=True, related_name="work_calendar"
    )
    weekdays = models.JSONField(default=working_week)
    opens_at = models.TimeField(_("opens at"), default=time(9))
    closes_at = models.TimeField(_("closes at"), default=time(17))
    tz = models.CharField(max_length=50, default=default_zone)
    # Own closing days as ISO dates.
    closed_on = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.Value(1),
                name="work_calendar_one_for_everybody",
                condition=models.Q(organization__isnull=True),
            ),
            models.CheckConstraint(
                name="work_calendar_closes_after_opening",
                condition=models.Q(closes_at__gt=models.F("opens_at")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.organization or _("Everybody"))
