"""Uploaded ward sets, the localities drawn from them, and the gazetteer over both.

A row is never changed by an import: a file that differs becomes a new vintage, and the newest of each set counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from placement.domain.clocks import today
from placement.domain.people import Actor
from placement.domain.states import WardSetState
from placement.geography.directory import PostcodeDirectory
from placement.geography.fallback import OPTIONS_SETTING, SERVICE_SETTING, fallback_from
from placement.geography.gazetteer import Gazetteer, build_gazetteer
from placement.geography.localities import Localities, Locality, assumed_localities
from placement.geography.ward_names import KNOWN_WARD_SETS
from placement.geography.wards import WardSet, dump_ward_set, load_ward_set
from placement.records.councils import council_of
from placement.records.events import AuditLine, record
from placement.records.ward_codes import recode_wards
from placement.records.wards import StoredLocality, StoredWard, StoredWardSet

Version = tuple[int, int]
_IN_STORE = StoredWardSet.state == WardSetState.STORED


def save_ward_set(session: Session, ward_set: WardSet, *, by: Actor, now: datetime) -> StoredWardSet:
    """Store a ward set and return its row; the same set again changes nothing and returns the row there is.

    What is in the city is counted in the wards of the set that is then in use.
    """
    known = next((row for row in newest_sets(session) if row.slug == ward_set.slug), None)
    if known and _document(known) == json.loads(dump_ward_set(ward_set)):
        return known
    row = stored_row(session, ward_set, state=WardSetState.STORED, now=now)
    moved = recode_wards(session, gazetteer_for(session, on=today(now))) if ward_set.has_outlines else 0
    record(session, "ward_set_imported", row, by=by, now=now, slug=row.slug, recoded=moved)
    return row


def stored_row(session: Session, ward_set: WardSet, *, state: WardSetState, now: datetime) -> StoredWardSet:
    """Store a ward set as a row of its own, its wards in the localities of their codes."""
    areas = _assigned(session)
    wards = json.loads(dump_ward_set(ward_set))["wards"]
    row = StoredWardSet(
        slug=ward_set.slug,
        name=ward_set.name,
        valid_from=ward_set.valid_from,
        valid_to=ward_set.valid_to,
        is_approximate=ward_set.is_approximate,
        imported_at=now,
        state=state,
        wards=[StoredWard(**each, locality=areas.get(each["code"])) for each in wards],
    )
    session.add(row)
    session.flush()
    return row


def assign_localities(session: Session, row: StoredWardSet) -> None:
    """Put the wards of a row into the localities that their codes are counted in now."""
    areas = _assigned(session)
    for ward in row.wards:
        ward.locality = areas.get(ward.code, ward.locality)


def stored_ward_sets(session: Session) -> Sequence[WardSet]:
    """Return the newest vintage of each stored set, the latest import last."""
    return [as_ward_set(row) for row in newest_sets(session)]


def as_ward_set(row: StoredWardSet) -> WardSet:
    """Return a stored row as the set that it holds."""
    return load_ward_set(json.dumps(_document(row)))


def ward_name(session: Session, code: str) -> str | None:
    """Return the name of a ward of any set in store, the latest import first; none for a code that no set has."""
    named = select(StoredWard.name).join(StoredWard.ward_set).where(StoredWard.code == code, _IN_STORE)
    stored = named.order_by(StoredWard.id.desc()).limit(1)
    known = (ward.name for each in KNOWN_WARD_SETS for ward in each.wards if ward.code == code)
    return session.scalar(stored) or next(known, None)


def save_localities(session: Session, localities: Localities, *, by: Actor, now: datetime) -> None:
    """Store which ward is counted in which locality; the same mapping again changes nothing.

    The wards of a set that comes with the product are stored by name first, so that they too can be assigned.
    """
    if stored_localities(session) == localities:
        return
    _store_known_sets(session, localities, by, now)
    areas = {area.slug: _area(session, area) for area in localities.areas}
    for row in newest_sets(session):
        for ward in row.wards:
            ward.locality = areas.get(localities.by_ward.get(ward.code, ""))
    for area in areas.values():
        record(session, "wards_assigned", area, by=by, now=now, slug=area.slug)


def stored_localities(session: Session) -> Localities:
    """Return the stored mapping, or geography's working assumption where none is stored."""
    rows = session.scalars(select(StoredLocality).order_by(StoredLocality.id)).all()
    if not rows:
        return assumed_localities(council_of(session))
    by_ward = {code: area.slug for code, area in _assigned(session).items()}
    in_use = set(by_ward.values())
    return Localities(
        areas=tuple(Locality(slug=row.slug, name=row.name) for row in rows if row.slug in in_use),
        by_ward=by_ward,
        is_assumed=False,
    )


