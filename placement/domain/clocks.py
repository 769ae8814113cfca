"""Days and deadlines in Europe/London: what is today, and when must somebody have answered.

Instants are UTC; days are London days. Bank holidays are England's (Banking and Financial Dealings Act 1971, with
substitute days), the proclaimed one-off days among them: whoever hears of a new one upgrades the `holidays` package.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from placement.domain.kinds import Clock

LONDON = ZoneInfo("Europe/London")
END_OF_WORKING_DAY = time(17, 0)
CUT_OFF = time(13, 0)
"""What comes later on a working day, or on a day when offices rest, counts as come on the next working day."""


def today(now: datetime) -> date:
    """Return the London day of an aware instant."""
    return _aware(now).astimezone(LONDON).date()


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("An instant must say its time zone")
    return instant


@lru_cache(maxsize=64)
def bank_holidays(year: int) -> frozenset[date]:
    """Return England's bank holidays in a year: one that falls on a weekend counts on its substitute day."""
    # Here, because it loads the holidays of every country: 0.2 s and 16 MB that only a deadline in working days needs.
    from holidays import country_holidays

    days = country_holidays("GB", subdiv="ENG", years=year)
    return frozenset(day for day in days if day.weekday() < 5)


def is_working_day(day: date) -> bool:
    """Return whether offices work on this day."""
    return day.weekday() < 5 and day not in bank_holidays(day.year)


Stop = tuple[datetime, datetime | None]
"""From when a clock stood still, and until when; None: it still does."""
START_OF_WORKING_DAY = time(9, 0)


def deadline(start: datetime, clock: Clock) -> datetime:
    """Return the UTC instant by which a clock that began at `start` has run out.

    Hours run through nights and weekends. Working days end at 17:00 London time of the last day, not counting the
    day on which the clock began; see `counts_from` for which day that is.
    """
    if isinstance(clock, timedelta):
        # Sums on a local wall clock would lose or gain an hour when the clocks change.
        return _aware(start).astimezone(UTC) + clock
    day, left = counts_from(start), clock.days
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day)
    return datetime.combine(day, END_OF_WORKING_DAY, tzinfo=LONDON).astimezone(UTC)


def counts_from(start: datetime) -> date:
    """Return the working day from which a clock in working days counts: the day itself, if it began by the cut-off."""
    local = _aware(start).astimezone(LONDON)
    day = local.date()
    if is_working_day(day) and local.time() <= CUT_OFF:
        return day
    while True:
        day += timedelta(days=1)
        if is_working_day(day):
            return day


def deadline_after(start: datetime, clock: Clock, stops: Iterable[Stop]) -> datetime:
    """Return by when a clock runs out that stood still meanwhile; a stop that goes on moves nothing yet.

    What runs between its start and its end, without the stops, is exactly what would have run without them: hours of
    a clock in hours, working time of one in working days.
    """
    due = deadline(start, clock)
    for since, until in sorted(stops, key=lambda each: each[0]):
        if until is None or since >= due:
            break
        due = held_up(due, clock, max(since, start), until)
    return due


def held_up(due: datetime, clock: Clock, since: datetime, until: datetime) -> datetime:
    """Return by when a clock runs out that was to run out at an instant and then stood still for a while before it."""
    if until <= since:
        return due
    if isinstance(clock, timedelta):
        return due + (until - since)
    return after_working_time(due, working_time(since, until))


def working_time(start: datetime, end: datetime) -> timedelta:
    """Return how much of the time between two instants is working time: 9:00 to 17:00 on working days, London time."""
    total, day, last = timedelta(), today(start), today(end)
    while day <= last:
        opens, closes = _working_hours(day)
        total += max(timedelta(), min(end, closes) - max(start, opens))
        day += timedelta(days=1)
    return total


def after_working_time(start: datetime, amount: timedelta) -> datetime:
    """Return the first instant (UTC) at which so much working time has passed since another one."""
    left, day, found = amount, today(start), start
    while left:
        opens, closes = _working_hours(day)
        begins = max(start, opens)
        run = min(left, max(timedelta(), closes - begins))
        left, found = left - run, begins + run if run else found
        day += timedelta(days=1)
    return found.astimezone(UTC)


def _working_hours(day: date) -> tuple[datetime, datetime]:
    """Return from when until when offices work on a day, UTC; the same instant twice where they do not."""
    opens = datetime.combine(day, START_OF_WORKING_DAY, tzinfo=LONDON).astimezone(UTC)
    if not is_working_day(day):
        return opens, opens
    return opens, datetime.combine(day, END_OF_WORKING_DAY, tzinfo=LONDON).astimezone(UTC)
