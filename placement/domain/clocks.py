"""Days and deadlines in Europe/London: what is today, and when must somebody have answered.

Instants are UTC; days are London days. Bank holidays are England's rule-based ones (Banking and Financial Dealings
Act 1971, with the usual substitute days); one-off royal holidays can be added to EXTRA_HOLIDAYS.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from placement.domain.kinds import Clock

LONDON = ZoneInfo("Europe/London")
END_OF_WORKING_DAY = time(17, 0)
EXTRA_HOLIDAYS: frozenset[date] = frozenset()


def today(now: datetime) -> date:
    """Return the London day of an aware instant."""
    return _aware(now).astimezone(LONDON).date()


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("An instant must say its time zone")
    return instant


def easter(year: int) -> date:
    """Return Easter Sunday by the anonymous Gregorian computus (Meeus, Astronomical Algorithms, ch. 8)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (a + 11 * h) // 319
    n = (2 * e + 2 * i - k - h + m + 32) % 7
    month = (h - m + n + 90) // 25
    return date(year, month, (h - m + n + month + 19) % 32)


def _first_monday(year: int, month: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=-first.weekday() % 7)


def _last_monday(year: int, month: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return following - timedelta(days=(following.weekday() - 1) % 7 + 1)


def _working(day: date, taken: set[date]) -> date:
    while day.weekday() >= 5 or day in taken:
        day += timedelta(days=1)
    return day


@lru_cache(maxsize=64)
def bank_holidays(year: int) -> frozenset[date]:
    """Return England's bank holidays in a year, substitute days included."""
    sunday = easter(year)
    days = {
        sunday - timedelta(days=2),
        sunday + timedelta(days=1),
        _first_monday(year, 5),
        _last_monday(year, 5),
        _last_monday(year, 8),
        _working(date(year, 1, 1), set()),
    }
    for fixed in (date(year, 12, 25), date(year, 12, 26)):
        days.add(_working(fixed, days))
    return frozenset(days) | EXTRA_HOLIDAYS


def is_working_day(day: date) -> bool:
    """Return whether offices work on this day."""
    return day.weekday() < 5 and day not in bank_holidays(day.year)


def deadline(start: datetime, clock: Clock) -> datetime:
    """Return the UTC instant by which a clock that began at `start` has run out.

    Hours run through nights and weekends. Working days end at 17:00 London time of the last day, not counting the
    day on which the clock began.
    """
    if isinstance(clock, timedelta):
        # Sums on a local wall clock would lose or gain an hour when the clocks change.
        return _aware(start).astimezone(UTC) + clock
    day, left = today(start), clock.days
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day)
    return datetime.combine(day, END_OF_WORKING_DAY, tzinfo=LONDON).astimezone(UTC)
