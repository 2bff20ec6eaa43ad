"""Registers the application catalogue."""

from django.apps import AppConfig


class Catalogue(AppConfig):
    name = "directory.catalogue"
