"""The flask commands, one module a noun."""
