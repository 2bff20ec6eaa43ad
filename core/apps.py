"""Registers the templates and static files of core."""

from django.apps import AppConfig


class Core(AppConfig):
    name = "core"
