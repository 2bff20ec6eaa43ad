"""Registers the application casefiles."""

from django.apps import AppConfig


class Casefiles(AppConfig):
    name = "referrals.casefiles"
