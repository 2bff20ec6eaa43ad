"""How far a listing can be trusted, as one factor of its score."""

REVISIT = {"active": 1.0, "unverified": 0.9, "due": 0.9, "stale": 0.75, "suspended": 0.5}
AVAILABILITY = {
    "open": 1.0,
    "limited": 1.0,
    "unknown": 1.0,
    "waitlist": 0.9,
    "full": 0.8,
    "paused": 0.8,
}
PER_DAY = 2e-5


def quality(revisit: str, availability: str, verified_day: int) -> float:
    """Return how far a listing can be trusted; more recent verification orders equals."""
    trust = REVISIT[revisit] * AVAILABILITY.get(availability, 1.0)
    return trust * (1 + PER_DAY * max(0, verified_day))
