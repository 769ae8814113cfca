"""The supply side as stored: providers, services, units, what they offer, and the caps that alternatives share."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ColumnElement,
    ForeignKey,
    Integer,
    String,
    Table,
    UniqueConstraint,
    and_,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from placement.domain.claims import Claim, Footing, Said, on
from placement.domain.contacts import LONGEST_EMAIL, LONGEST_TELEPHONE
from placement.domain.councils import COVENTRY
from placement.domain.features import Evidence
from placement.domain.limits import MOST_PLACES, MOST_TURNAROUND
from placement.domain.periods import Period
from placement.domain.states import BARRED, Status
from placement.records.base import Base
from placement.records.councils import OfCouncil, ServiceCouncil
from placement.records.periods import not_over


class Provider(Base):
    """An organisation that runs services. `keeper` is the council that keeps its record."""

    __tablename__ = "provider"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    cqc_id: Mapped[str | None] = mapped_column(String(40), unique=True)

    keeper: Mapped[str] = mapped_column(String(9), default=COVENTRY.code)

    services: Mapped[list[Service]] = relationship(back_populates="provider", order_by="Service.name")


class Service(Base):
    """One service at one address. `councils` are those that can place people in it.

    `is_dormant` is what the CQC says of a registered location where nobody is served at present. `contact_hours` are
    the rows of `domain.contact_hours`, as they are kept there.
    """

    __tablename__ = "service"
    __table_args__ = (
        CheckConstraint("quality BETWEEN 0 AND 3", name="quality"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    service_type: Mapped[str] = mapped_column(String(40))
    cqc_location_id: Mapped[str | None] = mapped_column(String(40), unique=True)
    address: Mapped[str] = mapped_column(String(300), default="")
    telephone: Mapped[str] = mapped_column(String(LONGEST_TELEPHONE), default="", server_default="")
    email: Mapped[str] = mapped_column(String(LONGEST_EMAIL), default="", server_default="")
    contact_hours: Mapped[list[Any]] = mapped_column(JSON, default=list, server_default="[]")
    postcode: Mapped[str] = mapped_column(String(8))
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    authority: Mapped[str] = mapped_column(String(9), index=True)
    lsoa: Mapped[str | None] = mapped_column(String(9))
    ward_code: Mapped[str | None] = mapped_column(String(9), index=True)
    quality: Mapped[int | None]
    rated_on: Mapped[date | None]
    cqc_beds: Mapped[int | None]
    registered_on: Mapped[date | None]
    deregistered_on: Mapped[date | None]
    is_listed: Mapped[bool] = mapped_column(default=True)
    is_dormant: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    provider: Mapped[Provider] = relationship(back_populates="services")
    units: Mapped[list[Unit]] = relationship(
        back_populates="service",
        order_by="Unit.id",
        primaryjoin="and_(Service.id == Unit.service_id, Unit.retired_at.is_(None))",
    )
    shared_caps: Mapped[list[SharedCap]] = relationship(back_populates="service", order_by="SharedCap.id")

    councils: Mapped[list[ServiceCouncil]] = relationship(cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": version}

    def is_registered_on(self, day: date) -> bool:
        """Return whether it is in the register on a day; `registered_on` asks the same of the database."""
        return self.is_listed and (self.deregistered_on is None or self.deregistered_on > day)


def registered_on(day: date) -> ColumnElement[bool]:
    """Say that a service is in the register on a day."""
    return and_(Service.is_listed, not_over(Service.deregistered_on, day))


class FormerRegistration(Base):
    """A CQC location ID under which a service was registered before."""

    __tablename__ = "former_registration"
    __table_args__ = {}

    cqc_location_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), index=True)


class ServiceBand(Base):
    """For whom the CQC says a service is built: evidence for its units, never a rating or a severity."""

    __tablename__ = "service_band"
    __table_args__ = {}

    service_id: Mapped[int] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), primary_key=True)
    slug: Mapped[str] = mapped_column(String(40), primary_key=True)


shared_cap_unit = Table(
    "shared_cap_unit",
    Base.metadata,
    Column("shared_cap_id", Integer, ForeignKey("shared_cap.id", ondelete="CASCADE"), primary_key=True),
    Column("unit_id", Integer, ForeignKey("unit.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class Unit(Base):
    """A group of interchangeable places with its own features, capacity and accept rules.

    `kinds` is a space-separated list of referral kinds that the unit takes; empty stands for all. `gender_now` says
    who lives in a one-gender-at-a-time unit; `emergencies_until` is an hour such as 20:00.
    `crisis_places` is how many people in a crisis it takes at a time (None: any number); its other places are kept for
    planned breaks. `weekly_most_pence` is the upper end of a price that depends on the person; `weekly_pence` is then
    the lower one; `support_pence` has the price for each level of support that has one of its own, as in
    `one_to_one=240000 night=150000`. After a stay a place is not free for `turnaround_nights`. A unit that is
    `retired_at` holds nobody and is in no list; where its places went to another unit, `merged_into_id` names it.
    """

    __tablename__ = "unit"
    __table_args__ = (
        CheckConstraint(f"capacity BETWEEN 0 AND {MOST_PLACES}", name="capacity"),
        CheckConstraint("min_age >= 0 AND max_age <= 150 AND min_age <= max_age", name="ages"),
        CheckConstraint("weekly_pence > 0", name="price"),
        CheckConstraint("weekly_most_pence > weekly_pence", name="price_band"),
        CheckConstraint(f"crisis_places BETWEEN 0 AND {MOST_PLACES}", name="crisis_places"),
        CheckConstraint(f"turnaround_nights BETWEEN 0 AND {MOST_TURNAROUND}", name="turnaround_nights"),
        UniqueConstraint("service_id", "name", name="uq_unit_service_name"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    capacity: Mapped[int]
    kinds: Mapped[str] = mapped_column(String(200), default="")
    min_age: Mapped[int] = mapped_column(default=18)
    max_age: Mapped[int] = mapped_column(default=120)
    gender: Mapped[str] = mapped_column(String(8), default="any")
    gender_now: Mapped[str | None] = mapped_column(String(8))
    weekly_pence: Mapped[int | None]
    weekly_most_pence: Mapped[int | None]
    support_pence: Mapped[str] = mapped_column(String(200), default="", server_default="")
    reply_hours: Mapped[int] = mapped_column(default=48)
    emergencies_until: Mapped[str | None] = mapped_column(String(5))
    crisis_places: Mapped[int | None]
    turnaround_nights: Mapped[int] = mapped_column(default=0, server_default="0")
    retired_at: Mapped[datetime | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    version: Mapped[int] = mapped_column(default=1)

    service: Mapped[Service] = relationship(back_populates="units")
    features: Mapped[list[UnitFeature]] = relationship(
        back_populates="unit", order_by="UnitFeature.slug", cascade="all, delete-orphan"
    )
    shared_caps: Mapped[list[SharedCap]] = relationship(
        secondary=shared_cap_unit, back_populates="units", order_by="SharedCap.id"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def support_prices(self) -> dict[str, int]:
        """What a place costs a week, in pence, by the levels of support that have a price of their own."""
        return {level: int(pence) for level, _, pence in (each.partition("=") for each in self.support_pence.split())}

    def price_for(self, support: str | None) -> int | None:
        """Return what a place costs a week for somebody of a level of support, in pence; None where nobody knows."""
        return self.support_prices.get(support or "", self.weekly_pence)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """What it says of each thing that can be needed."""
        return tuple(feature.claim(self.service.service_type) for feature in self.features)

    @property
    def offers(self) -> frozenset[str]:
        """What it is known to offer: what waits for the council, or was not confirmed, nobody knows."""
        return on(Footing.OFFERED, self.claims)

    @property
    def asks_first(self) -> frozenset[str]:
        """What it wants to be asked about before somebody counts on it."""
        return on(Footing.ASK_FIRST, self.claims)

    @property
    def may_offer(self) -> frozenset[str]:
        """What it offers, and what it may offer if it is asked."""
        return self.offers | self.asks_first


class UnitFeature(Base):
    """What a unit says of something that can be needed, and how strong the evidence for it is."""

    __tablename__ = "unit_feature"
    __table_args__ = {}

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="CASCADE"), primary_key=True)
    slug: Mapped[str] = mapped_column(String(40), primary_key=True, index=True)
    said: Mapped[Said] = mapped_column(default=Said.YES, server_default=Said.YES.value)
    evidence: Mapped[Evidence] = mapped_column(default=Evidence.DECLARED)
    evidence_on: Mapped[date | None]
    evidence_by: Mapped[str] = mapped_column(String(120), default="", server_default="")

    unit: Mapped[Unit] = relationship(back_populates="features")

    def copied(self) -> UnitFeature:
        """Return the same answer with the same evidence, for a unit that is made of this one."""
        return UnitFeature(
            slug=self.slug,
            said=self.said,
            evidence=self.evidence,
            evidence_on=self.evidence_on,
            evidence_by=self.evidence_by,
        )

    def claim(self, service_type: str) -> Claim:
        """Return it as the rules of the trade read it, of a service of this type."""
        return Claim(
            slug=self.slug,
            said=self.said or Said.YES,
            evidence=self.evidence or Evidence.DECLARED,
            evidence_on=self.evidence_on,
            evidence_by=self.evidence_by or "",
            service_type=service_type,
        )


class SharedCap(Base):
    """One pool of staff or rooms behind several units, so that a flexible vacancy is counted once."""

    __tablename__ = "shared_cap"
    __table_args__ = (
        CheckConstraint(f"places BETWEEN 0 AND {MOST_PLACES}", name="places"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    places: Mapped[int]

    service: Mapped[Service] = relationship(back_populates="shared_caps")
    units: Mapped[list[Unit]] = relationship(
        secondary=shared_cap_unit, back_populates="shared_caps", order_by="Unit.id"
    )


class Standing(OfCouncil, Base):
    """A provider's status from a day, with its cause by code, its reason in words, decider and review date."""

    __tablename__ = "standing"
    __table_args__ = (CheckConstraint("end_on > start_on", name="period"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), index=True)
    status: Mapped[Status]
    start_on: Mapped[date]
    end_on: Mapped[date | None]
    cause: Mapped[str] = mapped_column(String(40), default="not_recorded", server_default="not_recorded")
    reason: Mapped[str] = mapped_column(String(500))
    decided_by: Mapped[str] = mapped_column(String(120))
    review_on: Mapped[date | None]
    created_at: Mapped[datetime]

    provider: Mapped[Provider] = relationship()

    @property
    def period(self) -> Period:
        """The days on which it holds."""
        return Period(self.start_on, self.end_on)

    @property
    def is_barring(self) -> bool:
        """Whether it forbids the provider to admit anybody."""
        return self.status in BARRED
