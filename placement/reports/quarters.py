"""Quarters of the calendar: what is over does not change from day to day, so that two days cannot be set off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from placement.domain.periods import Period

MONTHS = 3
IN_A_YEAR = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarters:
    """The last quarter that is over, the four quarters up to its end, and the next one that begins."""

    last: Period
    year: Period
    coming: Period


def quarters(day: date) -> Quarters:
    """Return the quarters around a day."""
    present = quarter_of(day).start
    before, after = _moved(present, -1), _moved(present, 1)
    return Quarters(
        last=Period(before, present),
        year=Period(_moved(present, -IN_A_YEAR), present),
        coming=Period(after, _moved(after, 1)),
    )


def quarters_over(day: date) -> tuple[Period, ...]:
    """Return the four quarters that are over, the newest first: together they are the year."""
    return tuple(reversed(quarters_of(quarters(day).year)))


def quarters_of(year: Period) -> tuple[Period, ...]:
    """Return the four quarters of a year that begins with one, the oldest first."""
    starts = [_moved(year.start, place) for place in range(IN_A_YEAR + 1)]
    return tuple(Period(start, end) for start, end in pairwise(starts))


def quarter_of(day: date) -> Period:
    """Return the quarter in which a day lies."""
    first = date(day.year, 1 + MONTHS * ((day.month - 1) // MONTHS), 1)
    return Period(first, _moved(first, 1))


def span_words(span: Period) -> str:
    """Return “July to September 2026”, or “October 2025 to September 2026”."""
    last = _moved_months(span.end, -1) if span.end else span.start
    first = f"{span.start:%B}" if span.start.year == last.year else f"{span.start:%B %Y}"
    return f"{first} to {last:%B %Y}"


def _moved(first: date, by: int) -> date:
    return _moved_months(first, by * MONTHS)


def _moved_months(first: date, by: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + by, 12)
    return date(year, month + 1, 1)
