"""The scheduler is killed with SIGKILL fifty times: `python -m bench.crash [kills] [seed]`.

Half of the kills fall on the ladder of referrals, half on the questions to providers. Prints
{kills, killed, lost, doubled} and exits 1 when a step was lost or happened twice.
"""

import json
import secrets
import sys

from bench import own_database

KILLS = 50
# Most lives end within this many checkpoints, two of them to a row.
LONGEST_LIFE = 6


def inside(kills: int, seed: int) -> int:
    """Let schedulers live and die over one batch of each kind, then count what happened."""
    with own_database.migrated():
        from tests.referrals.handoffs import crashes  # noqa: PLC0415  # after the settings

        half = kills // 2
        # A life takes two rows on average; the batch outlasts all of them.
        sent = crashes.silent_referrals(half * 2)
        listings = crashes.unconfirmed_listings(half * 2)
        killed = sum(
            crashes.kill_at_random(job, kills=half, most=LONGEST_LIFE, seed=seed)
            for job in (crashes.LADDERS, crashes.CHECKS)
        )
        stories = crashes.stories(sent)
        counts = [story["expire"] for story in stories] + crashes.checks(listings)
    lost, doubled = counts.count(0), sum(times > 1 for times in counts)
    odd = sum(story != stories[0] for story in stories)
    result = {"kills": 2 * half, "killed": killed, "lost": lost, "doubled": doubled}
    print(json.dumps(result | {"odd_stories": odd, "seed": seed}))
    return int(bool(lost or doubled or odd) or killed < half)


if __name__ == "__main__":
    arguments = [int(word) for word in sys.argv[1:] if word != own_database.INSIDE]
    asked, chosen = (*arguments, *(KILLS, secrets.randbelow(10**6))[len(arguments) :])
    started = own_database.INSIDE in sys.argv
    sys.exit(inside(asked, chosen) if started else own_database.run("bench.crash", asked, chosen))
