"""The person's details for the provider that takes them: given by a named broker, opened by name, and over by a day.

A provider reads them only of somebody whom it has agreed to take or who lives with it, and for an hour after it has
said that it opens them; each opening stands in the trail of the stay.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from placement.brokerage.attachments import attachments_of
from placement.brokerage.locks import lock_stay
from placement.domain.clocks import LONDON, today
from placement.domain.errors import Invalid, NotFound, OutOfStep
from placement.domain.people import Actor
from placement.domain.states import AGREED
from placement.domain.text import plain
from placement.records.attachments import Attachment
from placement.records.events import AuditLine, record
from placement.records.packs import Pack
from placement.records.placements import Placement
from placement.records.settings import number
from placement.records.tasks import settle_task
from placement.records.visibility import visible_placements

LONGEST = timedelta(days=366)
OPEN_FOR = timedelta(hours=1)
MOST_CHARACTERS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Giving:
    """What is given: a note for the provider, ids of files of the referral, and the last day on which it is read."""

    note: str = ""
    files: Collection[int] = ()
    last_day: date | None = None


def usual_last_day(session: Session, stay: Placement, *, now: datetime) -> date:
    """Return until when details are read unless a broker says otherwise: some days from the first night on."""
    return max(today(now), stay.start_on) + timedelta(days=number(session, "pack_days"))


def give_pack(session: Session, stay: Placement, giving: Giving, *, by: Actor, now: datetime) -> Pack:
    """Let the provider of a stay read who the person is; what was given before is taken back.

    Raises OutOfStep before the provider has said yes and once the stay is over, and Invalid, naming the field.
    """
    lock_stay(session, stay)
    if stay.state not in AGREED:
        raise OutOfStep(f"This is {stay.state.label.lower()} now: a provider reads who it is once it has said yes.")
    until = _until(giving.last_day, today(now))
    if len(giving.note) > MOST_CHARACTERS:
        raise Invalid(f"Enter at most {MOST_CHARACTERS:,} characters.", field="note")
    files = [each for each in attachments_of(session, stay.referral) if each.id in set(giving.files)]
    if len(files) < len(set(giving.files)):
        raise Invalid("One of these files has been removed since. Look at what is chosen now.", field="files")
    if (before := pack_of(session, stay)) is not None:
        _take_back(session, before, by=by, now=now)
    pack = Pack(
        placement=stay, note=plain(giving.note, lines=True), given_at=now, given_by=by.name, until=until,
        files=files, council=stay.council,
    )  # fmt: skip
    session.add(pack)
    session.flush()
    record(session, "pack_given", stay, by=by, now=now, pack=pack.id, files=len(files), until=until.isoformat())
    settle_task(session, "release_pack", stay, by=by, now=now)
    return pack


def take_pack_back(session: Session, stay: Placement, *, by: Actor, now: datetime) -> None:
    """Let the provider read the details no longer. Raises OutOfStep where it cannot anyway."""
    lock_stay(session, stay)
    pack = pack_of(session, stay)
    if pack is None:
        raise OutOfStep("The provider has no details of this person that could be taken back.")
    _take_back(session, pack, by=by, now=now)


def pack_of(session: Session, stay: Placement) -> Pack | None:
    """Return what was given of a stay and not taken back, whether or not it can still be read."""
    rows = select(Pack).where(Pack.placement_id == stay.id, Pack.taken_back_at.is_(None))
    return session.scalars(rows.options(selectinload(Pack.files))).one_or_none()


def readable_pack(session: Session, stay: Placement, *, now: datetime) -> Pack | None:
    """Return what the provider of a stay may read now."""
    pack = pack_of(session, stay) if stay.state in AGREED else None
    return pack if pack is not None and pack.until > now else None


def open_pack(session: Session, stay: Placement, *, by: Actor, now: datetime) -> Pack:
    """Somebody who works for the provider opens the details. Raises OutOfStep where there are none to read."""
    pack = readable_pack(session, stay, now=now)
    if pack is None:
        raise OutOfStep("There are no details of this person to read.")
    record(session, "pack_opened", stay, by=by, now=now, pack=pack.id)
    return pack


def opened_pack(session: Session, stay: Placement, *, by: Actor, now: datetime) -> Pack | None:
    """Return the details that somebody has opened within the hour, if they may still be read."""
    pack = readable_pack(session, stay, now=now)
    if pack is None:
        return None
    openings = _lines(stay, ("pack_opened",)).where(
        AuditLine.actor_id == by.user_id, AuditLine.happened_at > now - OPEN_FOR
    )
    return pack if any(line.details["pack"] == pack.id for line in session.scalars(openings)) else None


def save_file(session: Session, file_id: int, *, by: Actor, now: datetime) -> Attachment:
    """Somebody of the provider saves a file of the details that they have opened.

    Raises NotFound for a file that their provider was not given, OutOfStep unless they have opened it within the hour.
    """
    own = visible_placements(by).with_only_columns(Placement.id)
    rows = select(Pack).where(Pack.files.any(Attachment.id == file_id), Pack.placement_id.in_(own))
    given = session.scalars(rows.order_by(Pack.id.desc())).all()
    if not given:
        raise NotFound("There is no such file.")
    for pack in given:
        if opened_pack(session, pack.placement, by=by, now=now) is pack:
            record(session, "pack_file_saved", pack.placement, by=by, now=now, file=file_id)
            return next(each for each in pack.files if each.id == file_id)
    raise OutOfStep("Open the person’s details first: their hour, or their time, is over.")


def openings_of(session: Session, stay: Placement) -> Sequence[AuditLine]:
    """Return who opened the details of a stay or saved a file of them, newest first."""
    return session.scalars(_lines(stay, ("pack_opened", "pack_file_saved")).order_by(AuditLine.id.desc())).all()


def _take_back(session: Session, pack: Pack, *, by: Actor, now: datetime) -> None:
    pack.taken_back_at, pack.taken_back_by = now, by.name
    record(session, "pack_taken_back", pack.placement, by=by, now=now, pack=pack.id)
    session.flush()


def _until(last_day: date | None, day: date) -> datetime:
    """Return the end of the last day. Raises Invalid unless it is to come, and near enough."""
    if last_day is None or last_day < day:
        raise Invalid("Enter today or a day to come.", field="last_day")
    if last_day > day + LONGEST:
        raise Invalid("Enter a day within the next year. Details can be given again.", field="last_day")
    return datetime.combine(last_day + timedelta(days=1), time(0), tzinfo=LONDON).astimezone(UTC)


def _lines(stay: Placement, events: Collection[str]) -> Select[AuditLine]:
    return select(AuditLine).where(
        AuditLine.subject == Placement.__tablename__, AuditLine.subject_id == stay.id, AuditLine.event.in_(events)
    )
