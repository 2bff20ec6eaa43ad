"""News that upper applications hear, in the transaction of the act."""

from django.dispatch import Signal

# Sent with `grants`, the grants whose ground is gone; receivers return the uids they closed.
basis_lost = Signal()

# Sent with `case` and `blockers`, a list to which receivers append codes; any of them refuses.
case_closing = Signal()

# Sent with `client` after its key was destroyed; receivers delete what holds personal text.
client_erased = Signal()
