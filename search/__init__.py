"""FINDING. Knows no client."""
