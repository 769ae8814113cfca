"""Requests to providers: about how many people, what the answer was and how fast it came, and why it was no."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.domain.clocks import today
from placement.domain.reasons import DECLINES
from placement.domain.states import OfferState
from placement.records.offers import Offer
from placement.records.referrals import Decline, Referral
from placement.reports.kpis.measure import MeasureAsked, MeasureColumn, MeasureTable, Sort, StrategyMeasure
from placement.reports.kpis.placed import stay_book
from placement.reports.kpis.stays import FIRST, KIND_ROWS, OTHER, WHO_COUNTS
from placement.reports.kpis.tally import ALL, Cut, PeopleBook, middle

YES, NO, SILENT = "yes", "no", "silent"
_HOUR = timedelta(hours=1)
ANSWER_COLUMNS = (
    MeasureColumn(words="People asked about", sort=Sort.COUNT),
    MeasureColumn(words="Provider said yes", sort=Sort.COUNT),
    MeasureColumn(words="Said no", sort=Sort.COUNT),
    MeasureColumn(words="Did not answer", sort=Sort.COUNT),
    MeasureColumn(words="Hours to an answer, median", sort=Sort.NUMBER),
)
DECLINE_COLUMNS = (
    MeasureColumn(words="People", sort=Sort.COUNT),
    MeasureColumn(words="Of a hundred", sort=Sort.PERCENT),
)
RANK_COLUMNS = (
    MeasureColumn(words="People placed from a ranked list", sort=Sort.COUNT),
    MeasureColumn(words="First in the list taken", sort=Sort.COUNT),
    MeasureColumn(words="Another taken", sort=Sort.COUNT),
    MeasureColumn(words="Another taken, of a hundred", sort=Sort.PERCENT),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSent:
    """A provider asked about a person; `hours` until it answered, None where it had not when the quarters ended."""

    thing_id: int
    person_id: int
    on: date
    kind: str
    answer: str
    hours: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A no to a person, by a provider or for one."""

    thing_id: int
    person_id: int
    on: date
    reason: str


ANSWERS = (YES, NO, SILENT)
REQUEST_CUT: Cut[RequestSent] = Cut(
    name="requests",
    rows=KIND_ROWS,
    row_of=lambda request: request.kind,
    cell_of=lambda request: request.answer,
    spots={"": ANSWERS},
    columns={ALL: ANSWERS} | {answer: (answer,) for answer in ANSWERS},
)
REFUSAL_CUT: Cut[Refusal] = Cut(
    name="refusals",
    rows=[(reason.slug, reason.label) for reason in DECLINES],
    row_of=lambda refusal: refusal.reason,
    cell_of=lambda refusal: NO,
    spots={"": (NO,)},
    columns={ALL: (NO,)},
)


def requests(session: Session, asked: MeasureAsked) -> Sequence[RequestSent]:
    """Return every request that was sent in the four quarters, as it stood when they ended."""
    first, last = asked.around
    rows = (
        select(Offer.id, Referral.person_id, Offer.sent_at, Offer.answered_at, Offer.state, Referral.kind)
        .join(Referral, Referral.id == Offer.referral_id)
        .where(Offer.sent_at >= first, Offer.sent_at < last)
        .order_by(Offer.id)
    )
    found = []
    for number, person, sent_at, answered_at, state, kind in session.execute(rows):
        if sent_at is None:
            continue
        answer, hours = SILENT, None
        if answered_at and asked.is_past(answered_at):
            answer, hours = NO if state == OfferState.DECLINED else YES, (answered_at - sent_at) / _HOUR
        found.append(
            RequestSent(thing_id=number, person_id=person, on=today(sent_at), kind=kind, answer=answer, hours=hours)
        )
    return found


def refusals(session: Session, asked: MeasureAsked) -> Sequence[Refusal]:
    """Return every no of the four quarters."""
    first, last = asked.around
    rows = (
        select(Decline.id, Referral.person_id, Decline.declined_at, Decline.reason)
        .join(Referral, Referral.id == Decline.referral_id)
        .where(Decline.declined_at >= first, Decline.declined_at < last)
        .order_by(Decline.id)
    )
    return [
        Refusal(thing_id=number, person_id=person, on=today(at), reason=reason)
        for number, person, at, reason in session.execute(rows)
    ]


def request_tables(session: Session, asked: MeasureAsked) -> Sequence[MeasureTable]:
    """Return the answers by kind, the noes by reason, and how often another place than the first was taken."""
    return [_answers(session, asked), _noes(session, asked), _ranks(session, asked)]


def _answers(session: Session, asked: MeasureAsked) -> MeasureTable:
    tally = PeopleBook(requests(session, asked), asked, [REQUEST_CUT])["requests"]

    def values(row: str) -> tuple[int | None, ...]:
        hours = [
            hours for answer in (YES, NO) for hours in tally.values(row, answer, lambda each: each.hours, every=True)
        ]
        return (*(tally.told(row, column) for column in (ALL, *ANSWERS)), middle(hours))

    return MeasureTable(
        caption="Requests to providers, by kind of referral",
        about="Kind",
        columns=ANSWER_COLUMNS,
        rows=tally.lines(values),
        if_empty="No request was sent to a provider in these four quarters.",
    )


def _noes(session: Session, asked: MeasureAsked) -> MeasureTable:
    tally = PeopleBook(refusals(session, asked), asked, [REFUSAL_CUT])["refusals"]
    rows = tally.lines(lambda row: (tally.told(row), tally.share_of_all(row, ALL)))
    return MeasureTable(caption="Why the answer was no", about="Reason", columns=DECLINE_COLUMNS, rows=rows)


def _ranks(session: Session, asked: MeasureAsked) -> MeasureTable:
    tally = stay_book(session, asked)["ranks"]
    rows = tally.lines(
        lambda row: (*(tally.told(row, column) for column in (ALL, FIRST, OTHER)), tally.share(row, OTHER))
    )
    return MeasureTable(
        caption="Which place of the ranked list was taken", about="Kind", columns=RANK_COLUMNS, rows=rows
    )


REQUESTS = StrategyMeasure(
    slug="requests-and-answers",
    title="Requests, answers and declines",
    definition="People about whom a provider was asked in the period, by what it had answered when the four quarters "
    "ended; people who were declined, by reason; and people placed, by whether they took the first place of the list "
    "that the broker saw.",
    source="Requests and answers as they were sent, declines with the reason that was recorded, and the rank of the "
    "place that was taken.",
    caveats=(
        "In each table a person counts once: with the newest request, the newest no, or the newest stay of the four "
        "quarters. Hours to an answer are those of every request that was answered.",
        "A no also holds what the person or the family declined, which is no failing of a provider.",
        "Hours run day and night, also at weekends. " + WHO_COUNTS,
    ),
    tables=request_tables,
)
