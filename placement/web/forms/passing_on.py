"""What a referral is sent back for, and why a manager is to look at it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms.validators import Length

from placement.domain.reasons import ESCALATIONS
from placement.domain.sections import QUESTIONS
from placement.records.notes import LONGEST_NOTE
from placement.records.users import User
from placement.web.forms import fields
from placement.web.forms.entered import Entered
from placement.web.forms.looks import SMALL, Look
from placement.web.forms.typed_form import TypedForm


def _note(hint: str) -> Any:
    return fields.area(
        "Note (optional)",
        [Length(max=LONGEST_NOTE, message=f"Enter at most {LONGEST_NOTE:,} characters")],
        hint,
        look=Look(size="s", rows=3),
    )


class ReturnForm(TypedForm):
    """Which questions are to be answered, or answered better, and a note."""

    questions = fields.checkboxes(
        "What is missing or not clear?",
        [(each.slug, each.label) for each in QUESTIONS],
        [Entered("Choose what is missing")],
        look=Look(size="s", is_small=True, in_columns=True),
    )
    words = _note("For whoever sent it")


class EscalateForm(TypedForm):
    """To which manager, why, and a note. The page fills in the managers."""

    to = fields.select("Manager", [("", "Choose")], [Entered("Choose the manager")], look=SMALL)
    reason = fields.radios(
        "Why is a manager to look at it?",
        [(reason.slug, reason.label) for reason in ESCALATIONS],
        [Entered("Choose why a manager is to look at it")],
        look=Look(size="s", is_small=True),
    )
    words = _note("For brokerage only")

    def offer(self, managers: Iterable[User]) -> None:
        """Fill in who may be asked."""
        self.to.choices = fields.options([("", "Choose"), *((str(each.id), each.name) for each in managers)])
