"""Options sheets as they were given to a person, and the choices that were made from them.

Everything that a sheet or its proof tells is a column here, in the words of the day on which it was given: what becomes
of prices, names, services and our own tables afterwards changes nothing. The database refuses to change a given fact
(migration 020); of a sheet only its state moves on.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, ForeignKeyConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from placement.domain.states import SheetState
from placement.records.base import Base
from placement.records.councils import OfCouncil
from placement.records.offers import Offer
from placement.records.providers import Unit
from placement.records.referrals import Referral


class SheetOption(Base):
    """One place on a sheet, as it stood when the sheet was given: `position` counts from 1.

    `weekly_pence`, `top_up_pence` and `is_affordable` are None where the price or the budget was not known. `meets` and
    `lacks` are needs in words, `why_not` sentences that say why it was not available. `basis` says how much is known:
    the provider has offered it, is interested, or has a free place by its own numbers.
    """

    __tablename__ = "sheet_option"
    __table_args__ = (
        CheckConstraint("position >= 1", name="position"),
        CheckConstraint("weekly_pence > 0", name="price"),
        CheckConstraint("top_up_pence >= 0", name="top_up"),
        CheckConstraint("(is_affordable IS NULL) = (top_up_pence IS NULL)", name="affordable"),
        CheckConstraint("end_on >= start_on", name="period"),
    )

    sheet_id: Mapped[int] = mapped_column(ForeignKey("options_sheet.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    offer_id: Mapped[int | None] = mapped_column(ForeignKey("offer.id"))
    basis: Mapped[str] = mapped_column(String(20))
    service_name: Mapped[str] = mapped_column(String(200))
    unit_name: Mapped[str] = mapped_column(String(120))
    provider_name: Mapped[str] = mapped_column(String(200))
    kind_of_service: Mapped[str] = mapped_column(String(80))
    address: Mapped[str] = mapped_column(String(300))
    postcode: Mapped[str] = mapped_column(String(8))
    is_in_city: Mapped[bool]
    miles: Mapped[float | None]
    weekly_pence: Mapped[int | None]
    top_up_pence: Mapped[int | None]
    start_on: Mapped[date]
    end_on: Mapped[date | None]
    rating: Mapped[str] = mapped_column(String(40))
    rated_on: Mapped[date | None]
    conditions: Mapped[str] = mapped_column(Text, default="")
    meets: Mapped[list[str]] = mapped_column(JSON)
    lacks: Mapped[list[str]] = mapped_column(JSON)
    is_available: Mapped[bool]
    is_affordable: Mapped[bool | None]
    why_not: Mapped[list[str]] = mapped_column(JSON)

    unit: Mapped[Unit] = relationship()
    offer: Mapped[Offer | None] = relationship()

    @property
    def is_within_reach(self) -> bool:
        """Whether it was both available and, in full, within the personal budget."""
        return self.is_available and self.is_affordable is True


class Choice(Base):
    """What was chosen from a sheet: an option, or with `position` None none of them and why. The last one counts.

    `chooser` and `way` are coded; `chosen_by` names who stood by the person or decided for them.
    """

    __tablename__ = "choice"
    __table_args__ = (
        CheckConstraint("(position IS NULL) = (none_reason IS NOT NULL)", name="none"),
        UniqueConstraint("sheet_id", "number", name="uq_choice_number"),
        ForeignKeyConstraint(
            ["sheet_id", "position"], ["sheet_option.sheet_id", "sheet_option.position"], name="fk_choice_option"
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("options_sheet.id", ondelete="CASCADE"))
    number: Mapped[int]
    position: Mapped[int | None]
    none_reason: Mapped[str | None] = mapped_column(String(40))
    chooser: Mapped[str] = mapped_column(String(40))
    chosen_by: Mapped[str] = mapped_column(String(160), default="")
    way: Mapped[str] = mapped_column(String(40))
    words: Mapped[str] = mapped_column(Text, default="")
    chosen_on: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(String(120))

    sheet: Mapped[OptionsSheet] = relationship(back_populates="choices", foreign_keys=[sheet_id])
    option: Mapped[SheetOption | None] = relationship(
        foreign_keys="[Choice.sheet_id, Choice.position]", overlaps="sheet,choices"
    )


class OptionsSheet(OfCouncil, Base):
    """The options that a person was given at an instant, with the budget and the names as they were then.

    `near` is from where the miles were measured. A sheet without an option within reach says why it was given all the
    same, in `given_anyway`.
    """

    __tablename__ = "options_sheet"
    __table_args__ = (
        CheckConstraint("budget_weekly_pence > 0", name="budget"),
        CheckConstraint("has_option_within_reach OR given_anyway IS NOT NULL", name="given_anyway"),
        CheckConstraint("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_reason IS NULL)", name="withdrawn_reason"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), index=True)
    state: Mapped[SheetState] = mapped_column(default=SheetState.GIVEN)
    reference: Mapped[str] = mapped_column(String(12))
    person_name: Mapped[str] = mapped_column(String(160))
    case_number: Mapped[str] = mapped_column(String(40))
    near: Mapped[str] = mapped_column(String(120), default="")
    budget_weekly_pence: Mapped[int | None]
    has_option_within_reach: Mapped[bool]
    given_anyway: Mapped[str | None] = mapped_column(String(40))
    given_anyway_note: Mapped[str] = mapped_column(String(500), default="")
    given_at: Mapped[datetime]
    given_by: Mapped[str] = mapped_column(String(120))
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None] = mapped_column(String(120))
    withdrawn_reason: Mapped[str | None] = mapped_column(String(40))
    version: Mapped[int] = mapped_column(default=1)

    referral: Mapped[Referral] = relationship()
    options: Mapped[list[SheetOption]] = relationship(order_by=SheetOption.position, cascade="all, delete-orphan")
    choices: Mapped[list[Choice]] = relationship(
        back_populates="sheet", order_by=Choice.number, cascade="all, delete-orphan", foreign_keys=[Choice.sheet_id]
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def choice(self) -> Choice | None:
        """The choice that counts: the last one that was recorded."""
        return self.choices[-1] if self.choices else None
