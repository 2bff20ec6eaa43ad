"""A load for measuring: many listings, files and referrals, written in bulk and without news.

This is the one place that goes around the operations. A million rows through them would take days
and prove nothing about speed. So nothing here is told to anybody: no audit rows, no history, no
index, no messages. Listings are written as an import would leave them. Files and referrals are
copies of some that did go through the operations, so that every row stands beside the rows that
belong to it.
"""

from collections.abc import Callable

from config.load import listings, templates
from config.load.chance import Chance
from config.load.copies import Copies
from config.load.listings import code_of

__all__ = ["code_of", "fill"]


def fill(
    *,
    services: int,
    clients: int,
    referrals: int,
    open_percent: float,
    seed: int,
    say: Callable[[str], None],
) -> None:
    """Add a load to the database; the same seed gives the same load."""
    chance = Chance(seed)
    say(f"Writing {services} services ...")
    providers = listings.write(services, seed=seed, chance=chance)
    if not clients:
        return
    say("Taking one referral to each status by the ordinary operations ...")
    stage = templates.set_up(providers, clients=clients, seed=seed)
    copies = Copies(stage, chance, open_percent=open_percent)
    say(f"Copying {clients} files and {referrals} referrals ...")
    copies.write(clients=clients, referrals=referrals)
