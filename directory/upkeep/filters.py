"""Narrowing lists of upkeep, on pages and in the API alike."""

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from directory.upkeep.models import ListingProposal, VerificationTask
from directory.upkeep.states import ProposalKind, Source, Stage


class CheckFilter(django_filters.FilterSet):
    """Checks by how the provider is reached, by area, by whose they are."""

    stage = django_filters.MultipleChoiceFilter(
        label=_("Step"), choices=Stage, widget=forms.CheckboxSelectMultiple
    )
    mine = django_filters.BooleanFilter(
        label=_("Taken on by me"), method="taken_on", widget=forms.CheckboxInput
    )
    area = django_filters.CharFilter(
        label=_("Area"), field_name="area__code", lookup_expr="startswith"
    )

    class Meta:
        model = VerificationTask
        fields = ["stage", "mine", "area"]

    def taken_on(
        self,
        rows: "QuerySet[VerificationTask]",
        name: str,
        value: bool | None,  # noqa: FBT001  # signature of django-filter
    ) -> "QuerySet[VerificationTask]":
        """Keep the reader's own checks."""
        return rows.filter(assignee=self.request.user) if value else rows


class ProposalFilter(django_filters.FilterSet):
    """Proposals by kind and by who asks."""

    kind = django_filters.MultipleChoiceFilter(
        label=_("Kind"), choices=ProposalKind, widget=forms.CheckboxSelectMultiple
    )
    source = django_filters.MultipleChoiceFilter(
        label=_("Source"), choices=Source, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = ListingProposal
        fields = ["kind", "source"]
