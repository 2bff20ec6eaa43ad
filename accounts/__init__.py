"""WHO: users, roles, audit, messages, schedule."""
