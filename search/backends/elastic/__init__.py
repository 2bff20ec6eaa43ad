"""The engine on a cluster of Elasticsearch."""

from search.backends.elastic.engine import Elastic

__all__ = ["Elastic"]
