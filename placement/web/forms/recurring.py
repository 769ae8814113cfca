"""When respite is needed: once, in a pattern, or on dates that are listed one a line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar, cast

from wtforms.validators import Length, Optional

from placement.brokerage.answers import DateAnswers
from placement.brokerage.series import SeriesAnswers
from placement.domain.errors import Invalid
from placement.domain.series import EVERY, MOST, MOST_STAYS, TAKES, WEEKDAYS, Pattern, StayWindow, numbered, windows_of
from placement.web.forms import fields
from placement.web.forms.entered import Entered
from placement.web.forms.looks import MEDIUM, SMALL, Look
from placement.web.forms.shared import SharedForm

ONCE, PATTERN, LISTED = "once", "pattern", "listed"
OFTEN = (
    (ONCE, "Once"),
    (PATTERN, "In a pattern"),
    (LISTED, "On dates that I list"),
)
HINTS = {
    PATTERN: "For example, one weekend a month",
    LISTED: "For example, around a carer’s appointments",
}
NUMBER = Look(size="s", width=4)
PARTS_OF_A_LINE = 3
NEEDED = {
    ONCE: (("earliest_on", "the first possible start"), ("latest_on", "the latest possible start")),
    PATTERN: (
        ("earliest_on", "the day from which the pattern counts"),
        ("every", "every how many weeks or months"),
        ("until_on", "the last day of the pattern"),
    ),
    LISTED: (("listed", "the stays, one a line"),),
}
P = TypeVar("P")


class RecurringDatesForm(SharedForm):
    """A window for one stay, or what makes several: each question says which answer it belongs to."""

    bonds = (("often", "earliest_on", "latest_on", "nights", "every", "unit", "weekday", "until_on", "listed", "take"),)

    often = fields.radios("How often is respite needed?", OFTEN, hints=HINTS, default=ONCE, look=MEDIUM)
    earliest_on = fields.day(
        "First possible start", [Optional()], "Of a pattern, the day from which it counts. Not needed for a list",
        look=SMALL,
    )  # fmt: skip
    latest_on = fields.day("Latest possible start", [Optional()], "Only where respite is needed once", look=SMALL)
    nights = fields.number(
        "How many nights is a stay?",
        [Entered("Enter how many nights")],
        "Of a list, each line says its own",
        look=NUMBER,
    )
    every = fields.number("Every how many?", [Optional()], "For example, 1 for every month", look=NUMBER)
    unit = fields.radios("Weeks or months?", EVERY, default="month", look=Look(size="s", is_inline=True))
    weekday = fields.select("On which day does a stay begin?", [(str(n), day) for n, day in enumerate(WEEKDAYS)],
                            look=SMALL)  # fmt: skip
    until_on = fields.day("Last day of the pattern", [Optional()], "No stay begins after it", look=SMALL)
    listed = fields.area(
        "The stays, one a line",
        [Length(max=4000, message="Enter at most 4,000 characters")],
        "First possible start, latest possible start, nights. For example: 3 7 2026, 10 7 2026, 3",
        look=Look(size="s", rows=6, spellcheck=False),
    )
    take = fields.radios(
        "What if not every stay can be had?", TAKES, hint="Only where there are several", default=MOST, look=SMALL
    )
    urgency_note = fields.area(
        "What makes the dates matter? (optional)",
        [Length(max=2000, message="Enter at most 2,000 characters")],
        "Providers do not see this",
        look=Look(size="s", rows=3),
    )

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Return whether every answer holds, those too that the answer to “how often” makes needed."""
        if not super().validate(*args, **kwargs):
            return False
        lacking = [(self[name], what) for name, what in NEEDED[self.often.data] if self[name].data in (None, "")]
        for field, what in lacking:
            field.errors = [*field.errors, f"Enter {what}"]
        return not lacking

    def answers(self, _day: date) -> DateAnswers:
        """Return when. Raises Invalid, naming the field, for what gives no series."""
        said = {"nights": self.nights.data, "urgency_note": self.urgency_note.data or ""}
        if self.often.data == ONCE:
            return DateAnswers(earliest_on=self.earliest_on.data, latest_on=self.latest_on.data, **said)
        pattern = self._pattern() if self.often.data == PATTERN else None
        windows = windows_of(pattern) if pattern else read_list(self.listed.data or "")
        series = SeriesAnswers(take=self.take.data, windows=windows, pattern=pattern)
        first = windows[0]
        return DateAnswers(
            earliest_on=first.earliest_on, latest_on=first.latest_on, **said | {"nights": first.nights}, series=series
        )

    def _pattern(self) -> Pattern:
        return Pattern(
            every=cast("int", self.every.data),
            unit=self.unit.data,
            weekday=int(self.weekday.data),
            from_on=self.earliest_on.data,
            until_on=self.until_on.data,
            nights=cast("int", self.nights.data),
        )


def read_list(text: str) -> tuple[StayWindow, ...]:
    """Return the stays of a list, one a line. Raises Invalid with the number of the line that cannot be read."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not 2 <= len(lines) <= MOST_STAYS:
        raise Invalid(f"Enter from 2 to {MOST_STAYS} stays, one a line.", field="listed")
    return numbered([_line(number, line) for number, line in enumerate(lines, start=1)], field="listed")


def _line(number: int, line: str) -> tuple[date, date, int]:
    parts = [part.strip() for part in line.split(",")]
    if len(parts) != PARTS_OF_A_LINE:
        raise _unreadable(number, "Enter two dates and the nights, with commas between them.")
    first, last = (_part(number, _day, part, "Enter dates such as 3 7 2026.") for part in parts[:2])
    nights = _part(number, int, parts[2], "Enter the nights as a whole number.")
    if last < first:
        raise _unreadable(number, "The latest start is before the first.")
    return first, last, nights


def _part(number: int, read: Callable[[str], P], part: str, help_: str) -> P:
    try:
        return read(part)
    except ValueError:
        raise _unreadable(number, help_) from None


def _day(text: str) -> date:
    day, month, year = (int(part) for part in text.replace("/", " ").split())
    return date(year, month, day)


def _unreadable(number: int, help_: str) -> Invalid:
    return Invalid(f"Line {number}: {help_}", field="listed")


def listed_again(windows: tuple[StayWindow, ...]) -> str:
    """Return stays as they are listed, one a line."""
    return "\n".join(f"{_said(each.earliest_on)}, {_said(each.latest_on)}, {each.nights}" for each in windows)


def _said(day: date) -> str:
    return f"{day.day} {day.month} {day.year}"
