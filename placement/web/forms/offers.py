"""Asking providers about a place, and their answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms.validators import Length, Optional

from placement.brokerage.offers.answering import Terms
from placement.domain.reasons import PROVIDERS_DECLINES
from placement.web.forms import fields
from placement.web.forms.entered import Entered
from placement.web.forms.looks import SMALL, Look
from placement.web.forms.typed_form import TypedForm

NO_NAMES = "Do not write anybody’s name."


class AskForm(TypedForm):
    """Whom to ask at once, and whom an hour or so later unless somebody has said yes. The page fills in the choices."""

    now = fields.checkboxes("Ask now", (), look=Look(size="m", is_small=True))
    later = fields.checkboxes("Ask later, unless somebody has said yes by then", (), look=Look(size="m", is_small=True))

    def offer_choices(self, choices: Sequence[tuple[str, str]]) -> None:
        """Fill in who can be asked."""
        self.now.choices = self.later.choices = fields.options(choices)

    def chosen(self, field: Any) -> list[int]:
        """Return the ids of the units that are ticked."""
        return [int(value) for value in field.data or () if value.isdecimal()]


class TermsForm(TypedForm):
    """A place at a price, from a day, on conditions."""

    weekly_price = fields.pounds("Price a week", [Entered("Enter the price a week")], look=SMALL)
    start_on = fields.day("First night", [Optional()], look=SMALL)
    conditions = fields.area(
        "Conditions (optional)",
        [Length(max=1000, message="Enter at most 1,000 characters")],
        f"For example, after a visit. {NO_NAMES}",
        look=Look(size="s", rows=2),
    )

    def terms(self) -> Terms:
        """Return what is offered."""
        start_on: date | None = self.start_on.data
        return Terms(weekly_pence=self.weekly_price.data, start_on=start_on, conditions=self.conditions.data or "")


class NoForm(TypedForm):
    """A coded reason that is the provider's to give; the page fills in the needs that were asked for."""

    reason = fields.radios(
        "Why can you not take this person?",
        [(reason.slug, reason.label) for reason in PROVIDERS_DECLINES],
        [Entered("Choose why you cannot take this person")],
        look=Look(size="s", is_small=True),
    )
    needs = fields.checkboxes("If you cannot meet the need: which?", (), look=Look(size="s", is_small=True))
    note = fields.area(
        "Note for brokerage (optional)",
        [Length(max=500, message="Enter at most 500 characters")],
        NO_NAMES,
        look=Look(size="s", rows=2),
    )


def _words(label: str, missing: str) -> Any:
    return fields.area(
        label,
        [Entered(missing), Length(max=1000, message="Enter at most 1,000 characters")],
        NO_NAMES,
        look=Look(size="s", rows=3),
    )


class QuestionForm(TypedForm):
    """A question about a request."""

    words = _words("Your question", "Enter your question")


class ReplyForm(TypedForm):
    """Brokerage's answer to a question."""

    words = _words("Your answer", "Enter your answer")
