"""Open an account from the command line: the first one has nobody who could invite it."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.urls import reverse

from accounts import operations, queries
from accounts.models import User
from accounts.permissions import NETWORK_ROLES


class Command(BaseCommand):
    help = "Opens an account with a role of the whole network and prints the invitation's link."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the options."""
        parser.add_argument("email")
        parser.add_argument("name")
        parser.add_argument(
            "--role", choices=sorted(NETWORK_ROLES), default="security_administrator"
        )

    def handle(self, *, email: str, name: str, role: str, **_options: Any) -> None:
        """Invite, grant, and print the link."""
        if User.objects.filter(email=email.lower()).exists():
            raise CommandError("There is an account with this address.")
        system = queries.system()
        with transaction.atomic():
            person = operations.user.invite(by=system, email=email, name=name)
            operations.membership.grant(person, by=system, role=role)
        path = reverse("accounts:invitation_enter", args=[queries.invitation(person)])
        self.stdout.write(f"{settings.SITE_URL}{path}")
