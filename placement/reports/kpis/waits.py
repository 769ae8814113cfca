"""Waits by kind (IR21): how many days people waited for a place, and how many had none when the four quarters ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from placement.domain.clocks import today
from placement.domain.states import ReferralState
from placement.records.referrals import Referral
from placement.reports.cases import Outcome, ReferralCase, cases
from placement.reports.kpis.groups import WhoIsWho, WhoWas, cuts_by_group
from placement.reports.kpis.measure import MeasureAsked, MeasureColumn, MeasureTable, Sort, StrategyMeasure
from placement.reports.kpis.stays import KIND_ROWS
from placement.reports.kpis.tally import ALL, Cut, PeopleBook, mean, middle

FOUND, WAITING, ENDED = "found", "waiting", "ended"
COLUMNS = (
    MeasureColumn(words="People referred", sort=Sort.COUNT),
    MeasureColumn(words="Place found", sort=Sort.COUNT),
    MeasureColumn(words="Days waited, average", sort=Sort.NUMBER),
    MeasureColumn(words="Days waited, median", sort=Sort.NUMBER),
    MeasureColumn(words="Still waiting at the end", sort=Sort.COUNT),
    MeasureColumn(words="Ended without a place", sort=Sort.COUNT),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """A referral as it stood when the four quarters ended; `days` from the submission until then or until its end."""

    thing_id: int
    person_id: int
    on: date
    kind: str
    became: str
    days: int
    who: WhoWas


BECAME = (FOUND, WAITING, ENDED)
WAIT_CUTS: tuple[Cut[Wait], ...] = (
    Cut(
        name="waits",
        rows=KIND_ROWS,
        row_of=lambda wait: wait.kind,
        cell_of=lambda wait: wait.became,
        spots={each: (each,) for each in BECAME},
        columns={ALL: BECAME} | {each: (each,) for each in BECAME},
    ),
    *cuts_by_group(lambda wait: wait.became, {FOUND: (FOUND,)}, {ALL: (FOUND,)}),
)


def waits(session: Session, asked: MeasureAsked) -> Sequence[Wait]:
    """Return every referral that was submitted in the four quarters; seven queries.

    What happened after their end changes nothing, so that a past quarter is told alike on every day.
    """
    end = asked.year.end or today(asked.now)
    first, last = asked.around
    meant = Referral.state != ReferralState.DRAFT, Referral.submitted_at >= first, Referral.submitted_at < last
    known = WhoIsWho(session)
    return [
        _wait(case, case.submitted_at, end, known)
        for case in cases(session, *meant, now=asked.now)
        if case.submitted_at
    ]


def wait_book(session: Session, asked: MeasureAsked) -> PeopleBook[Wait]:
    """Return every table of people referred: whichever is asked for, all of them are protected together."""
    return PeopleBook(waits(session, asked), asked, WAIT_CUTS, spot_of=lambda wait: wait.became)


def _wait(case: ReferralCase, submitted_at: datetime, end: date, known: WhoIsWho) -> Wait:
    on = today(submitted_at)
    is_over = case.outcome is not Outcome.STILL and on + timedelta(days=case.nights) < end
    became = WAITING if not is_over else ENDED if case.found is None else FOUND
    days = case.nights if is_over else (end - on).days
    return Wait(
        thing_id=case.referral_id,
        person_id=case.person_id,
        on=on,
        kind=case.kind,
        became=became,
        days=max(0, days),
        who=known.was(case.person_id, case.referral_id, on),
    )


def wait_tables(session: Session, asked: MeasureAsked) -> Sequence[MeasureTable]:
    """Return how long people waited, by kind of referral."""
    tally = wait_book(session, asked)["waits"]

    def values(row: str) -> tuple[int | None, ...]:
        days = tally.values(row, FOUND, lambda wait: wait.days)
        return (
            tally.told(row),
            tally.told(row, FOUND),
            mean(days),
            middle(days),
            tally.told(row, WAITING),
            tally.told(row, ENDED),
        )

    rows = tally.lines(values)
    return [MeasureTable(caption="People referred, by kind of referral", about="Kind", columns=COLUMNS, rows=rows)]


WAITS = StrategyMeasure(
    slug="waits",
    title="Waits by kind (IR21)",
    definition="The average and the median number of days from the day a referral was submitted to the day a place was "
    "found for it (reserved and not given back), of the people for whom one was found.",
    source="The dates that brokerage records. IR21 is the strategy’s measure of the average days people wait.",
    caveats=(
        "A person counts once, with the newest of their referrals of the four quarters, in the quarter in which it was "
        "submitted.",
        "As it stood when the four quarters ended: a place that was found later counts as waiting.",
        "Days on hold, and days on which options were with the person, count as waited.",
        "The average and the median are told for 8 people or more.",
    ),
    tables=wait_tables,
)
