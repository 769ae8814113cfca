"""The demand side as stored: people and their referrals with needs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    false,
    inspect,
)
from sqlalchemy.ext.associationproxy import AssociationProxy, association_proxy
from sqlalchemy.orm import Mapped, mapped_column, relationship

from placement.domain.features import Strength
from placement.domain.legal import LEGAL_STATUS
from placement.domain.likeness import support_level
from placement.domain.people import Gender
from placement.domain.risks import RISK
from placement.domain.sections import open_questions
from placement.domain.series import StayWindow
from placement.domain.services import TypeWish
from placement.domain.states import ReferralState
from placement.records.base import Base
from placement.records.councils import OfCouncil
from placement.records.providers import Service, Unit
from placement.records.sections import (
    AnsweredSection,
    AroundSection,
    ChoicesSection,
    DatesSection,
    FundingSection,
    PenPicture,
    PersonSection,
    PlaceSection,
    RisksSection,
)
from placement.records.users import Team, User

# What may change about a person, and the columns that each change is stored in.
OF_PERSON: Mapping[str, tuple[str, ...]] = {
    "name": ("name",),
    "gender": ("gender",),
    "home": ("postcode", "lat", "lon", "authority", "ward_code"),
}


class Person(OfCouncil, Base):
    """Someone who needs a place. Identifiable: never shown to a provider before it has accepted.

    `ethnicity` is their own answer (`domain.ethnicity`): it is counted, no match reads it and no provider sees it.
    """

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("council", "case_number", name="uq_person_case_number"),
        Index("ix_person_born_on", "council", "born_on"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_number: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(160))
    born_on: Mapped[date]
    gender: Mapped[Gender | None]
    postcode: Mapped[str | None] = mapped_column(String(8))
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    authority: Mapped[str | None] = mapped_column(String(9))
    ward_code: Mapped[str | None] = mapped_column(String(9))
    created_at: Mapped[datetime]
    ethnicity: Mapped[str | None] = mapped_column(String(40))

    referrals: Mapped[list[Referral]] = relationship(back_populates="person", order_by="Referral.id")


avoided_service = Table(
    "referral_avoided_service",
    Base.metadata,
    Column("referral_id", Integer, ForeignKey("referral.id", ondelete="CASCADE"), primary_key=True),
    Column("service_id", Integer, ForeignKey("service.id", ondelete="CASCADE"), primary_key=True),
)
apart_person = Table(
    "referral_apart_person",
    Base.metadata,
    Column("referral_id", Integer, ForeignKey("referral.id", ondelete="CASCADE"), primary_key=True),
    Column("person_id", Integer, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
)


class Referral(OfCouncil, Base):
    """One request for a place. A draft may lack answers; a submitted one has them all.

    One that `is_recurring` asks for several stays, and `series` says which: few do, so that lists need not look there.
    """

    __tablename__ = "referral"
    __table_args__ = (
        CheckConstraint("latest_on >= earliest_on", name="window"),
        CheckConstraint("nights > 0", name="nights"),
        CheckConstraint("max_miles > 0", name="miles"),
        CheckConstraint("budget_weekly_pence > 0", name="budget"),
        CheckConstraint(
            "state IN ('draft', 'withdrawn') OR (submitted_at IS NOT NULL AND earliest_on IS NOT NULL)",
            name="complete",
        ),
        Index("uq_referral_external_reference", "council", "external_reference", unique=True),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str | None] = mapped_column(String(12), unique=True)
    external_reference: Mapped[str | None] = mapped_column(String(60))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[ReferralState] = mapped_column(default=ReferralState.DRAFT, index=True)
    near_postcode: Mapped[str | None] = mapped_column(String(8))
    near_lat: Mapped[float | None]
    near_lon: Mapped[float | None]
    ward_code: Mapped[str | None] = mapped_column(String(9), index=True)
    max_miles: Mapped[float | None]
    wants_out_of_city: Mapped[bool] = mapped_column(default=False)
    out_of_city_reason: Mapped[str | None] = mapped_column(String(40))
    earliest_on: Mapped[date | None]
    latest_on: Mapped[date | None]
    nights: Mapped[int | None]
    is_recurring: Mapped[bool] = mapped_column(default=False, server_default=false())
    budget_weekly_pence: Mapped[int | None]
    lives_alone: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    assigned_to_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    submitted_at: Mapped[datetime | None]
    reply_by: Mapped[datetime | None]
    place_by: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_reason: Mapped[str | None] = mapped_column(String(40))
    version: Mapped[int] = mapped_column(default=1)

    person: Mapped[Person] = relationship(back_populates="referrals")
    assigned_to: Mapped[User | None] = relationship(foreign_keys=assigned_to_id)
    team: Mapped[Team | None] = relationship()
    needs: Mapped[list[ReferralNeed]] = relationship(
        back_populates="referral", order_by="ReferralNeed.slug", cascade="all, delete-orphan"
    )
    types: Mapped[list[ReferralType]] = relationship(cascade="all, delete-orphan", order_by="ReferralType.slug")
    avoided: Mapped[list[Service]] = relationship(secondary=avoided_service, order_by=Service.id)
    apart: Mapped[list[Person]] = relationship(secondary=apart_person, order_by=Person.id)
    declines: Mapped[list[Decline]] = relationship(back_populates="referral", order_by="Decline.id")

    answered: Mapped[list[AnsweredSection]] = relationship(cascade="all, delete-orphan", order_by=AnsweredSection.slug)
    person_said: Mapped[PersonSection | None] = relationship(cascade="all, delete-orphan")
    place: Mapped[PlaceSection | None] = relationship(cascade="all, delete-orphan")
    dates: Mapped[DatesSection | None] = relationship(cascade="all, delete-orphan")
    choices: Mapped[ChoicesSection | None] = relationship(cascade="all, delete-orphan")
    paid_by: Mapped[FundingSection | None] = relationship(cascade="all, delete-orphan")
    around: Mapped[AroundSection | None] = relationship(cascade="all, delete-orphan")
    dangers: Mapped[RisksSection | None] = relationship(cascade="all, delete-orphan")
    series: Mapped[ReferralSeries | None] = relationship(cascade="all, delete-orphan")
    pen: Mapped[PenPicture | None] = relationship(cascade="all, delete-orphan")
    # What stands in a section's table reads as the referral's own; None where nothing was said.
    near_who: AssociationProxy[str | None] = association_proxy(
        "place", "near_who", creator=lambda words: PlaceSection(near_who=words)
    )
    urgency_note: AssociationProxy[str | None] = association_proxy(
        "dates", "urgency_note", creator=lambda words: DatesSection(urgency_note=words)
    )
    persons_words: AssociationProxy[str | None] = association_proxy(
        "choices", "persons_words", creator=lambda words: ChoicesSection(persons_words=words)
    )
    funding: AssociationProxy[str | None] = association_proxy(
        "paid_by", "funding", creator=lambda slug: FundingSection(funding=slug)
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def said_of_person(self) -> dict[str, Any]:
        """What this referral says of the person: the record, and over it what counts from the submission on."""
        said = {name: getattr(self.person, name) for names in OF_PERSON.values() for name in names}
        for part in self.person_said.changed.split() if self.person_said else ():
            said |= {name: getattr(self.person_said, name) for name in OF_PERSON[part]}
        return said

    @property
    def windows(self) -> tuple[StayWindow, ...]:
        """The stays that are asked for, in the order of their nights; just one where they do not recur.

        Nothing of a draft without dates, and nothing of a stay without an end.
        """
        if self.earliest_on is None or self.latest_on is None or self.nights is None:
            return ()
        first = StayWindow(number=1, earliest_on=self.earliest_on, latest_on=self.latest_on, nights=self.nights)
        further = self.series.stays if self.is_recurring and self.series else ()
        return (first, *(stay.window for stay in further))

    @property
    def not_asked(self) -> tuple[str, ...]:
        """The slugs of the questions that nobody has asked yet; of a referral without a pen picture there are none."""
        if self.pen is None:
            return ()
        rows = self.pen.answered if "answered" in inspect(self).unloaded else self.answered
        return open_questions(row.slug for row in rows)

    @property
    def type_wishes(self) -> dict[str, TypeWish]:
        """What is said of types of service, by slug."""
        return {row.slug: row.wish for row in self.types}

    @property
    def risks(self) -> tuple[str, ...]:
        """The slugs of the risks, in the order of their table."""
        said = self.dangers.risks.split() if self.dangers else ()
        return tuple(slug for slug in RISK if slug in said)

    @property
    def legal(self) -> tuple[str, ...]:
        """The slugs of what is so by law, in the order of their table."""
        said = self.dangers.legal.split() if self.dangers else ()
        return tuple(slug for slug in LEGAL_STATUS if slug in said)

    @property
    def support(self) -> str | None:
        """The highest level of support that is needed or wished for; None where none is said."""
        return support_level({*self.slugs(Strength.ESSENTIAL), *self.slugs(Strength.DESIRABLE)})

    def slugs(self, strength: Strength) -> list[str]:
        """Return the slugs of one strength, sorted."""
        return sorted(need.slug for need in self.needs if need.strength == strength)


class ReferralNeed(Base):
    """One need and how much it weighs."""

    __tablename__ = "referral_need"
    __table_args__ = {}

    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id", ondelete="CASCADE"), primary_key=True)
    slug: Mapped[str] = mapped_column(String(40), primary_key=True, index=True)
    strength: Mapped[Strength]

    referral: Mapped[Referral] = relationship(back_populates="needs")


class ReferralType(Base):
    """A type of service that is wanted, or ruled out, or one of those that will do."""

    __tablename__ = "referral_service_type"
    __table_args__ = {}

    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id", ondelete="CASCADE"), primary_key=True)
    slug: Mapped[str] = mapped_column(String(40), primary_key=True)
    wish: Mapped[TypeWish]


class ReferralSeries(Base):
    """That a referral asks for several stays. `take`: all of them or none, or the most that can be had.

    `every`, `unit`, `weekday` and `until_on` are the pattern that they were made from; empty where they were listed.
    """

    __tablename__ = "referral_series"
    __table_args__ = (CheckConstraint("(every IS NULL) = (until_on IS NULL)", name="pattern"),)

    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id", ondelete="CASCADE"), primary_key=True)
    take: Mapped[str] = mapped_column(String(10))
    every: Mapped[int | None]
    unit: Mapped[str | None] = mapped_column(String(10))
    weekday: Mapped[int | None]
    until_on: Mapped[date | None]

    stays: Mapped[list[ReferralStay]] = relationship(order_by="ReferralStay.number", cascade="all, delete-orphan")


class ReferralStay(Base):
    """A stay of a series after its first, which is the referral's own window and nights."""

    __tablename__ = "referral_stay"
    __table_args__ = (
        CheckConstraint("number > 1", name="number"),
        CheckConstraint("latest_on >= earliest_on", name="window"),
        CheckConstraint("nights > 0", name="nights"),
    )

    referral_id: Mapped[int] = mapped_column(
        ForeignKey("referral_series.referral_id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    earliest_on: Mapped[date]
    latest_on: Mapped[date]
    nights: Mapped[int]

    @property
    def window(self) -> StayWindow:
        """The stay as the domain knows it."""
        return StayWindow(
            number=self.number, earliest_on=self.earliest_on, latest_on=self.latest_on, nights=self.nights
        )


class Decline(OfCouncil, Base):
    """A unit that said no to a referral, or was refused for it: the pair is not proposed again.

    `needs` are the slugs of what it cannot meet, where that is the reason.
    """

    __tablename__ = "decline"

    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id", ondelete="CASCADE"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    reason: Mapped[str] = mapped_column(String(40))
    needs: Mapped[str] = mapped_column(String(400), default="", server_default="")
    note: Mapped[str] = mapped_column(String(500), default="")
    declined_by: Mapped[str] = mapped_column(String(120))
    declined_at: Mapped[datetime]

    referral: Mapped[Referral] = relationship(back_populates="declines")
    unit: Mapped[Unit] = relationship()
