"""News from accounts that applications above act on, inside the transaction."""

from django.dispatch import Signal

# message: it could not be delivered and will not be tried again
message_bounced = Signal()
# membership, blockers: append a sentence and the partner's account does not go live
partner_activating = Signal()
