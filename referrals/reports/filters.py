"""Narrowing the lists of the API."""

import django_filters
from django.utils.translation import gettext_lazy as _

from referrals.casefiles.models import Need
from referrals.reports.models import Evaluation, FollowUp, ResourceLink
from referrals.reports.states import Channel, Kind, Mode


class FollowUpFilter(django_filters.FilterSet):
    """Looks by sort, by whether they are open, by when they are due."""

    kind = django_filters.MultipleChoiceFilter(label=_("Kind"), choices=Kind)
    open = django_filters.BooleanFilter(
        label=_("Still open"), field_name="done_at", lookup_expr="isnull"
    )
    due_before = django_filters.IsoDateTimeFilter(
        label=_("Due before"), field_name="due_at", lookup_expr="lt"
    )

    class Meta:
        model = FollowUp
        fields = ["kind", "open", "due_before"]


class ResourceLinkFilter(django_filters.FilterSet):
    """Links by way, by kind of resource, by day."""

    mode = django_filters.MultipleChoiceFilter(label=_("Way of linking"), choices=Mode)
    resource_type = django_filters.CharFilter(label=_("Kind of resource"))
    since = django_filters.DateFilter(label=_("Since"), field_name="on", lookup_expr="gte")
    until = django_filters.DateFilter(label=_("Until"), field_name="on", lookup_expr="lte")

    class Meta:
        model = ResourceLink
        fields = ["mode", "resource_type", "since", "until"]


class EvaluationFilter(django_filters.FilterSet):
    """Answers by way and by whether help was given."""

    channel = django_filters.MultipleChoiceFilter(label=_("Way of answering"), choices=Channel)
    delivered = django_filters.BooleanFilter(label=_("Help was given"))

    class Meta:
        model = Evaluation
        fields = ["channel", "delivered"]


class UnmetFilter(django_filters.FilterSet):
    """Unmet needs by kind, by reason, by when they are looked at again."""

    category = django_filters.CharFilter(
        label=_("Kind of need"), field_name="category__code", lookup_expr="startswith"
    )
    reason = django_filters.CharFilter(label=_("Reason"), field_name="unmet_reason")
    review_before = django_filters.DateFilter(
        label=_("Look again before"), field_name="review_on", lookup_expr="lt"
    )

    class Meta:
        model = Need
        fields = ["category", "reason", "review_before"]
