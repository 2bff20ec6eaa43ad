"""Narrowing lists of referrals, on pages and in the API alike."""

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.jobs import now
from referrals.casefiles.states import Priority
from referrals.handoffs.models import Referral, ReferralQuerySet
from referrals.handoffs.states import UNANSWERED, Bucket, Status, statuses

LISTS = [
    ("awaiting", _("Awaiting receipt")),
    ("not_handed_over", _("Not handed over")),
    ("overdue", _("Overdue")),
]


class ReferralFilter(django_filters.FilterSet):
    """By word, status, level, list, category; unknown values are refused."""

    bucket = django_filters.ChoiceFilter(
        label=_("Whose turn"), choices=Bucket, method="in_bucket", empty_label=_("All")
    )
    list = django_filters.ChoiceFilter(
        label=_("List"), choices=LISTS, method="in_list", empty_label=_("All")
    )
    status = django_filters.MultipleChoiceFilter(label=_("Status"), choices=Status)
    priority = django_filters.MultipleChoiceFilter(label=_("Level"), choices=Priority)
    category = django_filters.CharFilter(label=_("Category"), lookup_expr="startswith")
    overdue = django_filters.BooleanFilter(label=_("Overdue"), method="is_overdue")
    service = django_filters.UUIDFilter(label=_("Service"), field_name="service__uid")
    root = django_filters.UUIDFilter(label=_("First attempt"), field_name="root__uid")
    updated_since = django_filters.IsoDateTimeFilter(
        label=_("Changed since"), field_name="updated_at", lookup_expr="gte"
    )

    class Meta:
        model = Referral
        fields: list[str] = []

    def in_bucket(self, rows: ReferralQuerySet, _name: str, value: str) -> "QuerySet[Referral]":
        """Keep what this side calls by the word."""
        box = self.data.get("box", "out") if self.data else "out"
        return rows.filter(status__in=statuses(value, recipient=box == "in"))

    def in_list(self, rows: ReferralQuerySet, _name: str, value: str) -> "QuerySet[Referral]":
        """Keep one of the lists that workers go through."""
        if value == "awaiting":
            return rows.filter(status__in=UNANSWERED)
        if value == "not_handed_over":
            return rows.not_handed_over(at=now())
        return rows.overdue(at=now())

    def is_overdue(self, rows: ReferralQuerySet, _name: str, value: object) -> "QuerySet[Referral]":
        """Keep what is past its time limit, or what is not."""
        if value:
            return rows.overdue(at=now())
        return rows.exclude(pk__in=rows.overdue(at=now()).values("pk"))
