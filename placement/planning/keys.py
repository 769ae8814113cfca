"""The engine's names of stored units and services, and the way back."""

from __future__ import annotations


def unit_key(unit_id: int) -> str:
    """Return the engine's name of a stored unit."""
    return f"U{unit_id}"


def unit_id_of(key: str) -> int:
    """Return the stored unit behind an engine's name."""
    return int(key.removeprefix("U"))


def service_key(service_id: int) -> str:
    """Return the engine's name of a stored service."""
    return f"S{service_id}"
