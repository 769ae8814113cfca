"""Placements outside the city: how many, by choice or not, why, since when, and each one without a name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Exists, exists, extract, func, select
from sqlalchemy.orm import Session, aliased

from placement.domain.clocks import today
from placement.domain.kinds import KIND
from placement.domain.reasons import OUT_OF_CITY, OUT_OF_CITY_REASON, Reason
from placement.domain.states import LIVE, THERE, PlacementState
from placement.geography.authorities import authority_name
from placement.records.pages import START, Page, PlaceInList, cut
from placement.records.placements import Placement
from placement.records.providers import Service, Standing, Unit
from placement.records.referrals import Referral
from placement.records.standings import standings_on
from placement.reports.asked import Asked
from placement.reports.exports import Column

# A stay that was only reserved has not begun, and a released one never did.
BEGUN = (PlacementState.CONFIRMED, *THERE, PlacementState.ENDED)
MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Some placements: all of them, and those outside the city by choice (or best interest) and not by choice."""

    total: int = 0
    by_choice: int = 0
    not_by_choice: int = 0

    @property
    def out(self) -> int:
        """Placements outside the city."""
        return self.by_choice + self.not_by_choice

    @property
    def in_city(self) -> int:
        """Placements in the city."""
        return self.total - self.out

    @property
    def percent(self) -> int | None:
        """Out-of-city placements in a hundred, rounded; none where there are no placements."""
        return round(100 * self.out / self.total) if self.total else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonCount:
    """How many people live outside the city for one reason."""

    reason: Reason
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthShare:
    """The placements that began in one month, named by its first day."""

    month: date
    share: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the register; it holds no name, address or date of birth."""

    reference: str
    kind: str
    authority: str
    miles: float | None
    reason: Reason
    since: date
    placement_id: int
    provider_id: int
    standing: Standing | None


def live_share(reasons: Sequence[ReasonCount], in_city: int) -> Share:
    """Return the share that counts by reason amount to."""
    return _share([(True, None, in_city), *((False, each.reason.slug, each.count) for each in reasons)])


def reasons_now(session: Session) -> tuple[Sequence[ReasonCount], int]:
    """Return every reason with the people who live outside the city for it, and how many live inside; one query."""
    rows = select(Placement.is_in_city, Placement.out_of_city_reason, func.count()).where(
        Placement.state.in_(LIVE), ~is_counted_there(LIVE)
    )
    found = session.execute(rows.group_by(Placement.is_in_city, Placement.out_of_city_reason)).all()
    counts = {reason_of(slug): count for is_in_city, slug, count in found if not is_in_city}
    known = dict.fromkeys(OUT_OF_CITY, 0) | counts
    inside = sum(count for is_in_city, _, count in found if is_in_city)
    return [ReasonCount(reason=reason, count=count) for reason, count in known.items()], inside


def months(session: Session, *, now: datetime) -> Sequence[MonthShare]:
    """Return the placements begun in each of the last twelve months, the present one last; one query."""
    day = today(now)
    firsts = [_months_before(day, back) for back in reversed(range(MONTHS))]
    year, month = extract("year", Placement.start_on), extract("month", Placement.start_on)
    where = Placement.is_in_city, Placement.out_of_city_reason
    rows = select(year, month, *where, func.count()).group_by(year, month, *where)
    rows = rows.where(Placement.state.in_(BEGUN), Placement.start_on >= firsts[0], Placement.start_on <= day)
    rows = rows.where(~is_counted_there(BEGUN))
    found: dict[date, list[tuple[bool, str | None, int]]] = {first: [] for first in firsts}
    for in_year, in_month, is_in_city, slug, count in session.execute(rows):
        found[date(int(in_year), int(in_month), 1)].append((is_in_city, slug, count))
    return [MonthShare(month=first, share=_share(rows)) for first, rows in found.items()]


def register(session: Session, *, now: datetime) -> Sequence[Entry]:
    """Return every live placement outside the city, those not by choice first, then the longest; two queries."""
    standings = standings_on(session, today(now))
    rows = (
        select(
            Referral.reference,
            Referral.kind,
            Service.authority,
            Placement.miles,
            Placement.out_of_city_reason,
            Placement.start_on,
            Placement.id,
            Service.provider_id,
        )
        .join(Placement.referral)
        .join(Placement.unit)
        .join(Unit.service)
        .where(Placement.state.in_(LIVE), Placement.is_in_city.is_(False), ~is_counted_there(LIVE))
        .order_by(Placement.start_on, Placement.id)
    )
    entries = [
        Entry(
            reference=reference or "",
            kind=KIND[kind].label if kind in KIND else kind,
            authority=authority_name(authority),
            miles=None if miles is None else round(miles, 1),
            reason=reason_of(slug),
            since=since,
            placement_id=number,
            provider_id=provider_id,
            standing=standings.get(provider_id),
        )
        for reference, kind, authority, miles, slug, since, number, provider_id in session.execute(rows)
    ]
    return sorted(entries, key=lambda entry: entry.reason.by_choice)


def register_page(session: Session, *, now: datetime, at: PlaceInList = START) -> Page[Entry]:
    """Return a page of the register."""
    found = register(session, now=now)
    return cut(found, [entry.placement_id for entry in found], at=at)


def reason_of(slug: str | None) -> Reason:
    """Return a reason; a code that is no longer in the table is shown as it is stored, and never as a choice."""
    return OUT_OF_CITY_REASON.get(slug or "not_recorded") or Reason(
        slug=slug or "", label=(slug or "").replace("_", " ")
    )


def is_counted_there(states: Collection[PlacementState]) -> Exists:
    """Say that a stay goes on from one in these states on the same side of the boundary: it is the same placement."""
    before = aliased(Placement)
    return exists().where(
        before.id == Placement.moved_from_id, before.state.in_(states), before.is_in_city == Placement.is_in_city
    )


def _share(counted: Iterable[tuple[bool, str | None, int]]) -> Share:
    rows = list(counted)
    out = [(reason_of(slug).by_choice, count) for is_in_city, slug, count in rows if not is_in_city]
    return Share(
        total=sum(count for *_, count in rows),
        by_choice=sum(count for by_choice, count in out if by_choice),
        not_by_choice=sum(count for by_choice, count in out if not by_choice),
    )


def _months_before(day: date, back: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - back, 12)
    return date(year, month + 1, 1)


def choice_label(reason: Reason) -> str:
    """Return whether a reason is a choice, in words."""
    return "By choice or best interest" if reason.by_choice else "Not by choice"


def register_rows(session: Session, asked: Asked) -> Sequence[Entry]:
    """Return the register, as the catalogue asks for it."""
    return register(session, now=asked.now)


def reason_rows(session: Session, _asked: Asked) -> Sequence[ReasonCount]:
    """Return the reasons, as the catalogue asks for them."""
    return reasons_now(session)[0]


def month_rows(session: Session, asked: Asked) -> Sequence[MonthShare]:
    """Return the trend, as the catalogue asks for it."""
    return months(session, now=asked.now)


REGISTER_COLUMNS = (
    Column("Reference", lambda row: row.reference),
    Column("Kind", lambda row: row.kind),
    Column("Council", lambda row: row.authority),
    Column("Miles", lambda row: row.miles),
    Column("Reason", lambda row: row.reason.label),
    Column("Choice", lambda row: choice_label(row.reason)),
    Column("Since", lambda row: row.since),
    Column("Provider’s standing", lambda row: row.standing.status.label if row.standing else None),
    Column("Standing since", lambda row: row.standing.start_on if row.standing else None),
    Column("Reason of the standing", lambda row: row.standing.reason if row.standing else None),
)
REASON_COLUMNS = (
    Column("Reason", lambda row: row.reason.label),
    Column("Choice", lambda row: choice_label(row.reason)),
    Column("Placements", lambda row: row.count),
)
MONTH_COLUMNS = (
    Column("Month", lambda row: f"{row.month:%Y-%m}"),
    Column("Placements begun", lambda row: row.share.total),
    Column("Outside the city", lambda row: row.share.out),
    Column("By choice or best interest", lambda row: row.share.by_choice),
    Column("Not by choice", lambda row: row.share.not_by_choice),
    Column("Outside the city, %", lambda row: row.share.percent),
)
