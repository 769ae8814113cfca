"""The audit trail as pages, newest first: new lines shift nothing."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.domain.events import slugs_saying
from placement.records.events import AuditLine
from placement.records.pages import START, Key, Page, PlaceInList, page_of
from placement.records.tables import Base

# Every table whose rows have a number of their own can be the subject of a line.
SUBJECTS = tuple(sorted(name for name, table in Base.metadata.tables.items() if "id" in table.columns))


def audit_trail(
    session: Session,
    *,
    subject: str = "",
    subject_id: int | None = None,
    words: str = "",
    at: PlaceInList = START,
) -> Page[AuditLine]:
    """Return a page of lines, newest first: of a kind of record, of one record, with words in its sentence."""
    lines = select(AuditLine)
    if subject:
        lines = lines.where(AuditLine.subject == subject)
    if subject_id is not None:
        lines = lines.where(AuditLine.subject_id == subject_id)
    if words:
        lines = lines.where(AuditLine.event.in_(slugs_saying(words)))
    return page_of(session, lines, Key(column=AuditLine.id, is_descending=True), at=at)
