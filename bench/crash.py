"""The scheduler is killed with SIGKILL in mid-batch: every step happens exactly once.

Half of the kills fall on the ladder of referrals, half on the questions to providers.
"""

import sys

from django.core.management import call_command

from bench.result import Report
from tests.referrals.handoffs import crashes

# Most lives end within this many checkpoints, two of them to a row.
LONGEST_LIFE = 6


def main() -> int:
    """Let schedulers live and die over one batch of each kind, then count what happened."""
    report = Report.of("crash", __doc__, kills=50, seed=1)
    call_command("migrate", verbosity=0, interactive=False)
    half, seed = report.sizes["kills"] // 2, report.sizes["seed"]
    # A life takes two rows on average; the batch outlasts all of them.
    sent = crashes.silent_referrals(half * 2)
    listings = crashes.unconfirmed_listings(half * 2)
    killed = sum(
        crashes.kill_at_random(job, kills=half, most=LONGEST_LIFE, seed=seed)
        for job in (crashes.LADDERS, crashes.CHECKS)
    )
    stories = crashes.stories(sent)
    counts = [story["expire"] for story in stories] + crashes.checks(listings)
    report.promise("steps lost", counts.count(0), 0)
    report.promise("steps done twice", sum(times > 1 for times in counts), 0)
    report.promise("stories unlike the others", sum(one != stories[0] for one in stories), 0)
    report.promise("schedulers killed in mid-batch", killed, half, at_least=True)
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
