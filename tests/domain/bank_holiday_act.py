"""England's bank holidays once more, by the rules of the Act of 1971 and with nothing that was proclaimed since."""

from __future__ import annotations

from datetime import date, timedelta


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


def first_monday(year: int, month: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=-first.weekday() % 7)


def last_monday(year: int, month: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return following - timedelta(days=(following.weekday() - 1) % 7 + 1)


def working(day: date, taken: set[date]) -> date:
    while day.weekday() >= 5 or day in taken:
        day += timedelta(days=1)
    return day


def days_of_the_act(year: int) -> set[date]:
    """Return the days of a year on which offices are closed, a weekend's in their substitutes."""
    sunday = easter(year)
    days = {
        sunday - timedelta(days=2),
        sunday + timedelta(days=1),
        first_monday(year, 5),
        last_monday(year, 5),
        last_monday(year, 8),
        working(date(year, 1, 1), set()),
    }
    for fixed in (date(year, 12, 25), date(year, 12, 26)):
        days.add(working(fixed, days))
    return days
