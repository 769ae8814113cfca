"""Can the database be asked, and does it take what it is told?"""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session


def take_a_write(session: Session) -> None:
    """Write the revision of the schema over itself: a real write that changes nothing.

    A database that is full, read-only or held by somebody answers every question and keeps nothing. Raises DBAPIError.
    """
    session.execute(text("UPDATE alembic_version SET version_num = version_num"))