def geography_version(session: Session) -> Version:
    """Return a mark that changes whenever a ward set or the localities change; one small query."""
    lines = select(func.count(), func.coalesce(func.max(AuditLine.id), 0))
    changes = lines.where(AuditLine.subject.in_([StoredWardSet.__tablename__, StoredLocality.__tablename__]))
    count, newest = session.execute(changes).one()
    return count, newest


def gazetteer_for(
    session: Session,
    *,
    on: date,
    geocoder: str = "",
    geocoder_options: str = "",
    ward_sets: Iterable[WardSet] | None = None,
) -> Gazetteer:
    """Return a new gazetteer for a day (London); keep it, for making one takes a tenth of a second.

    `geocoder` names a geopy service to ask for postcodes that the directory lacks, `geocoder_options` its arguments
    as JSON; none is asked by default. `ward_sets` stand for those that are stored. Raises UnusableGeocoder.
    """
    return build_gazetteer(
        on=on,
        ward_sets=stored_ward_sets(session) if ward_sets is None else ward_sets,
        localities=stored_localities(session),
        fallback=fallback_from({SERVICE_SETTING: geocoder, OPTIONS_SETTING: geocoder_options}),
        directory=directory(),
        council=council_of(session),
    )


@lru_cache(maxsize=1)
def directory() -> PostcodeDirectory:
    """Return this process's one directory: it holds what it has read, and it never changes."""
    return PostcodeDirectory()


def newest_sets(session: Session, *, but: int = 0) -> Sequence[StoredWardSet]:
    """Return the newest vintage of each set in store, the latest import last, as if the row `but` were not there."""
    newest = select(func.max(StoredWardSet.id)).where(_IN_STORE, StoredWardSet.id != but).group_by(StoredWardSet.slug)
    wards = selectinload(StoredWardSet.wards).selectinload(StoredWard.locality)
    rows = select(StoredWardSet).where(StoredWardSet.id.in_(newest)).options(wards)
    return session.scalars(rows.order_by(StoredWardSet.id)).all()


def _document(row: StoredWardSet) -> Mapping[str, Any]:
    """Return a row as `dump_ward_set` writes a set."""
    return {
        "slug": row.slug,
        "name": row.name,
        "valid_from": row.valid_from.isoformat() if row.valid_from else None,
        "valid_to": row.valid_to.isoformat() if row.valid_to else None,
        "is_approximate": row.is_approximate,
        "authority": row.council,
        "wards": [{"code": ward.code, "name": ward.name, "outline": ward.outline} for ward in row.wards],
    }


def _assigned(session: Session) -> dict[str, StoredLocality]:
    return {ward.code: ward.locality for row in newest_sets(session) for ward in row.wards if ward.locality}


def _area(session: Session, area: Locality) -> StoredLocality:
    known = select(StoredLocality).where(StoredLocality.slug == area.slug)
    row = session.scalar(known) or StoredLocality(slug=area.slug)
    row.name = area.name
    session.add(row)
    return row


def _store_known_sets(session: Session, localities: Localities, by: Actor, now: datetime) -> None:
    stored = {row.slug for row in newest_sets(session)}
    for each in KNOWN_WARD_SETS:
        if each.slug not in stored and any(ward.code in localities.by_ward for ward in each.wards):
            save_ward_set(session, each, by=by, now=now)
