"""Narrowing the lists of users, messages and the access log."""

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditEntry, Channel, Delivery, Message, Result, User
from accounts.permissions import Role
from core.crypto import hmac_ref

ANY = _("Any")


class UserFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Name or e-mail address"), method="named", max_length=200)
    role = django_filters.ChoiceFilter(
        label=_("Role"), choices=Role.choices, method="holding", empty_label=ANY
    )
    active = django_filters.ChoiceFilter(
        label=_("State"),
        field_name="is_active",
        empty_label=ANY,
        choices=[("True", _("account open")), ("False", _("account closed"))],
    )

    def named(self, users: QuerySet[User], _name: str, value: str) -> QuerySet[User]:
        """Match a part of name or address."""
        return users.filter(Q(name__icontains=value) | Q(email__icontains=value))

    def holding(self, users: QuerySet[User], _name: str, value: str) -> QuerySet[User]:
        """Keep who holds the role today."""
        held = {"memberships__role": value, "memberships__ended_at": None}
        return users.filter(pk__in=User.objects.filter(**held).values("pk"))


class MessageFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=Delivery.choices, empty_label=ANY)
    channel = django_filters.ChoiceFilter(
        label=_("Channel"),
        choices=[c for c in Channel.choices if c[0] != Channel.PAGE],
        empty_label=ANY,
    )

    class Meta:
        model = Message
        fields = ("state", "channel")


class AuditFilter(django_filters.FilterSet):
    user = django_filters.CharFilter(label=_("E-mail address of the user"), method="by_user")
    client = django_filters.UUIDFilter(label=_("Client (number of the file)"), method="by_client")
    action = django_filters.CharFilter(
        label=_("Action"),
        lookup_expr="startswith",
        max_length=60,
        help_text=_("Its beginning is enough, for example consent or referral.send"),
    )
    result = django_filters.ChoiceFilter(label=_("Result"), choices=Result.choices, empty_label=ANY)
    since = django_filters.DateFilter(
        label=_("From this day on"),
        field_name="at__date",
        lookup_expr="gte",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    until = django_filters.DateFilter(
        label=_("Until this day"),
        field_name="at__date",
        lookup_expr="lte",
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def by_user(self, rows: QuerySet[AuditEntry], _name: str, value: str) -> QuerySet[AuditEntry]:
        """Keep what one person did, or what was done to that account."""
        uid = User.objects.filter(email=value.lower()).values("uid")[:1]
        return rows.filter(Q(actor__in=uid) | Q(object_uid__in=uid))

    def by_client(
        self, rows: QuerySet[AuditEntry], _name: str, value: object
    ) -> QuerySet[AuditEntry]:
        """Keep what touched one client; the log knows clients by a keyed hash only."""
        return rows.filter(Q(client_ref=hmac_ref("client", value)) | Q(object_uid=value))
