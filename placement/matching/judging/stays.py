"""A match with its facts looked up."""

from __future__ import annotations

from dataclasses import dataclass

from placement.matching.problem.facts import Need, UnitFacts


@dataclass(frozen=True, slots=True)
class MatchedStay:
    """A need in a unit on the nights `[start, end)`."""

    need: Need
    unit: UnitFacts
    start: int
    end: int

    def overlaps(self, other: MatchedStay) -> bool:
        """Whether both are there on some night."""
        return self.start < other.end and other.start < self.end
