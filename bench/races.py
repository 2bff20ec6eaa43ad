"""Two people accept one referral at once, a thousand times: `python -m bench.races [rounds]`.

Prints {rounds, single_winners, control_double_wins} and exits 1 when anybody won twice, or when
the same race without the compare-and-set does not show that it would.
"""

import json
import sys
from collections import Counter

from bench import own_database

ROUNDS = 1_000
# What half of the rounds must show, or the two never met.
CONTROL_SHARE, CONTROL_ROUNDS = 0.5, 50


def inside(rounds: int) -> int:
    """Race in a fresh database, first as in production, then without the safeguard."""
    with own_database.migrated():
        from django.test import override_settings  # noqa: PLC0415  # after the settings

        from tests.factories import handoffs  # noqa: PLC0415
        from tests.referrals.handoffs import races  # noqa: PLC0415

        at = handoffs.scene()
        won = Counter(races.accept_and_accept(at) for _ in range(rounds))
        with override_settings(SAFEGUARDS_OFF=frozenset({"cas"})):
            control = Counter(races.accept_and_accept(at) for _ in range(CONTROL_ROUNDS))
    result = {"rounds": rounds, "single_winners": won[1], "control_double_wins": control[2]}
    print(json.dumps(result | {"control_rounds": CONTROL_ROUNDS}))
    return int(won[1] != rounds or control[2] < CONTROL_SHARE * CONTROL_ROUNDS)


if __name__ == "__main__":
    arguments = [word for word in sys.argv[1:] if word != own_database.INSIDE]
    asked = int(arguments[0]) if arguments else ROUNDS
    started = own_database.INSIDE in sys.argv
    sys.exit(inside(asked) if started else own_database.run("bench.races", asked))
