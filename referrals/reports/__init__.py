"""WHAT CAME OF IT: work lists, follow-ups, outcomes."""
