"""Two people accept one referral at once, a thousand times: `python -m bench.races [rounds]`.

Prints {rounds, single_winners, control_double_wins} and exits 1 when anybody won twice, or when
the same race without the compare-and-set does not show that it would.
"""

import json
import os
import subprocess
import sys
from collections import Counter

from tests import servers

ROUNDS = 1_000
# What half of the rounds must show, or the race never met.
CONTROL_SHARE, CONTROL_ROUNDS = 0.5, 50


def main() -> int:
    """Run the rounds in a process that has a PostgreSQL of its own."""
    if "--inside" in sys.argv:
        return inside(int(sys.argv[-1]))
    rounds = sys.argv[1] if len(sys.argv) > 1 else str(ROUNDS)
    with servers.postgres() as url:
        inner = [sys.executable, "-m", "bench.races", "--inside", rounds]
        settings = {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings_test"}
        return subprocess.run(inner, env=os.environ | settings, check=False).returncode


def inside(rounds: int) -> int:
    """Race in a fresh database, first as in production, then without the safeguard."""
    import django  # noqa: PLC0415  # only the inner process has a database

    django.setup()

    from django.db import connection  # noqa: PLC0415
    from django.test import override_settings  # noqa: PLC0415

    from tests.factories import handoffs  # noqa: PLC0415
    from tests.referrals.handoffs import races  # noqa: PLC0415

    before = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    at = handoffs.scene()
    won = Counter(races.accept_and_accept(at) for _ in range(rounds))
    with override_settings(SAFEGUARDS_OFF=frozenset({"cas"})):
        control = Counter(races.accept_and_accept(at) for _ in range(CONTROL_ROUNDS))
    connection.creation.destroy_test_db(before, verbosity=0)
    result = {"rounds": rounds, "single_winners": won[1], "control_double_wins": control[2]}
    print(json.dumps(result | {"control_rounds": CONTROL_ROUNDS}))
    return int(won[1] != rounds or control[2] < CONTROL_SHARE * CONTROL_ROUNDS)


if __name__ == "__main__":
    sys.exit(main())
