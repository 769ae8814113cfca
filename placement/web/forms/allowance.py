"""Allowing nights beyond the yearly allowance, and asking a manager to."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms.validators import Length

from placement.domain.allowance import Ledger
from placement.records.users import User
from placement.web.formatting import day
from placement.web.forms import fields
from placement.web.forms.entered import Entered
from placement.web.forms.hidden import first_id
from placement.web.forms.looks import SMALL, Look
from placement.web.forms.typed_form import TypedForm


class AllowForm(TypedForm):
    """How many nights more, in which year, and why."""

    year = fields.radios("In which year?", [], [Entered("Choose the year")], look=SMALL)
    nights = fields.number(
        "How many nights more?", [Entered("Enter how many nights more")], look=Look(size="s", width=4)
    )
    reason = fields.area(
        "Why are more nights allowed?",
        [Entered("Enter why more nights are allowed"), Length(max=500, message="Enter at most 500 characters")],
        "Kept with your name. Providers do not see it",
        look=Look(size="s", rows=3),
    )

    def offer(self, years: Iterable[Ledger]) -> None:
        """Fill in the years that the referral asks for nights in."""
        self.year.choices = fields.options(
            [(known.year.start.isoformat(), f"From {day(known.year.start)}") for known in years]
        )


class AskForNightsForm(TypedForm):
    """Who is asked to allow more nights."""

    manager_id = fields.select(
        "Manager who is to allow more nights", [("", "Choose a manager")], [Entered("Choose a manager")], look=SMALL
    )

    def offer(self, people: Iterable[User]) -> None:
        """Fill in who may allow it."""
        known = [(str(each.id), each.name) for each in people]
        self.manager_id.choices = fields.options([("", "Choose a manager"), *known])

    def manager(self) -> int | None:
        """Return the id of who was chosen."""
        return first_id(self.manager_id.data)
