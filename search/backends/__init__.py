"""The engines, all answering the same plans alike."""
