"""What the engine answers: matches, what stayed unmatched and why, and each objective with its proven bound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from placement.matching.problem.facts import stay_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A need given a place in a unit from night `start`; `ask` are its unknown needs, `why` sentences for people.

    `stay` is which stay of a series it is, from 1; None for a need that is no series.
    """

    need: str
    unit: str
    start: int
    stay: int | None = None
    ask: tuple[str, ...] = ()
    why: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What the stay is called where each stay is a need of its own."""
        return stay_name(self.need, self.stay)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """How many in-city units are first refused by this rule.

    Or by none: `outbid`, but taken; `series`, but other stays that belong with this one found no place.
    """

    rule: str
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    """An in-city unit and every rule that refuses it."""

    unit: str
    refused_by: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxation:
    """The smallest relaxation of one rule that opens in-city units with room in the plan."""

    rule: str
    opens: tuple[str, ...]
    say: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmatched:
    """A need without a place in the city that it wanted: unmatched, or met out of city without wishing to be.

    Of a series each stay is told of by itself, as in a match.
    """

    need: str
    stay: int | None = None
    causes: tuple[Cause, ...] = ()
    nearest: tuple[Nearest, ...] = ()
    change: tuple[Relaxation, ...] = ()
    met_out_of_city: bool = False

    @property
    def name(self) -> str:
        """What the stay is called where each stay is a need of its own."""
        return stay_name(self.need, self.stay)


@dataclass(frozen=True, slots=True, kw_only=True)
class TierOutcome:
    """One objective: the value reached and the proven bound on it."""

    slug: str
    value: int
    bound: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """An answer to the instance with this fingerprint. `status` is `optimal` only if every tier is proven."""

    instance_sha256: str
    status: str
    backend: str
    seed: int
    seconds: float
    matches: tuple[Match, ...]
    unmatched: tuple[Unmatched, ...]
    objectives: tuple[TierOutcome, ...]
    versions: Mapping[str, str] = field(default_factory=dict, hash=False)
