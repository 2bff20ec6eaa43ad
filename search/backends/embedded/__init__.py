"""The engine inside the process."""

from search.backends.embedded.engine import Embedded, fingerprint

__all__ = ["Embedded", "fingerprint"]
