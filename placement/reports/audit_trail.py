"""The audit trail as pages: newest first, by the id of the last line seen, so that new lines shift nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.domain.events import slugs_saying
from placement.records.events import AuditLine
from placement.records.tables import Base

LINES = 50
# Every table whose rows have a number of their own can be the subject of a line.
SUBJECTS = tuple(sorted(name for name, table in Base.metadata.tables.items() if "id" in table.columns))


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """One page of lines; `before` is the id to go on from, none at the end."""

    lines: Sequence[AuditLine]
    before: int | None


def audit_trail(
    session: Session,
    *,
    subject: str = "",
    subject_id: int | None = None,
    words: str = "",
    before: int | None = None,
    limit: int = LINES,
) -> Trail:
    """Return the newest lines older than `before`: of a kind of record, of one record, with words in its sentence."""
    lines = select(AuditLine).order_by(AuditLine.id.desc()).limit(limit + 1)
    if subject:
        lines = lines.where(AuditLine.subject == subject)
    if subject_id is not None:
        lines = lines.where(AuditLine.subject_id == subject_id)
    if words:
        lines = lines.where(AuditLine.event.in_(slugs_saying(words)))
    if before is not None:
        lines = lines.where(AuditLine.id < before)
    found = session.scalars(lines).all()
    return Trail(lines=found[:limit], before=found[limit - 1].id if len(found) > limit else None)
