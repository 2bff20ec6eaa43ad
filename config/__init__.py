"""WIRING; imported by nobody."""
