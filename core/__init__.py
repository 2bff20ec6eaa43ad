"""BUILDING BLOCKS without tables."""
