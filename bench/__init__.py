"""Figures that the product promises, measured on this machine by `python -m bench.run`."""

import logging
import os

import django

# Each bench runs in a process of its own, for whose database `bench.run` has settings.
if "DJANGO_SETTINGS_MODULE" in os.environ:
    django.setup()
    # A line for every request would drown the result.
    logging.disable(logging.INFO)
