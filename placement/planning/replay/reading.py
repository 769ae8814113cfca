"""Records → what happened in a past period, day by day: reports, closures, standings, referrals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from placement.brokerage.referrals import DEEP
from placement.domain.clocks import LONDON, today
from placement.domain.kinds import KIND
from placement.domain.reasons import OUT_OF_CITY_REASON
from placement.domain.states import LIVE, PlacementState, ReferralState
from placement.planning.facts import StoredReferral, StoredUnit
from placement.planning.keys import unit_key
from placement.planning.living import NOBODY
from placement.planning.needs import need_when_asked
from placement.planning.reading import ANSWERED_YES, stored_referrals, world
from placement.planning.replay.history import AHEAD, Barred, Happened, PastCase, PastPeriod, Reported, Shut, Stay
from placement.planning.units import units_of
from placement.records.councils import EVERY_COUNCIL, council_of
from placement.records.others import OtherStay
from placement.records.placements import Placement
from placement.records.providers import SharedCap, Standing
from placement.records.referrals import Decline, Referral
from placement.records.vacancies import Closure, VacancyReport


def past_period(session: Session, first: date, last: date) -> PastPeriod:
    """Return what happened from the first day to the last one, both included. A dozen questions.

    Referrals for several stays and for the way back into the city are not asked again: their stays are as they were.
    """
    days, council = (last - first).days + 1, council_of(session)
    referrals = [each for each in _referrals(session, first, last) if _is_asked_again(each)]
    stored = _units(session, first, last)
    facts = units_of(
        replace(world(session, [], last, []), units=stored, living=NOBODY, day=first), council, days + AHEAD,
        datetime.combine(first, time(8), tzinfo=LONDON).astimezone(UTC),
    )  # fmt: skip
    placed = _placed(session)
    again = {each.id for each in referrals}
    return PastPeriod(
        first_day=first,
        days=days,
        city=council.code,
        units={each.id: each for each in facts},
        reports=_reports(session, first),
        closures=_closures(session, first),
        standings=_standings(session, first),
        caps={f"C{cap.id}": cap.places for cap in session.scalars(select(SharedCap).order_by(SharedCap.id))},
        fixed=tuple(
            stay for each in placed for stay in _fixed(each, first, days) if each.referral_id not in again
        ),
        cases=tuple(_cases(session, referrals, placed, first)),
        answers={unit_key(each.id): (each.yes, each.no) for each in stored},
    )  # fmt: skip


def _is_asked_again(referral: Referral) -> bool:
    return not referral.is_recurring and not KIND[referral.kind].is_return


def _referrals(session: Session, first: date, last: date) -> Sequence[Referral]:
    begin, end = (
        datetime.combine(day, time(), tzinfo=LONDON).astimezone(UTC) for day in (first, last + timedelta(days=1))
    )
    asked = (Referral.state != ReferralState.DRAFT, Referral.submitted_at >= begin, Referral.submitted_at < end)
    return session.scalars(
        select(Referral).where(*asked).options(*DEEP).order_by(Referral.submitted_at, Referral.id)
    ).all()


def _units(session: Session, first: date, last: date) -> tuple[StoredUnit, ...]:
    """Return the units that were in the register at the beginning or the end of the period."""
    found = {unit.id: unit for day in (first, last) for unit in world(session, [], day).units}
    return tuple(unit for _, unit in sorted(found.items()))


def _reports(session: Session, first: date) -> dict[str, tuple[Reported, ...]]:
    found: defaultdict[str, list[Reported]] = defaultdict(list)
    for row in session.scalars(select(VacancyReport).order_by(VacancyReport.id)):
        others = row.occupied + row.reserved - row.counted
        found[unit_key(row.unit_id)].append(
            Reported(
                day=_known(row.reported_at, first),
                ours=row.accepting + row.counted,
                spare=row.maximum - others,
                others=others,
            )
        )
    return {unit: tuple(rows) for unit, rows in found.items()}


def _closures(session: Session, first: date) -> dict[str, tuple[Shut, ...]]:
    """Return closures, and what is kept for others until the report that includes it: there it is among the others."""
    found: defaultdict[str, list[Shut]] = defaultdict(list)
    counting = select(VacancyReport.id, VacancyReport.reported_at).join(
        OtherStay, OtherStay.counted_in_id == VacancyReport.id
    )
    included = {row[0]: row[1] for row in session.execute(counting)}
    for row in session.scalars(select(Closure).order_by(Closure.id)):
        found[unit_key(row.unit_id)].append(
            Shut(
                day=_known(row.created_at, first),
                until=_known(row.cancelled_at, first) if row.cancelled_at else None,
                start=(row.start_on - first).days,
                end=(row.end_on - first).days if row.end_on else None,
                places=row.places,
            )
        )
    for other in session.scalars(select(OtherStay).order_by(OtherStay.id)):
        until = min((at for at in (other.over_at, included.get(other.counted_in_id or 0)) if at), default=None)
        found[unit_key(other.unit_id)].append(
            Shut(
                day=_known(other.created_at, first),
                until=_known(until, first) if until else None,
                start=(other.start_on - first).days,
                end=(other.end_on - first).days if other.end_on else None,
                places=other.places,
            )
        )
    return {unit: tuple(rows) for unit, rows in found.items()}


def _standings(session: Session, first: date) -> dict[str, tuple[Barred, ...]]:
    found: defaultdict[str, list[Barred]] = defaultdict(list)
    for row in session.scalars(select(Standing).order_by(Standing.id)):
        found[f"P{row.provider_id}"].append(
            Barred(
                day=_known(row.created_at, first),
                start=(row.start_on - first).days,
                end=(row.end_on - first).days if row.end_on else None,
                status=row.status.value,
            )
        )
    return {provider: tuple(rows) for provider, rows in found.items()}


def _known(at: datetime, first: date) -> int:
    """Return the day on whose morning something was known that happened at an instant."""
    return (today(at) - first).days + 1


def _placed(session: Session) -> Sequence[Placement]:
    """Return every stay that was, is or will be, of every council: places know no councils."""
    rows = select(Placement).where(Placement.state.in_({*LIVE, PlacementState.ENDED})).order_by(Placement.id)
    deep = (joinedload(Placement.person), joinedload(Placement.referral))
    return session.scalars(rows.options(*deep), execution_options=EVERY_COUNCIL).all()


def _fixed(placement: Placement, first: date, days: int) -> Iterator[Stay]:
    stay = _stay(placement, first)
    if stay.start < days + AHEAD and (stay.end is None or stay.end > 0):
        yield stay


def _stay(placement: Placement, first: date) -> Stay:
    return Stay(
        unit=unit_key(placement.unit_id),
        start=(placement.start_on - first).days,
        end=(placement.end_on - first).days if placement.end_on else None,
        gender=placement.person.gender.value if placement.person.gender else None,
        is_unplanned=KIND[placement.referral.kind].is_unplanned,
        alone=placement.referral.lives_alone,
    )


def _cases(
    session: Session, referrals: Sequence[Referral], placed: Sequence[Placement], first: date
) -> Iterator[PastCase]:
    stays: dict[int, Placement] = {}
    for each in placed:
        stays.setdefault(each.referral_id, each)
    said = _said(session, placed)
    for referral, stored in zip(referrals, stored_referrals(referrals), strict=True):
        if stored.submitted_at is not None:
            yield _case(referral, stored, stays.get(referral.id), said.get(referral.id, {}), first)


def _case(
    referral: Referral, stored: StoredReferral, placed: Placement | None, said: Mapping[str, bool], first: date
) -> PastCase:
    asked_on = today(stored.submitted_at) if stored.submitted_at else first
    day = (asked_on - first).days
    need = need_when_asked(stored, asked_on)
    closed = referral.closed_at if placed is None else None
    has_left = placed is not None and placed.state is PlacementState.ENDED and placed.end_on is not None
    return PastCase(
        day=day,
        need=replace(need, earliest=need.earliest + day, latest=need.latest + day),
        gone=_known(closed, first) if closed else None,
        lasted=(placed.end_on - placed.start_on).days if placed and has_left and placed.end_on else None,
        said=said,
        happened=_happened(placed, first) if placed else None,
    )


def _happened(placed: Placement, first: date) -> Happened:
    reason = OUT_OF_CITY_REASON.get(placed.out_of_city_reason or "")
    return Happened(
        stay=_stay(placed, first),
        is_in_city=placed.is_in_city,
        by_choice=bool(reason and reason.by_choice),
        weekly_pence=placed.weekly_pence,
    )


def _said(session: Session, placed: Sequence[Placement]) -> dict[int, dict[str, bool]]:
    """Return the answers that units gave to people, by referral: a stay that came about was a yes."""
    found: defaultdict[int, dict[str, bool]] = defaultdict(dict)
    for referral_id, unit_id in session.execute(select(Decline.referral_id, Decline.unit_id)):
        found[referral_id][unit_key(unit_id)] = False
    for stay in placed:
        if stay.state in ANSWERED_YES:
            found[stay.referral_id][unit_key(stay.unit_id)] = True
    return found
