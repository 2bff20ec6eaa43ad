"""Two people accept one referral at once: exactly one of them wins, unless the guard is off."""

import sys
from collections import Counter

from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from bench.result import Report
from tests.factories import handoffs
from tests.referrals.handoffs import races

# How often the two must both win without the guard, or they never met.
CONTROL_SHARE, CONTROL_ROUNDS = 0.5, 50


def main() -> int:
    """Race as in production, then without the compare-and-set."""
    report = Report.of("races", __doc__, rounds=1_000)
    # On a machine that is busy with other things the clock would decide the race.
    options = connection.settings_dict["OPTIONS"]
    options["options"] += " -c lock_timeout=60s -c statement_timeout=60s"
    call_command("migrate", verbosity=0, interactive=False)
    rounds, at = report.sizes["rounds"], handoffs.scene()
    won = Counter(races.accept_and_accept(at) for _ in range(rounds))
    with override_settings(SAFEGUARDS_OFF=frozenset({"cas"})):
        control = Counter(races.accept_and_accept(at) for _ in range(CONTROL_ROUNDS))
    report.promise("rounds with one winner", won[1], rounds, at_least=True)
    report.promise(
        "rounds in which both win without the guard",
        control[2],
        CONTROL_SHARE * CONTROL_ROUNDS,
        at_least=True,
        rounds=CONTROL_ROUNDS,
    )
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
