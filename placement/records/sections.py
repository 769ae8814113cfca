"""What was said in each section of a referral beyond what the engine and the constraints read, and that it was said.

Near where, when, for how long and for how much stand in the referral itself: the matcher reads them. Everything else
is a column of its section's own small table, one row a referral, none where nothing was said.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from placement.domain.people import Gender
from placement.records.base import Base


class AnsweredSection(Base):
    """That a section was answered: when last, and by whom."""

    __tablename__ = "referral_section"

    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id", ondelete="CASCADE"), primary_key=True)
    slug: Mapped[str] = mapped_column(String(20), primary_key=True)
    answered_at: Mapped[datetime]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class PersonSection(Base):
    """What a draft says of a person whom others know already, where it differs: it counts from the submission on.

    `changed` names what differs, with spaces between: name, gender, home. Of what is not named the columns are empty.
    """

    __tablename__ = "referral_person"

    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id", ondelete="CASCADE"), primary_key=True)
    changed: Mapped[str] = mapped_column(String(40))
    name: Mapped[str | None] = mapped_column(String(160))
    gender: Mapped[Gender | None]
    postcode: Mapped[str | None] = mapped_column(String(8))
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    authority: Mapped[str | None] = mapped_column(String(9))
    ward_code: Mapped[str | None] = mapped_column(String(9))


class PlaceSection(Base):
    """Who or what is there, where the place should be near."""

    __tablename__ = "referral_place"

    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id", ondelete="CASCADE"), primary_key=True)
    near_who: Mapped[str] = mapped_column(String(80), default="")


class DatesSection(Base):
    """What makes the dates matter."""

    __tablename__ = "referral_dates"

    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id", ondelete="CASCADE"), primary_key=True)
    urgency_note: Mapped[str] = mapped_column(Text, default="")


class ChoicesSection(Base):
    """What the person wants, in their own words where it can be."""

    __tablename__ = "referral_choices"

    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id", ondelete="CASCADE"), primary_key=True)
    persons_words: Mapped[str] = mapped_column(Text, default="")


class FundingSection(Base):
    """Who pays."""

    __tablename__ = "referral_funding"

    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id", ondelete="CASCADE"), primary_key=True)
    funding: Mapped[str] = mapped_column(String(40))


class AroundSection(Base):
    """Who refers, where the person waits, and who cares for them now. None of it is for a provider."""

    __tablename__ = "referral_around"

    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id", ondelete="CASCADE"), primary_key=True)
    team: Mapped[str] = mapped_column(String(120), default="")
    role: Mapped[str] = mapped_column(String(80), default="")
    telephone: Mapped[str] = mapped_column(String(30), default="")
    hospital: Mapped[str] = mapped_column(String(120), default="")
    ward: Mapped[str] = mapped_column(String(80), default="")
    carer: Mapped[str | None] = mapped_column(String(20))
    carer_until_on: Mapped[date | None]


class PenPicture(Base):
    """A few lines on which a referral was submitted before everything was asked. They are brokerage's own."""

    __tablename__ = "referral_pen_picture"

    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id", ondelete="CASCADE"), primary_key=True)
    words: Mapped[str] = mapped_column(Text)


class RisksSection(Base):
    """Risks and legal status as slugs of their tables, with spaces between; the note is brokerage's own."""

    __tablename__ = "referral_risks"

    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id", ondelete="CASCADE"), primary_key=True)
    risks: Mapped[str] = mapped_column(String(400), default="")
    legal: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(Text, default="")
