"""Pages of handoffs."""
