"""Accepting a place, and ending a stay."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from wtforms import HiddenField
from wtforms.validators import Length, Optional

from placement.brokerage.reservations import Decision
from placement.brokerage.series import ChosenStay
from placement.domain.limits import LONGEST_STAY
from placement.domain.reasons import ENDINGS, OUT_OF_CITY, SETTLINGS
from placement.domain.staying import LONGER
from placement.records.users import User
from placement.web.forms import fields
from placement.web.forms.entered import Entered
from placement.web.forms.hidden import first_id
from placement.web.forms.looks import MEDIUM, SMALL, Look
from placement.web.forms.shared import SharedForm
from placement.web.forms.typed_form import TypedForm

BEST, BY_CHOICE = "best", "choice"
# Why a human chose this place. The first is ticked for the first in the list, so a good proposal takes two clicks.
WHY = (
    (BEST, "It is the best match for the person"),
    (BY_CHOICE, "The person or their family chose it"),
    ("known", "The person knows it or has stayed there before"),
    ("only", "It is the only place that can be had in time"),
    ("other", "Another reason"),
)


MAY_BE_CHOSEN = sum(each.by_choice and each.is_offered for each in OUT_OF_CITY)
OFFERED = sorted((each for each in OUT_OF_CITY if each.is_offered), key=lambda each: not each.by_choice)


class SendBackForm(TypedForm):
    """Why a manager does not sign a place off."""

    words = fields.area(
        "Why do you not sign this off?",
        [Entered("Enter why you do not sign this off"), Length(max=2000, message="Enter at most 2,000 characters")],
        "It stands as a note on the referral",
        look=Look(size="s", rows=3),
    )


class AcceptForm(TypedForm):
    """From when, for how long, and why this place; `rank` is the place's own in the list that the page showed."""

    rank = HiddenField()
    start_on = fields.day("First night", [Entered("Enter the first night")], look=SMALL)
    nights = fields.number(
        "How many nights?",
        [Optional()],
        "Leave empty for a stay without an end date",
        look=Look(size="s", width=4),
    )
    ends_current = fields.checkbox("End that stay on the day of the move", look=Look(is_small=True))
    why = fields.radios("Why this place?", WHY, [Entered("Choose why you chose this place")], look=SMALL)
    note = fields.area(
        "Say more (optional)",
        [Length(max=1000, message="Enter at most 1,000 characters")],
        "Kept with the decision",
        look=Look(size="s", rows=2),
    )
    out_of_city_reason = fields.radios(
        "Why outside the city?",
        [(reason.slug, reason.label) for reason in OFFERED],
        [Optional()],
        hint=f"The first {MAY_BE_CHOSEN} are by choice or in the best interest; of the others a manager signs each off",
        look=SMALL,
    )
    evidence = fields.area(
        "What was tried in the city?",
        [Length(max=2000, message="Enter at most 2,000 characters")],
        "Filled in from what the matcher found. Add what it cannot know.",
        look=Look(size="s", rows=4),
    )
    manager_id = fields.select(
        "Manager who is to sign it off",
        [("", "Choose a manager")],
        hint="Needed where the reason is not the person’s choice or best interest",
        look=SMALL,
    )

    def offer_managers(self, people: Iterable[User]) -> None:
        """Fill in who may sign off."""
        known = [(str(each.id), each.name) for each in people]
        self.manager_id.choices = fields.options([("", "Choose a manager"), *known])

    @property
    def end_on(self) -> date | None:
        """The day of departure; a length that no stay may have stays one, so that the action refuses it."""
        nights = self.nights.data
        if nights is None:
            return None
        leaving: date = self.start_on.data + timedelta(days=min(max(nights, 0), LONGEST_STAY + 1))
        return leaving

    def decision(self, *, run_id: int | None) -> Decision:
        """Return what was decided, as the action judges it."""
        return Decision(
            start_on=self.start_on.data,
            end_on=self.end_on,
            rank=first_id(self.rank.data),
            run_id=run_id,
            ends_current=self.ends_current.data,
            **self.said(),
        )

    def said(self) -> dict[str, Any]:
        """Return why this place was chosen, and why one outside the city, as a decision keeps it."""
        words = dict(WHY)[self.why.data]
        return {
            "reason": f"{words}. {self.note.data or ''}".strip(),
            "out_of_city_reason": self.out_of_city_reason.data or None,
            "out_of_city_evidence": self.evidence.data or "",
            "manager_id": first_id(self.manager_id.data),
        }


class AcceptSeriesForm(AcceptForm):
    """Which of the stays that are offered are reserved, and why there; the nights stand with each of them."""

    rank = None  # type: ignore[assignment]  # so WTForms leaves a field of the base form out
    start_on = nights = ends_current = None
    stays = fields.checkboxes(
        "Which stays are reserved?", [], [Entered("Choose at least one stay")],
        "All that are ticked are reserved together, or none of them", look=MEDIUM,
    )  # fmt: skip

    def offer_stays(self, offered: Iterable[tuple[str, str]]) -> None:
        """Fill in the stays that there are places for."""
        self.stays.choices = fields.options([*offered])

    def decision_for(self, first: ChosenStay, *, run_id: int | None) -> Decision:
        """Return what was decided, which counts for each of the stays."""
        return Decision(start_on=first.start_on, end_on=first.end_on, run_id=run_id, **self.said())


class DatesForm(SharedForm):
    """The nights of a stay. Once the person has arrived the first night stands fast, and the page leaves it out."""

    bonds = (("start_on", "end_on"),)

    start_on = fields.day("First night", [Entered("Enter the first night")], look=SMALL)
    end_on = fields.day("Day of departure", [Optional()], "Leave this empty if no end is planned", look=SMALL)
    longer_reason = fields.radios(
        "If the stay becomes longer than its kind allows, why?",
        [(reason.slug, reason.label) for reason in LONGER],
        [Optional()],
        look=SMALL,
    )


class SettleForm(TypedForm):
    """How a stay whose place had gone was dealt with."""

    outcome = fields.radios(
        "How was it dealt with?",
        [(reason.slug, reason.label) for reason in SETTLINGS],
        [Entered("Choose how it was dealt with")],
        look=Look(size="s", is_small=True),
    )


class EndForm(TypedForm):
    """When and why a stay ended."""

    on = fields.day("Last day", [Entered("Enter the day the person left")], look=SMALL)
    reason = fields.radios(
        "Why did it end?",
        [(reason.slug, reason.label) for reason in ENDINGS],
        [Entered("Choose why the stay ended")],
        look=SMALL,
    )
