"""By when a referral needs its first reply and its place; nobody is late before the window has opened.

Clocks stand still while brokerage waits for somebody else. When they stood is told by the trail of the referral's
moves, and by nothing else; what is stored are the deadlines that follow from it, set at every move that lets them run.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from placement.domain.clocks import END_OF_WORKING_DAY, LONDON, Stop, deadline, deadline_after
from placement.domain.kinds import KIND
from placement.domain.lifecycles import REFERRAL
from placement.domain.states import STOPPED
from placement.records.events import AuditLine
from placement.records.referrals import Referral

MIDNIGHT = time(0)
AFTER = {move.event: move.after for move in REFERRAL.moves.values()}
"""Where each move of a referral leaves it, by the event that the trail has of it."""
ASKS_AFRESH = frozenset({"referral_submitted", "referral_declined", "referral_lost_place"})
"""The moves from which the first reply counts."""


def answer_due(referral: Referral, since: datetime) -> datetime:
    """Return by when a provider answers that is asked about a referral at an instant."""
    return deadline(since, KIND[referral.kind].reply_within)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """When a referral's clocks stood still, from when its reply counts, and what holds them up now, since when."""

    stops: tuple[Stop, ...] = ()
    reply_since: datetime | None = None
    stopped_at: datetime | None = None


def reply_due(referral: Referral, since: datetime, stops: Iterable[Stop] = ()) -> datetime | None:
    """Return by when a provider is to have answered a search that begins at an instant; None where no time runs."""
    kind = KIND[referral.kind]
    return deadline_after(since, kind.reply_within, stops) if kind.has_reply_clock else None


def place_due(referral: Referral, since: datetime, stops: Iterable[Stop] = ()) -> datetime | None:
    """Return by when a place is to be found for a search that began at an instant; None where no time runs.

    A place before the window means by 17:00 on the day before it opens, London time, however long the clock stood; any
    other clock that is over before the window opens runs until it opens.
    """
    kind = KIND[referral.kind]
    if kind.place_within is not None:
        within = deadline_after(since, kind.place_within, stops)
        return within if referral.earliest_on is None else max(within, _at(referral.earliest_on, MIDNIGHT))
    if not kind.place_before_window or referral.earliest_on is None:
        return None
    return _at(referral.earliest_on - timedelta(days=1), END_OF_WORKING_DAY)


def set_clocks(session: Session, referral: Referral) -> None:
    """Set the deadlines of a submitted referral as its trail and its dates have them now."""
    if referral.submitted_at is None:
        return
    session.flush()
    known = clocks_of(session, [referral.id]).get(referral.id, Clocks())
    referral.reply_by = reply_due(referral, known.reply_since or referral.submitted_at, known.stops)
    referral.place_by = place_due(referral, referral.submitted_at, known.stops)


def clocks_of(session: Session, referral_ids: Collection[int]) -> dict[int, Clocks]:
    """Return when the clocks of some referrals stood still, by the referral's id; one question."""
    columns = select(AuditLine.subject_id, AuditLine.event, AuditLine.happened_at)
    rows = columns.where(
        AuditLine.subject == Referral.__tablename__,
        AuditLine.subject_id.in_(referral_ids),
        AuditLine.event.in_(AFTER),
    )
    moves: dict[int, list[Row[int, str, datetime]]] = {}
    for row in session.execute(rows.order_by(AuditLine.id)):
        moves.setdefault(row[0], []).append(row)
    return {referral: clocks([(event, at) for _, event, at in found]) for referral, found in moves.items()}


def clocks(moves: Sequence[tuple[str, datetime]]) -> Clocks:
    """Return what a trail of moves, the oldest first, says of the clocks: the event of each and its instant."""
    stops: list[Stop] = []
    since: datetime | None = None
    reply_since: datetime | None = None
    for event, at in moves:
        is_stopped = AFTER[event] in STOPPED
        if is_stopped and since is None:  # from one wait to the next at the same instant is one wait
            since = stops.pop()[0] if stops and stops[-1][1] == at else at
        elif not is_stopped and since is not None:
            stops.append((since, at))
            since = None
        reply_since = at if event in ASKS_AFRESH else reply_since
    return Clocks(stops=tuple(stops), reply_since=reply_since, stopped_at=since)


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=LONDON).astimezone(UTC)
