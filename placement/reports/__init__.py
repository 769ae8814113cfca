"""Read-only answers for commissioners."""
