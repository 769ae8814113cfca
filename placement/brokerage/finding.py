"""Finding a referral again: by its reference, the person's name or case number, or the service of a stay."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from placement.brokerage.referrals import LISTED
from placement.domain.people import Actor
from placement.records.pages import START, Key, Page, PlaceInList, page_of
from placement.records.placements import Placement
from placement.records.providers import Service, Unit
from placement.records.referrals import Person, Referral
from placement.records.visibility import visible_referrals


def found_referrals(session: Session, words: str, *, actor: Actor, at: PlaceInList = START) -> Page[Referral]:
    """Return the referrals that words fit, newest first, in whatever state: closed and withdrawn ones too.

    Each of the words is looked for in the name, all of them together in the reference, the case number and the names
    of the services where the referral has or had a place.
    """
    stays = select(Placement.referral_id).join(Placement.unit).join(Unit.service).where(_holds(Service.name, words))
    fits = or_(
        _holds(Referral.reference, words),
        _holds(Person.case_number, words),
        and_(*(_holds(Person.name, word) for word in words.split())),
        Referral.id.in_(stays),
    )
    rows = visible_referrals(actor).join(Referral.person).where(fits).options(*LISTED)
    return page_of(session, rows, Key(column=Referral.id, is_descending=True), at=at)


def _holds(column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None], words: str) -> ColumnElement[bool]:
    """SQLite knows the small letters of English only, so other words are also looked for as names are written."""
    spelt = {words.lower(), words, words.title(), words.upper()} if not words.isascii() else {words.lower()}
    patterns = [f"%{escaped(each)}%" for each in sorted(spelt)]
    return or_(*(func.lower(column).like(each, escape="\\") | column.like(each, escape="\\") for each in patterns))


def escaped(words: str) -> str:
    """Return words in which no sign stands for others."""
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
