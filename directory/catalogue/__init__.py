"""WHAT: organizations, services, places, in the words of HSDS."""
