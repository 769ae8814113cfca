"""What the searches are tuned by: one frozen object, every number with what it means and, where there is one, why."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum


class Heuristic(StrEnum):
    """What may be left out without any plan being wrong: it would only be found or proven later, or not in time."""

    MERGED_TIERS = "merged tiers"
    """One flow for several objectives, where the numbers leave room to tell them apart."""
    COLUMN_GENERATION = "column generation"
    """Flows and relaxations of many columns begin with a few, and take in more while prices ask for them."""
    GREEDY_START = "greedy start"
    """The first plan: people in order, each to the best place still free."""
    RELAXED_PLAN = "relaxed plan"
    """What the relaxation uses as a whole is tried as a plan."""
    SMALL_CORES = "small cores"
    """Exact searches among the columns that the relaxation uses, then among those that lose least against the proof."""
    SOME_OF_EACH = "some of each need"
    """A search by HiGHS among some columns of each need."""
    AGREEMENT = "agreement"
    """Who is met where is settled once, where the proof of the first tiers has a gap."""
    ANNEALING = "annealing"
    GENDER_ROUNDS = "gender rounds"
    """Everybody is chosen anew while each unit keeps, night by night, the gender it has."""
    PIECES = "pieces"
    """Some people are freed, all others fixed, and chosen again: fix-and-optimise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationParameters:
    """Programs of `many` columns and more begin with `first` for each need; `more` are added while some are missing."""

    many: int
    first: int
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CoreParameters:
    """The exact searches of a tier among few columns, before anything is improved."""

    few: int = 2_000
    """Columns, those that lose least, in the search before all that could be better are looked at."""
    many: int = 20_000
    """Columns up to which all that could be better are looked at before any improving."""
    large: int = 500
    """Columns from which HiGHS searches where only rows bind; among fewer CP-SAT is quicker, and exact in itself."""
    most_for_highs: int = 100_000
    """Columns up to which HiGHS is asked for all that could be better before any improving."""
    quick_seconds: float = 20.0
    quick_share: float = 0.4
    """What HiGHS gets for one of these searches: seconds, or a share of those left where that is more."""
    quick_work: float = 5.0
    """Work of each of these searches, in CP-SAT's deterministic units; what takes longer is improved first."""
    most: float = 0.6
    """The share of the columns that could be better above which one of these searches looks at all of them: that takes
    little longer, and proves."""
    agreement_questions: int = 12
    """Questions of the form "is there another?" after which nothing more is settled about who is met where."""
    agreement_seconds: float = 10.0
    agreement_work: float = 5.0
    """Of one of them: of HiGHS, or in CP-SAT's deterministic units. What is settled spares each later tier as much as
    the first ones took; what is not, costs this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnealingParameters:
    """Moves, and how likely one is taken that loses. Losses are measured in what a column that loses anything against
    the proof loses: the median."""

    at_once: int = 20_000
    """Moves drawn at once; the watch is looked at in between."""
    hot: float = 0.25
    cold: float = 1 / 32
    """The first and the last temperature, in that measure."""
    reach: float = 3.0
    """What a column may lose to be looked at, in that measure."""
    moves_a_need: int = 10_000
    moves_a_unit_of_work: int = 2_000_000
    """Moves that count as one of CP-SAT's deterministic units where work is limited."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundParameters:
    """Choosing everybody anew in given genders, and shaking a plan in between."""

    most_columns: int = 20_000
    """Columns looked at, those first that lose least against the proof."""
    seconds: float = 20.0
    """What HiGHS gets; where it is not through by then, its best answer so far counts."""
    every: int = 40
    """Pieces after which everybody is chosen anew, in the genders there are or, if nothing gained, in others."""
    warm: float = 1 / 20
    """The temperature that a plan is shaken at, in the measure of annealing, falling to nothing."""
    shakes: int = 40
    """How often moves are drawn for that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceParameters:
    """The people freed at once and chosen again."""

    first_size: int = 40
    smallest_size: int = 6
    growth: float = 0.5
    """By how much a piece grows after one that was solved without a gain: large ones take longer than they gain."""
    shrinking: int = 3
    """By how much it shrinks after one that was not solved."""
    work: float = 0.5
    """Work of one piece, in CP-SAT's deterministic units, after which the next one is smaller."""
    patience: int = 100
    """Pieces in a row without a gain after which to stop, and one more for each need."""
    columns: int = 10
    """Columns of each need that a piece looks at, those first that lose least against the proof."""
    wishes: int = 16
    """Places looked at that a person would rather have: where many are as good, pieces grow broad and not in chains."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """All that the searches of a solve are tuned by; `left_out` is for measuring what a heuristic gives."""

    flow: GenerationParameters = GenerationParameters(many=50_000, first=12, more=20)
    """Of the min-cost flow; columns a need are meant on average over the needs."""
    relaxation: GenerationParameters = GenerationParameters(many=10_000, first=20, more=20)
    """Of the linear relaxation."""
    cores: CoreParameters = field(default_factory=CoreParameters)
    annealing: AnnealingParameters = field(default_factory=AnnealingParameters)
    rounds: RoundParameters = field(default_factory=RoundParameters)
    pieces: PieceParameters = field(default_factory=PieceParameters)
    left_out: frozenset[Heuristic] = frozenset()

    def uses(self, heuristic: Heuristic) -> bool:
        """Whether the searches use this heuristic."""
        return heuristic not in self.left_out

    def without(self, heuristic: Heuristic) -> Parameters:
        """Return the same without this heuristic."""
        return replace(self, left_out=self.left_out | {heuristic})


PARAMETERS = Parameters()
"""What every solve goes by, unless it is told otherwise."""
