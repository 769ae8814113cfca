"""Keeping files with a referral, and cleaning away the bytes that no row stands for.

The bytes are written before the row: a unit that is rolled back leaves bytes without a row, which are cleaned away
later, and never a row without bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.domain.errors import Invalid, NotFound
from placement.domain.files import kind_of, safe_name
from placement.domain.people import Actor
from placement.records.attachments import Attachment
from placement.records.councils import EVERY_COUNCIL
from placement.records.events import record
from placement.records.files import FileStore
from placement.records.referrals import Referral
from placement.records.visibility import one, visible_referrals

MOST_FILES = 50
GRACE = timedelta(days=1)
"""Bytes younger than this may belong to a unit that has not been committed yet."""


def attach(
    session: Session,
    files: FileStore,
    referral: Referral,
    *,
    name: str,
    content: bytes,
    most_bytes: int,
    by: Actor,
    now: datetime,
) -> Attachment:
    """Keep a file with a referral. Raises Invalid, saying what to mend."""
    name = safe_name(name)
    kind = kind_of(name, content, most_bytes=most_bytes)
    if len(attachments_of(session, referral)) >= MOST_FILES:
        raise Invalid(f"There are {MOST_FILES} files here already. Remove one first.", field="file")
    row = Attachment(
        referral_id=referral.id,
        key=uuid4().hex,
        name=name,
        kind=kind.slug,
        size=len(content),
        added_at=now,
        added_by=by.name,
    )
    files.put(row.key, content)
    session.add(row)
    session.flush()
    record(session, "file_added", referral, by=by, now=now, file=row.id, kind=kind.slug)
    return row


def remove(session: Session, attachment: Attachment, *, by: Actor, now: datetime) -> None:
    """Remove a file; its bytes are cleaned away later, once nothing can bring the row back."""
    record(session, "file_removed", attachment.referral, by=by, now=now, file=attachment.id)
    session.delete(attachment)


def attachment(session: Session, attachment_id: int, *, actor: Actor) -> Attachment:
    """Return one file that an actor may see: who may see its referral. Raises NotFound."""
    visible = visible_referrals(actor).with_only_columns(Referral.id)
    rows = select(Attachment).where(Attachment.id == attachment_id, Attachment.referral_id.in_(visible))
    return one(session, rows, "file")


def content_of(files: FileStore, attachment: Attachment) -> bytes:
    """Return the bytes of a file. Raises NotFound where somebody has taken them away."""
    content = files.get(attachment.key)
    if content is None:
        raise NotFound("This file is not on the disk any more. Ask whoever looks after the backups.")
    return content


def attachments_of(session: Session, referral: Referral) -> Sequence[Attachment]:
    """Return the files of a referral, the newest first."""
    rows = select(Attachment).where(Attachment.referral_id == referral.id)
    return session.scalars(rows.order_by(Attachment.id.desc())).all()


def clean(session: Session, files: FileStore, *, now: datetime) -> int:
    """Delete the bytes that no row stands for and that no open unit can still be writing; return how many."""
    old = [key for key, since in files.kept() if since < now - GRACE]
    known = set(session.scalars(select(Attachment.key), execution_options=EVERY_COUNCIL))
    gone = [key for key in old if key not in known]
    for key in gone:
        files.delete(key)
    return len(gone)
