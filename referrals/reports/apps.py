"""Registers the application reports."""

from django.apps import AppConfig


class Reports(AppConfig):
    name = "referrals.reports"
