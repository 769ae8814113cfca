"""The four numbers of a unit, and that they add up."""

from __future__ import annotations

from dataclasses import dataclass

from placement.domain.errors import Invalid
from placement.domain.limits import MOST_PLACES


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """The four numbers of one unit, in places."""

    maximum: int
    occupied: int
    reserved: int
    accepting: int

    @property
    def idle(self) -> int:
        """Return how many places nobody has, and nobody can be given."""
        return self.maximum - self.occupied - self.reserved - self.accepting


def require_sum(unit_id: int, given: Numbers) -> None:
    """Raise Invalid, naming the field, unless the four numbers of a unit add up."""
    if not 0 <= given.maximum <= MOST_PLACES:
        raise Invalid(f"Enter a maximum capacity between 0 and {MOST_PLACES}.", field=f"maximum-{unit_id}")
    for name in ("occupied", "reserved", "accepting"):
        if getattr(given, name) < 0:
            raise Invalid("Enter a number of 0 or more.", field=f"{name}-{unit_id}")
    used = given.occupied + given.reserved + given.accepting
    if used > given.maximum:
        raise Invalid(
            f"Occupied, reserved and vacant add up to {used}, but the maximum capacity is {given.maximum}.",
            field=f"accepting-{unit_id}",
        )
