"""What a measure of the strategy is: a question with a definition, a source and caveats, answered by tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from placement.domain.clocks import today
from placement.domain.periods import Period
from placement.reports.quarters import quarters, quarters_of, span_words

YEAR = "year"
MeasureValue = int | str | None
"""What stands in a table; None: a count that is held back, or a number that goes with one."""


class Sort(StrEnum):
    """What the values of a column are. COUNT: of people, as it may be told. POUNDS: in pence."""

    COUNT = "count"
    NUMBER = "number"
    PERCENT = "percent"
    POUNDS = "pounds"
    WORDS = "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureSpan:
    """A span that can be asked for: the four quarters before the present one, or one of them."""

    slug: str
    period: Period

    @property
    def words(self) -> str:
        """Return “July to September 2026”."""
        return span_words(self.period)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureAsked:
    """One question: at which instant, for which span, and which spans there are, the year first."""

    now: datetime
    span: MeasureSpan
    spans: tuple[MeasureSpan, ...]

    @property
    def year(self) -> Period:
        """The four quarters."""
        return self.spans[0].period

    @property
    def around(self) -> tuple[datetime, datetime]:
        """Instants a day before the four quarters and after: a day in London may begin an hour before one of UTC."""
        near, end = timedelta(days=1), self.year.end or today(self.now)
        first, last = (datetime.combine(day, time(), tzinfo=UTC) for day in (self.year.start - near, end + near))
        return first, last

    def is_past(self, instant: datetime) -> bool:
        """Return whether something happened before the four quarters ended: what came after changes no figure."""
        return not self.year.is_over(today(instant))

    @property
    def quarters(self) -> tuple[MeasureSpan, ...]:
        """Each of the four, the newest first."""
        return self.spans[1:]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureColumn:
    """The words over a column, and what its values are."""

    words: str
    sort: Sort


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureRow:
    """What a row is about, and its values in the order of the columns. `is_all`: it is about everybody."""

    label: str
    values: tuple[MeasureValue, ...]
    is_all: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureTable:
    """One table of a measure. `about`: the words over what its rows are about. `if_empty` is said without any row."""

    caption: str
    about: str
    columns: tuple[MeasureColumn, ...]
    rows: tuple[MeasureRow, ...]
    if_empty: str = "There is nothing to tell of this period."


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyMeasure:
    """One measure of the strategy. `is_dated`: its figures are of a span, and not of today; `is_quarterly`: also
    of one quarter, and not of all four alone."""

    slug: str
    title: str
    definition: str
    source: str
    caveats: tuple[str, ...]
    tables: Callable[[Session, MeasureAsked], Sequence[MeasureTable]]
    is_dated: bool = True
    is_quarterly: bool = True

    def spans(self, now: datetime) -> tuple[MeasureSpan, ...]:
        """Return the spans for which it can be asked on a day."""
        return spans_on(now) if self.is_quarterly else spans_on(now)[:1]


def spans_on(now: datetime) -> tuple[MeasureSpan, ...]:
    """Return the spans that can be asked for on a day: the last four quarters that are over, and each of them."""
    year = quarters(today(now)).year
    return (
        MeasureSpan(slug=YEAR, period=year),
        *(
            MeasureSpan(slug=f"{each.start.year}-q{(each.start.month + 2) // 3}", period=each)
            for each in reversed(quarters_of(year))
        ),
    )


def measure_question(now: datetime, slug: str = YEAR) -> MeasureAsked:
    """Return the question for one of the spans. Raises KeyError for one that cannot be asked for."""
    spans = spans_on(now)
    return MeasureAsked(now=now, span={each.slug: each for each in spans}[slug], spans=spans)
