"""Embargoes and contracts handed back (IR20): how many began, ended and hold, and what is behind them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from placement.domain.periods import Period
from placement.domain.reasons import STANDING_CAUSES
from placement.market.standings import SET_BY_HAND, standings_of_all
from placement.records.providers import Standing
from placement.reports.kpis.measure import MeasureAsked, MeasureColumn, MeasureRow, MeasureTable, Sort, StrategyMeasure

COLUMNS = (
    MeasureColumn(words="Began", sort=Sort.NUMBER),
    MeasureColumn(words="Ended", sort=Sort.NUMBER),
    MeasureColumn(words="Hold on the last day", sort=Sort.NUMBER),
)


def embargo_tables(session: Session, asked: MeasureAsked) -> Sequence[MeasureTable]:
    """Return the standings of providers by status, and those that bar new people by what is behind them."""
    known, period = standings_of_all(session), asked.span.period
    by_status, by_cause = defaultdict(list), defaultdict(list)
    for each in known:
        by_status[each.status].append(each)
        if each.is_barring:
            by_cause[each.cause].append(each)
    statuses = tuple(MeasureRow(label=s.label, values=_counts(by_status[s], period)) for s in SET_BY_HAND)
    causes = tuple(MeasureRow(label=c.label, values=_counts(by_cause[c.slug], period)) for c in STANDING_CAUSES)
    return [
        MeasureTable(caption="By status", about="Status", columns=COLUMNS, rows=statuses),
        MeasureTable(
            caption="Embargoes and contracts handed back, by what is behind them",
            about="What is behind it",
            columns=COLUMNS,
            rows=causes,
        ),
    ]


def _counts(some: Sequence[Standing], period: Period) -> tuple[int, ...]:
    """Return how many began and ended in a period, and how many hold on its last day."""
    last = (period.end or period.start) - timedelta(days=1)
    return (
        sum(period.holds(each.start_on) for each in some),
        sum(each.end_on is not None and period.holds(each.end_on) for each in some),
        sum(each.period.holds(last) for each in some),
    )


EMBARGOES = StrategyMeasure(
    slug="embargoes-and-contracts",
    title="Embargoes and contracts handed back (IR20)",
    definition="How many statuses of providers began in the period, ended in it, and hold on its last day; and of "
    "those under which nobody new is placed – paused, suspended, closing, contract handed back – what is behind them.",
    source="What the council has decided of providers, each with its first day, its end, a cause by code and a "
    "sentence. IR20 is the strategy’s measure of embargoes and contracts handed back, with reasons.",
    caveats=(
        "Counted are statuses, not providers: one that is suspended twice counts twice.",
        "The codes of causes are this product’s own; the strategy prints none. A status of before there were codes "
        "stands under not recorded.",
        "Providers are no people, so that small numbers are told.",
    ),
    tables=embargo_tables,
)
