"""What somebody searched for. It may be a person's name, so it is kept here and stands in no address and no log."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from placement.domain.people import Actor
from placement.records.base import Base
from placement.records.councils import OfCouncil
from placement.records.visibility import one

LONGEST = 100
KEPT = timedelta(days=1)


class KeptSearch(OfCouncil, Base):
    """The words that one user searched for, until the night after."""

    __tablename__ = "kept_search"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    words: Mapped[str] = mapped_column(String(LONGEST))
    kept_at: Mapped[datetime] = mapped_column(index=True)


def keep_search(session: Session, words: str, *, by: Actor, now: datetime) -> KeptSearch:
    """Keep what somebody searches for, so that an address can name it by its number."""
    assert by.user_id is not None  # the product itself searches for nobody
    kept = KeptSearch(user_id=by.user_id, words=words, kept_at=now)
    session.add(kept)
    session.flush()
    return kept


def kept_search(session: Session, search_id: int, *, actor: Actor) -> KeptSearch:
    """Return a search of the actor's own. Raises NotFound."""
    own = select(KeptSearch).where(KeptSearch.id == search_id, KeptSearch.user_id == actor.user_id)
    return one(session, own, "search")


def forget_searches(session: Session, *, now: datetime) -> None:
    """Forget what was searched for a day ago."""
    session.execute(delete(KeptSearch).where(KeptSearch.kept_at < now - KEPT))
