"""Registers the application exchange."""

from django.apps import AppConfig


class Exchange(AppConfig):
    name = "directory.exchange"
