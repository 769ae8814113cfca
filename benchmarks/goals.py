"""What the engine is judged by: one row a goal, in the order in which the document tells them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A goal: its word, what is looked at, and what is asked of it."""

    slug: str
    what: str
    asked: str


GOALS = (
    Goal(
        slug="every_plan",
        what="every plan",
        asked="0 violations by the checker and by an outside checker; objective values equal on both",
    ),
    Goal(
        slug="day",
        what="day",
        asked="proven; build + solve ≤ 1/10 of HiGHS MIP in the same run; never over 2 s on 1,000 random tight days "
        "with side rules",
    ),
    Goal(
        slug="region",
        what="region (undated)",
        asked="proven on every tier; build + solve ≤ 1/10 of HiGHS LP, ≤ 500 MB over the data",
    ),
    Goal(
        slug="quarter",
        what="quarter (dated)",
        asked="first answer ≤ 3% over the LP bound in ≤ 1/5 of HiGHS MIP's time to proof on the same form; then "
        "proven, in less time than HiGHS MIP",
    ),
    Goal(
        slug="country",
        what="country",
        asked="solve time ≤ candidate time by parts, border pass included; ≤ 4 GB; parts spread over workers",
    ),
    Goal(slug="avoidable", what="avoidable out-of-city on a day", asked="≥ 40% fewer than first-come"),
    Goal(
        slug="online",
        what="online, 90 days, unseen streams from other settings than the prices'",
        asked="≥ 20% fewer out of city than first-come, ≥ 60% of the gap to hindsight closed",
    ),
    Goal(
        slug="stability",
        what="stability",
        asked="identical plans over 30 input orders; ≤ 3% of kept proposals change when 1% of the instance changes",
    ),
    Goal(
        slug="explanation",
        what="explanation",
        asked="every cause re-checked by brute force: 0 false in 10,000; every `change` really opens what it says; "
        "≤ 0.1 ms a need for the waterfall",
    ),
    Goal(slug="values", what="place values", asked="equal to the re-solve difference, 100%"),
    Goal(
        slug="pas",
        what="hospital bed planning (PAS)",
        asked="0 hard violations; gap to the LP bound ≤ 3% on each of the six within 300 s",
    ),
    Goal(slug="growth", what="growth", asked="time and memory against size on a log-log plot, slope stated"),
)
