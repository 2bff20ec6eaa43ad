"""Registers the application upkeep."""

from django.apps import AppConfig


class Upkeep(AppConfig):
    name = "directory.upkeep"
