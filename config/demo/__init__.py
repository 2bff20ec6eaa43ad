"""The demo: an invented city with its providers, people and referrals, loaded by operations."""

from collections.abc import Callable

from config.demo import city, people, referrals, upkeep
from config.demo.welcome import welcome
from directory.catalogue.models import Source

__all__ = ["is_loaded", "load", "refresh", "welcome"]


def is_loaded() -> bool:
    """Say whether the invented city is there already."""
    return Source.objects.filter(code=city.SOURCE).exists()


def load(say: Callable[[str], None]) -> None:
    """Fill an empty database; what happened in the past happens at its instant."""
    say("Building the city of Lan'an: districts, providers, services ...")
    city.build()
    say("Hiring people ...")
    people.hire()
    say("Confirming listings, some late, some doubted ...")
    upkeep.tell()
    say("Opening case files with needs and consents ...")
    people.open_files()
    say("Sending a year of referrals ...")
    referrals.send()


def refresh() -> None:
    """Bring what must be there today, without rewriting what happened."""
    upkeep.age()
