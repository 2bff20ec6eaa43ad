"""The inbox of the busiest provider, of a network with many referrals against one with few."""

import sys
from collections.abc import Callable
from io import StringIO
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.test import Client

from accounts.models import User
from bench.result import Report, timed

TARGET = 1.5
ROUNDS, WARM, STRETCH = 8, 3, 10
SERVICES = 400
FEW = "linkwell_bench_few"
# Both inboxes must fill a page, or the pages would not be the same.
OPEN_OF_FEW, OPEN_OF_MANY = 80, 6
# An hour of `make bench` may not be spent on one part: ten referrals to a file.
REFERRALS_PER_CLIENT = 10
PAGES = {"yours": "/inbox/", "moving": "/inbox/?bucket=moving", "ended": "/inbox/?bucket=ended"}


def use(database: str) -> None:
    """Let this process talk to one of the two databases from now on."""
    connection.close()
    connection.settings_dict["NAME"] = database


def fill(referrals: int, *, open_percent: float) -> None:
    """Load a network in which so many referrals were made."""
    call_command(
        "generate_load", services=SERVICES, clients=max(1, referrals // REFERRALS_PER_CLIENT),
        referrals=referrals, open_percent=open_percent, among_real_data=True,
        stdout=StringIO(), stderr=StringIO(),
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def opening(database: str, address: str) -> Callable[[], Any]:
    """Return what opens a page for the person at the busiest intake of a database."""
    use(database)
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(User.objects.get(email="load7-intake1@example.org"))

    def open_page() -> None:
        answer = browser.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{address}: {answer.status_code}")

    return open_page


def main() -> int:
    """Load two networks, then open the same page of both in turn."""
    report = Report.of("inbox", __doc__, referrals=200_000, against=2_000)
    many = str(connection.settings_dict["NAME"])
    call_command("migrate", verbosity=0, interactive=False)
    connection.close()
    use("postgres")
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {FEW} TEMPLATE {many}")
    use(FEW)
    fill(report.sizes["against"], open_percent=OPEN_OF_FEW)
    use(many)
    fill(report.sizes["referrals"], open_percent=OPEN_OF_MANY)
    for name, address in PAGES.items():
        taken = compare(many, address)
        report.ratio(f"inbox, {name}: many ÷ few", taken[many], taken[FEW], TARGET)
    return report.close()


def compare(many: str, address: str) -> dict[str, list[float]]:
    """Open a page of both databases in turn, each on a connection that is open already."""
    taken: dict[str, list[float]] = {many: [], FEW: []}
    pages = {database: opening(database, address) for database in taken}
    for _round in range(ROUNDS):
        for database, open_page in pages.items():
            use(database)
            # The first ones on a fresh connection wait for the server to know its tables.
            taken[database] += [timed(open_page) for _ in range(WARM + STRETCH)][WARM:]
    return taken


if __name__ == "__main__":
    sys.exit(main())
