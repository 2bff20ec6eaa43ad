"""Every write of upkeep: checks, confirmations, doubts, requests, proposals."""
