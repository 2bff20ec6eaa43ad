"""Registers the application handoffs."""

from django.apps import AppConfig


class Handoffs(AppConfig):
    name = "referrals.handoffs"
