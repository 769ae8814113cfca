"""Ward sets on their way: looked at before they are used, taken back afterwards, and listed with their dates.

An uploaded set is stored at once and counts for nothing until somebody has looked at what it would do and says so. One
that was taken back is kept, and can be used again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from placement.domain.clocks import today
from placement.domain.councils import Council
from placement.domain.people import Actor
from placement.domain.states import WardSetState
from placement.geography.distances import Point
from placement.geography.gazetteer import Gazetteer
from placement.geography.ward_cover import Cover, city_points, cover_of, refuse_foreign
from placement.geography.ward_names import KNOWN_WARD_SETS
from placement.geography.wards import WardSet
from placement.records.councils import council_of
from placement.records.events import record
from placement.records.lifecycles import move, require
from placement.records.visibility import one
from placement.records.ward_codes import recode_wards
from placement.records.ward_sets import (
    as_ward_set,
    assign_localities,
    directory,
    gazetteer_for,
    newest_sets,
    stored_row,
)
from placement.records.wards import StoredWardSet


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedWardSet:
    """One ward set of the list. `id` is none for one that comes with the product, and so is its state."""

    ward_set: WardSet
    is_in_use: bool
    id: int | None = None
    state: WardSetState | None = None
    imported_at: datetime | None = None


def cover_in(ward_set: WardSet, gazetteer: Gazetteer) -> Cover:
    """Return what a set does to the postcodes of the gazetteer's council, against the set in use there."""
    return cover_of(ward_set, gazetteer.ward_set, _points(gazetteer.council))


def judged(ward_set: WardSet, gazetteer: Gazetteer) -> Cover:
    """Return the same of a set that is to be used; raise UnusableWardFile for one that is not that council's."""
    cover = cover_in(ward_set, gazetteer)
    refuse_foreign(ward_set, cover, gazetteer.council)
    return cover


def preview_ward_set(session: Session, ward_set: WardSet, *, by: Actor, now: datetime) -> StoredWardSet:
    """Store a set to be looked at, in place of any that is still to be, and return its row.

    The same outlines again are the row that there is: in use, still to be looked at, or taken back before.
    """
    alike = select(StoredWardSet).where(StoredWardSet.slug == ward_set.slug).order_by(StoredWardSet.id.desc())
    newest = {row.id for row in newest_sets(session)}
    for known in session.scalars(alike):
        if (known.id in newest or known.state is not WardSetState.STORED) and as_ward_set(known) == ward_set:
            return known
    waiting = select(StoredWardSet).where(StoredWardSet.state == WardSetState.PREVIEW).with_for_update()
    for earlier in session.scalars(waiting.order_by(StoredWardSet.id)):
        move(session, earlier, "discard", by=by, now=now, slug=earlier.slug)
    row = stored_row(session, ward_set, state=WardSetState.PREVIEW, now=now)
    record(session, "ward_set_uploaded", row, by=by, now=now, slug=row.slug)
    return row


def use_ward_set(session: Session, row: StoredWardSet, *, by: Actor, now: datetime) -> int:
    """Use a set that was looked at, or taken back before; return how many rows are counted in another ward by it."""
    verb = "restore" if row.state is WardSetState.UNDONE else "use"
    require(row, verb, by=by)
    assign_localities(session, row)  # they may have been drawn anew since
    by_slug = {each.slug: each for each in newest_sets(session)}
    if row.slug not in by_slug or by_slug[row.slug].id < row.id:
        by_slug[row.slug] = row
    recoded = _recode(session, by_slug.values(), now)
    move(session, row, verb, by=by, now=now, slug=row.slug, recoded=recoded)
    return recoded


def undo_ward_set(session: Session, row: StoredWardSet, *, by: Actor, now: datetime) -> int:
    """Take a set back; return how many rows are counted in another ward by it. One never used is thrown away."""
    if row.state is WardSetState.PREVIEW:
        move(session, row, "discard", by=by, now=now, slug=row.slug)
        return 0
    require(row, "undo", by=by)
    recoded = _recode(session, newest_sets(session, but=row.id), now)
    move(session, row, "undo", by=by, now=now, slug=row.slug, recoded=recoded)
    return recoded


def ward_set_row(session: Session, ward_set_id: int, *, to_change: bool = False) -> StoredWardSet:
    """Return one stored set of the session's council. Raises NotFound."""
    rows = select(StoredWardSet).where(StoredWardSet.id == ward_set_id).options(selectinload(StoredWardSet.wards))
    found: StoredWardSet = one(session, rows.with_for_update() if to_change else rows, "ward set")
    return found


def listed_ward_sets(session: Session, in_use: WardSet) -> Sequence[ListedWardSet]:
    """Return every set that is known, uploaded or not: the latest in force first, and of those the newest upload."""
    rows = session.scalars(select(StoredWardSet).options(selectinload(StoredWardSet.wards))).all()
    counted = {row.id for row in newest_sets(session) if _is(as_ward_set(row), in_use)}
    uploaded = [
        ListedWardSet(
            ward_set=as_ward_set(row),
            is_in_use=row.id in counted,
            id=row.id,
            state=row.state,
            imported_at=row.imported_at,
        )
        for row in rows
    ]
    stored = {row.slug for row in rows if row.state is WardSetState.STORED}
    ours = [each for each in KNOWN_WARD_SETS if each.authority == council_of(session).code and each.slug not in stored]
    known = [_known(each, in_use) for each in ours]
    return sorted((*uploaded, *known), key=_as_listed, reverse=True)


def _known(ward_set: WardSet, in_use: WardSet) -> ListedWardSet:
    """Return a set that comes with the product: with its outlines where it is in use, else by name."""
    is_in_use = ward_set.slug == in_use.slug
    return ListedWardSet(ward_set=in_use if is_in_use else ward_set, is_in_use=is_in_use)


def _as_listed(each: ListedWardSet) -> tuple[date, int]:
    return each.ward_set.valid_from or date.min, each.id or 0


def _is(stored: WardSet, in_use: WardSet) -> bool:
    return (stored.slug, stored.is_approximate) == (in_use.slug, in_use.is_approximate)


def _recode(session: Session, rows: Iterable[StoredWardSet], now: datetime) -> int:
    sets = [as_ward_set(row) for row in rows]
    return recode_wards(session, gazetteer_for(session, on=today(now), ward_sets=sets))


@lru_cache(maxsize=4)
def _points(council: Council) -> tuple[Point, ...]:
    return city_points(directory(), council)
