"""What the engine is given: needs, units, the limits they share and the prices of nights. Frozen and always sound."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from placement.matching.problem.facts import CapFacts, Need, Price, UnitFacts
from placement.matching.problem.soundness import refuse_unsound


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """One matching problem over the nights 0 … `nights` − 1, night 0 being `first_night`.

    `city` is the local-authority code of the council. Raises MalformedInstance when any part contradicts another.
    """

    first_night: date
    nights: int
    city: str
    units: tuple[UnitFacts, ...]
    needs: tuple[Need, ...]
    shared_caps: tuple[CapFacts, ...] = ()
    scarce: frozenset[str] = frozenset()
    prices: tuple[Price, ...] = ()

    def __post_init__(self) -> None:
        refuse_unsound(self.nights, self.units, self.needs, self.shared_caps, self.prices)
