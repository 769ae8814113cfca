"""Notes of brokerage on a referral. They are for brokerage alone, and no provider ever sees one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from placement.records.base import Base
from placement.records.councils import OfCouncil

LONGEST_NOTE = 2000


class CaseNote(OfCouncil, Base):
    """What somebody wrote down about a referral. A note is never changed: what is wrong in it, another one says."""

    __tablename__ = "note"
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id", ondelete="CASCADE"), index=True)
    words: Mapped[str] = mapped_column(String(LONGEST_NOTE))
    written_at: Mapped[datetime]
    written_by: Mapped[str] = mapped_column(String(120))
