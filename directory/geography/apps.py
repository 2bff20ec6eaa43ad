"""Registers the application geography."""

from django.apps import AppConfig


class Geography(AppConfig):
    name = "directory.geography"
