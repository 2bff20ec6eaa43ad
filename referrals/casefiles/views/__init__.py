"""Pages of casefiles."""

from referrals.casefiles.views import case, client, consent, file, lists, need, privacy

__all__ = ["case", "client", "consent", "file", "lists", "need", "privacy"]
