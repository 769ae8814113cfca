"""Holding places back for people still to come: for whom that can be, and what it would mean now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from placement.domain.kinds import KINDS
from placement.matching.worth.cheapest import least_points
from placement.planning.snapshot import open_instance

CAN_WAIT = tuple(kind for kind in KINDS if kind.can_be_held_back)
"""The kinds that a limit can be set for: what is held back is held back for people in crisis first of all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What the cheapest place in the city costs each open referral of a kind that has one, in points, ascending."""

    points: tuple[int, ...]

    def above(self, limit: int | None) -> int:
        """Return how many referrals a limit would leave without a place in the city."""
        return 0 if limit is None else sum(points > limit for points in self.points)

    @property
    def usual(self) -> int:
        """The points that half of them do not exceed."""
        return self.points[(len(self.points) - 1) // 2]


def costs_now(session: Session, *, now: datetime) -> Mapping[str, Costs]:
    """Return what the open referrals of each kind that can wait would cost, as the records stand."""
    instance = open_instance(session, now=now)
    least = least_points(instance)
    return {
        kind.slug: Costs(
            points=tuple(
                sorted(least[need.id] for need in instance.needs if need.kind == kind.slug and need.id in least)
            )
        )
        for kind in CAN_WAIT
    }
