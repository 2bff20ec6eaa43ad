"""Fills the database with a big invented load, for measuring."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config import load
from directory.catalogue.models import Source


class Command(BaseCommand):
    """Parse how much; `config.load` says how, and why it goes around the operations."""

    help = "Add many invented services, clients and referrals, the same for the same seed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask how much of what."""
        for name in ("services", "clients", "referrals"):
            parser.add_argument(f"--{name}", type=int, required=True, metavar="N")
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument(
            "--open-percent", type=float, default=6, help="how many referrals are not over yet"
        )
        parser.add_argument(
            "--among-real-data",
            action="store_true",
            help="needed where real people's data may lie: outside the demo and with DEBUG off",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse what would mix with real data or cannot be, then fill."""
        services, clients, referrals = (
            options[name] for name in ("services", "clients", "referrals")
        )
        if not (settings.DEMO or settings.DEBUG or options["among_real_data"]):
            raise CommandError("Invented people do not belong here; see --among-real-data.")
        if min(services, clients, referrals) < 0:
            raise CommandError("Amounts are not less than nothing.")
        if clients and not services:
            raise CommandError("Clients are referred to services of the same load.")
        if referrals and not clients:
            raise CommandError("Referrals need clients.")
        if Source.objects.filter(code=load.code_of(options["seed"])).exists():
            raise CommandError("This seed has been loaded already; choose another.")
        load.fill(
            services=services,
            clients=clients,
            referrals=referrals,
            open_percent=options["open_percent"],
            seed=options["seed"],
            say=lambda line: self.stderr.write(f"  {line}"),
        )
        self.stdout.write("Done. `manage.py rebuild_index` lets search find the services.")
