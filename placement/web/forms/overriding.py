"""Deciding otherwise than a rule, and asking a manager to."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms.validators import Length

from placement.records.users import User
from placement.web.forms import fields
from placement.web.forms.entered import Entered
from placement.web.forms.looks import SMALL, Look
from placement.web.forms.typed_form import TypedForm


class OverrideForm(TypedForm):
    """Why it may be this place all the same."""

    reason = fields.area(
        "Why may it be this place all the same?",
        [
            Entered("Enter why it may be this place all the same"),
            Length(max=1000, message="Enter at most 1,000 characters"),
        ],
        "It stands with your name beside the place, and is kept",
        look=Look(size="s", rows=3),
    )


class AskManagerForm(TypedForm):
    """Which manager is asked."""

    manager_id = fields.select(
        "Which manager is to decide?",
        [("", "Choose a manager")],
        [Entered("Choose a manager")],
        look=SMALL,
    )

    def offer(self, people: Iterable[User]) -> None:
        """Fill in who may decide."""
        known = [(str(each.id), each.name) for each in people]
        self.manager_id.choices = fields.options([("", "Choose a manager"), *known])
