"""What exists: places, catalogue, exchange, upkeep."""
