"""THE REFERRAL: from a need to a provider and back."""
