"""Imports and exports from the shell."""
