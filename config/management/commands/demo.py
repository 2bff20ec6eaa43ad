"""`make demo`: a running directory with an invented city, on a laptop without any server."""

import os
import signal
import subprocess
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from config import demo
from search import queries as search


class Command(BaseCommand):
    """Prepares the demo once, says how to get in, and serves it with the scheduler beside it."""

    help = "Prepare and serve the demo: an invented city in an empty database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Let a script stop when everything is ready."""
        parser.add_argument("--no-serve", action="store_true", help="end when everything is ready")

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, load, index, print, serve; a second start keeps the data."""
        if not settings.DEMO:
            raise CommandError("Only with SECURITY_PROFILE=demo, as `make demo` sets it.")
        self._say("Creating the database ...")
        call_command("migrate", verbosity=0, interactive=False)
        if demo.is_loaded():
            self._say("Adding what today needs ...")
            demo.refresh()
        else:
            demo.load(self._say)
        if not search.health().engine.ok:
            self._say("Building the search index ...")
            call_command("rebuild_index", verbosity=0)
        self.stdout.write(demo.welcome(self._address()))
        if not options["no_serve"]:
            self._serve()

    def _say(self, line: str) -> None:
        self.stderr.write(f"  {line}")

    def _address(self) -> str:
        return f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"

    def _serve(self) -> None:
        """Run the web server in front and the worker beside it; both end together."""
        environment = os.environ | {"SITE_URL": self._address()}
        worker = subprocess.Popen([sys.executable, "manage.py", "work"], env=environment)
        server = [
            sys.executable, "-m", "gunicorn", "config.wsgi",
            "--bind", self._address().removeprefix("http://"),
            "--worker-class", "gthread", "--workers", "1", "--threads", "8",
            "--log-level", "warning",
        ]  # fmt: skip
        try:
            subprocess.run(server, env=environment, check=False)  # noqa: S603
        except KeyboardInterrupt:
            self._say("Stopped. The data stay in var/; `make demo` starts again.")
        finally:
            worker.send_signal(signal.SIGTERM)
            worker.wait(timeout=30)
