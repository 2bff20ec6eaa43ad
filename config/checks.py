"""Start-up: wires receivers and jobs of every application, checks what must hold before serving."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps

OURS = ("accounts", "directory.", "search", "referrals.")


class Wiring(AppConfig):
    """Imports what nobody imports: the modules that listen and the modules that run by the clock."""

    name = "config"

    def ready(self) -> None:
        """Import `receivers` and `jobs` of each application that has them."""
        for app in apps.get_app_configs():
            if app.name.startswith(OURS):
                for module in ("receivers", "jobs"):
                    if find_spec(f"{app.name}.{module}"):
                        import_module(f"{app.name}.{module}")
