"""News of referrals for the rooms above, sent inside the transaction."""

from django.dispatch import Signal

# event: the ReferralEvent that was just written, status events and others alike
referral_moved = Signal()
