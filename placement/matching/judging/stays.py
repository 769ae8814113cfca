"""A match with its facts looked up."""

from __future__ import annotations

from dataclasses import dataclass

from placement.matching.problem.facts import Need, Unit


@dataclass(frozen=True, slots=True)
class Stay:
    """A need in a unit on the nights `[start, end)`."""

    need: Need
    unit: Unit
    start: int
    end: int

    def overlaps(self, other: Stay) -> bool:
        """Whether both are there on some night."""
        return self.start < other.end and other.start < self.end
