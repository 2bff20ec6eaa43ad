"""Every write of exchange: the life of an import, its staged rows, their effect."""

from directory.exchange.operations import apply, batches, forgetting, orphans, sweep

__all__ = ["apply", "batches", "forgetting", "orphans", "sweep"]
