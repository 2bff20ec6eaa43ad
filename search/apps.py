"""Registers the application search."""

from django.apps import AppConfig


class Search(AppConfig):
    name = "search"
