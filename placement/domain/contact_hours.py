"""Whom to ring at a service at which hours: the rows that a provider keeps, and the one answer to whom to ring now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from placement.domain.clocks import LONDON


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Some days of the week, as a row names them; Monday is 0."""

    slug: str
    label: str
    weekdays: frozenset[int]


_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAYS = {
    row.slug: row
    for row in (
        Days(slug="every", label="Every day", weekdays=frozenset(range(7))),
        Days(slug="weekdays", label="Monday to Friday", weekdays=frozenset(range(5))),
        Days(slug="weekend", label="Saturday and Sunday", weekdays=frozenset({5, 6})),
        *(Days(slug=name[:3].lower(), label=name, weekdays=frozenset({number})) for number, name in enumerate(_NAMES)),
    )
}
MOST_ROWS = 4
LONGEST_ROLE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactHours:
    """On some days, from one hour to another, whom to ring: a role and no name. `until` at or before `start`, as in
    20:00 to 08:00, is the morning after; both the same is round the clock.
    """

    days: str
    start: str
    until: str
    role: str
    telephone: str

    def holds(self, at: datetime) -> datetime | None:
        """Return when it ends, of an hour in London at which somebody answers; None where nobody does."""
        ends = ((begin, end) for begin, end in self._spans(at, range(-1, 1)) if begin <= at < end)
        return next((end for _, end in ends), None)

    def next_start(self, at: datetime) -> datetime:
        """Return when it begins next after an hour in London."""
        return next(begin for begin, _ in self._spans(at, range(9)) if begin > at)

    def _spans(self, at: datetime, around: range) -> Iterator[tuple[datetime, datetime]]:
        start, until = time.fromisoformat(self.start), time.fromisoformat(self.until)
        for day in (at.date() + timedelta(days=number) for number in around):
            if day.weekday() in DAYS[self.days].weekdays:
                over = day if until > start else day + timedelta(days=1)
                yield datetime.combine(day, start, LONDON), datetime.combine(over, until, LONDON)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ringing:
    """Whom to ring, and for how long that is so. Without a role it is the service's own number.

    `opens_at`: nobody is said to answer at present, and this is who answers first.
    """

    telephone: str
    role: str = ""
    until: datetime | None = None
    opens_at: datetime | None = None

    @property
    def words(self) -> str:
        """What goes on after the number: “duty manager, until 8pm”, “on call, from 8am on Monday”."""
        when = f"until {_hour(self.until)}" if self.until else ""
        if self.opens_at:
            when = f"from {_hour(self.opens_at)} on {self.opens_at:%A}"
        return ", ".join(filter(None, (self.role, when)))


def ring_at(hours: Sequence[ContactHours], telephone: str, moment: datetime) -> tuple[Ringing, ...]:
    """Return whom to ring at a service at a moment, the likeliest to answer first; nobody where no number is known.

    The first row that holds counts. Where none does, the service's own number is rung, or waited for who comes next.
    """
    at = moment.astimezone(LONDON)
    for row in hours:
        if until := row.holds(at):
            return (Ringing(telephone=row.telephone, role=row.role, until=until),)
    own = (Ringing(telephone=telephone),) if telephone else ()
    if not hours:
        return own
    first = min(hours, key=lambda row: row.next_start(at))
    return (*own, Ringing(telephone=first.telephone, role=first.role, opens_at=first.next_start(at)))


def stored(hours: Sequence[ContactHours]) -> list[list[str]]:
    """Return rows as they are kept with their service."""
    return [[row.days, row.start, row.until, row.role, row.telephone] for row in hours]


def read(rows: Sequence[Sequence[str]]) -> tuple[ContactHours, ...]:
    """Return rows from how they are kept."""
    names = ("days", "start", "until", "role", "telephone")
    return tuple(ContactHours(**dict(zip(names, row, strict=True))) for row in rows)


def hours_words(row: ContactHours) -> str:
    """Return “Monday to Friday, 8am to 8pm: duty manager”."""
    when = "at any hour" if row.start == row.until else f"{_clock(row.start)} to {_clock(row.until)}"
    return f"{DAYS[row.days].label}, {when}: {row.role}"


def _hour(at: datetime) -> str:
    return _clock(f"{at:%H:%M}")


def _clock(text: str) -> str:
    """Return “8am”, “8:30pm”, “midnight” or “noon”."""
    hour, minute = int(text[:2]), int(text[3:])
    if not minute and hour in (0, 12):
        return "noon" if hour else "midnight"
    return f"{hour % 12 or 12}{f':{minute:02}' if minute else ''}{'am' if hour < 12 else 'pm'}"
