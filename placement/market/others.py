"""What a unit keeps for others than the council's people, and who of its own is to leave: said, changed and settled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from placement.domain.clocks import today
from placement.domain.errors import Invalid, OutOfStep
from placement.domain.limits import FARTHEST_START, MOST_PLACES
from placement.domain.others import LIVES_HERE, PURPOSES
from placement.domain.people import Actor
from placement.domain.periods import nights_in_words
from placement.domain.text import amount, plain
from placement.market.promises import living_now, stays_in
from placement.market.settling import ours_there
from placement.records.availability import availability, newest_reports
from placement.records.councils import EVERY_COUNCIL
from placement.records.events import record
from placement.records.others import OtherStay
from placement.records.placements import Placement
from placement.records.providers import Unit
from placement.records.vacancies import VacancyReport
from placement.records.visibility import one, visible_units

KEEPS = {purpose.slug: purpose for purpose in PURPOSES}


def keep_places(
    session: Session,
    unit: Unit,
    *,
    purpose: str,
    places: int,
    start_on: date,
    end_on: date | None = None,
    name: str = "",
    is_counted: bool = False,
    by: Actor,
    now: datetime,
) -> OtherStay:
    """Keep places of a unit for others on the nights [start_on, end_on). Raises Invalid, naming the field.

    `is_counted`: they are among the places that the newest numbers call reserved. Otherwise so many places must be
    there that nobody has been promised.
    """
    report, day = _locked_report(session, unit), today(now)
    name = plain(name)
    _require_sound(purpose, name, places, start_on, end_on, day)
    if is_counted:
        if start_on > day:
            raise Invalid("What is kept from a later day is not in your numbers yet.", field="is_counted")
        _require_among_reserved(session, unit, report, places)
    else:
        _require_room(session, unit, places, start_on, end_on, day)
    return _added(
        session, unit, "places_kept", by, now,
        purpose=purpose, name=name, places=places, start_on=start_on, end_on=end_on,
        counted_in_id=report.id if is_counted else None,
    )  # fmt: skip


def expect_departure(
    session: Session, unit: Unit, *, places: int, leave_on: date, by: Actor, now: datetime
) -> OtherStay:
    """Say that so many people who live in a unit, and are none of the council's, leave on a day to come.

    Raises Invalid, naming the field, where fewer such people live there by the newest numbers.
    """
    report, day = _locked_report(session, unit), today(now)
    if not day < leave_on:
        raise Invalid(
            "Enter a day to come. If they have left already, change the numbers of the unit.", field="leave_on"
        )
    _require_near(leave_on, day, "leave_on")
    others = report.occupied - ours_there(session, report)
    leaving = sum(each.places for each in others_of(session, [unit], day=day) if each.purpose == LIVES_HERE)
    if not 1 <= places <= others - leaving:
        known = f", and {leaving} of them are to leave already" if leaving else ""
        raise Invalid(
            f"By your numbers {max(0, others)} of the people who live in {unit.name} were not placed by the "
            f"council{known}. Enter how many of them leave on this day.",
            field="places",
        )
    return _added(
        session, unit, "departure_expected", by, now,
        purpose=LIVES_HERE, places=places, start_on=day, end_on=leave_on, counted_in_id=report.id,
    )  # fmt: skip


def change_end(session: Session, other: OtherStay, *, end_on: date | None, by: Actor, now: datetime) -> None:
    """Let places be free on another day, None for no day that is known. Raises Invalid, naming the field."""
    _require_standing(session, other)
    day, was = today(now), other.end_on
    if end_on is not None and not max(day, other.start_on) < end_on:
        raise Invalid("Enter a day to come, after the first day.", field="end_on")
    if end_on is None and other.purpose == LIVES_HERE:
        raise Invalid("Enter the day, or say that nobody leaves.", field="end_on")
    if end_on is not None:
        _require_near(end_on, day, "end_on")
    first = max(day, was) if was is not None else None
    if first is not None and (end_on is None or end_on > first) and not other.is_overdue(day):
        _require_room(session, other.unit, other.places, first, end_on, day, field="end_on")
    other.end_on = end_on
    record(session, "other_stay_changed", other, by=by, now=now, unit=other.unit_id, end=_iso(end_on), was=_iso(was))


def give_back(session: Session, other: OtherStay, *, by: Actor, now: datetime) -> None:
    """Say that places are free from today on: who had them has left, or they are kept no more."""
    _require_standing(session, other)
    was, other.end_on = other.end_on, max(other.start_on, today(now))
    other.ended_at = now
    record(session, "places_given_back", other, by=by, now=now, unit=other.unit_id, was=_iso(was))


def withdraw(session: Session, other: OtherStay, *, by: Actor, now: datetime) -> None:
    """Take back what was said by mistake: the newest numbers hold without it."""
    _require_standing(session, other)
    other.over_at = now
    record(session, "other_stay_withdrawn", other, by=by, now=now, unit=other.unit_id)


def other_stay(session: Session, other_id: int, *, actor: Actor) -> OtherStay:
    """Return one. Raises NotFound."""
    visible = visible_units(actor).with_only_columns(Unit.id)
    rows = select(OtherStay).where(OtherStay.id == other_id, OtherStay.unit_id.in_(visible))
    return one(session, rows.options(selectinload(OtherStay.unit)), "entry")


def lock_other(session: Session, other: OtherStay) -> None:
    """Lock an entry after its unit, and look at it again: somebody may have changed it a moment ago."""
    session.execute(select(Unit.id).where(Unit.id == other.unit_id).with_for_update())
    session.refresh(other, with_for_update=True)


def others_of(session: Session, units: Iterable[Unit], *, day: date) -> Sequence[OtherStay]:
    """Return what is kept in these units, and who is to leave them, on a day or later; the soonest change first.

    What was given back stands until new numbers include it.
    """
    rows = select(OtherStay).where(OtherStay.unit_id.in_([unit.id for unit in units]), OtherStay.over_at.is_(None))
    found = session.scalars(rows.options(joinedload(OtherStay.unit)).order_by(OtherStay.id)).all()
    standing = [each for each in found if each.ended_at is not None or not each.held(day).is_over(day)]
    return sorted(standing, key=lambda each: (_turn(each, day), each.id))


def _turn(other: OtherStay, day: date) -> date:
    return other.start_on if other.start_on > day else other.end_on or date.max


def _locked_report(session: Session, unit: Unit) -> VacancyReport:
    session.execute(select(Unit.id).where(Unit.id == unit.id).with_for_update())  # nobody books one meanwhile
    report = newest_reports(session, [unit.id]).get(unit.id)
    if report is None:
        raise Invalid(f"Enter the numbers of {unit.name} once before this.")
    return report


def _require_standing(session: Session, other: OtherStay) -> None:
    if other.over_at is not None or other.ended_at is not None:
        raise OutOfStep("This has been settled already.")


def _require_sound(purpose: str, name: str, places: int, start_on: date, end_on: date | None, day: date) -> None:
    if purpose not in KEEPS:
        raise Invalid("Choose what the places are kept for.", field="purpose")
    if KEEPS[purpose].asks_name and not name:
        raise Invalid("Enter the name of the contract.", field="name")
    if not 1 <= places <= MOST_PLACES:
        raise Invalid(f"Enter between 1 and {MOST_PLACES:,} places.", field="places")
    if start_on < day:
        raise Invalid("Enter today or a day to come.", field="start_on")
    _require_near(start_on, day, "start_on")
    if end_on is not None and end_on <= start_on:
        raise Invalid("Enter a day after the first, or leave it empty.", field="end_on")


def _require_near(on: date, day: date, field: str) -> None:
    if (on - day).days > FARTHEST_START:
        raise Invalid("Enter a day within the next two years.", field=field)


def _require_among_reserved(session: Session, unit: Unit, report: VacancyReport, places: int) -> None:
    rows = select(Placement.id).where(Placement.counted_in_id == report.id)
    ours = len(session.scalars(rows, execution_options=EVERY_COUNCIL).all()) - ours_there(session, report)
    kept = sum(each.places for each in _counted(session, report) if each.purpose != LIVES_HERE)
    if places > report.reserved - ours - kept:
        raise Invalid(
            f"Your numbers for {unit.name} have {report.reserved} reserved: {ours} for people placed by the council "
            f"and {kept} kept for others already. Change the numbers first, or say that these places are not among "
            "them.",
            field="is_counted",
        )


def _counted(session: Session, report: VacancyReport) -> Sequence[OtherStay]:
    rows = select(OtherStay).where(
        OtherStay.counted_in_id == report.id, OtherStay.over_at.is_(None), OtherStay.ended_at.is_(None)
    )
    return session.scalars(rows.order_by(OtherStay.end_on.is_(None), OtherStay.end_on, OtherStay.id)).all()


def _require_room(
    session: Session, unit: Unit, places: int, start: date, end: date | None, day: date, *, field: str = "places"
) -> None:
    known = availability(session, [unit.id], day=day)
    limits = [known.room[unit.id], *(known.left[cap] for cap in known.caps_of.get(unit.id, ()))]
    left = min(limit.least(start, end) for limit in limits)
    if left < places:
        stays = [stay for stay in stays_in(session, [unit.id], day) if stay not in living_now([stay])]
        coming = ", ".join(stay.referral.reference or "" for stay in stays[:3])
        reserved = f" {coming} {'is' if len(stays) == 1 else 'are'} to come." if coming else ""
        nights = nights_in_words([(start, end)])
        raise Invalid(
            f"On {nights} {unit.name} has {amount(left, 'place')} that nobody has been promised.{reserved} If your "
            "numbers are not right any more, change them first.",
            field=field,
        )


def _added(session: Session, unit: Unit, event: str, by: Actor, now: datetime, **values: object) -> OtherStay:
    other = OtherStay(unit_id=unit.id, created_at=now, created_by=by.name, **values)
    session.add(other)
    record(
        session, event, other, by=by, now=now, unit=unit.id, purpose=other.purpose, places=other.places,
        start=_iso(other.start_on), end=_iso(other.end_on), counted=other.counted_in_id is not None,
    )  # fmt: skip
    return other


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
