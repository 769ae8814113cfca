"""Whose a referral is to be, and notes on it."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms.validators import Length

from placement.records.notes import LONGEST_NOTE
from placement.records.users import Team, User
from placement.web.forms import fields
from placement.web.forms.entered import Entered
from placement.web.forms.looks import SMALL, Look
from placement.web.forms.typed_form import TypedForm

NOBODY = "nobody"


class AssignForm(TypedForm):
    """Whom to give referrals to, and a note for them. The page fills in the choices."""

    to = fields.select("Give to", [("", "Choose")], [Entered("Choose whom to give it to")], look=SMALL)
    note = fields.text(
        "Note (optional)",
        [Length(max=LONGEST_NOTE, message=f"Enter at most {LONGEST_NOTE:,} characters")],
        look=SMALL,
    )

    def offer(self, people: Iterable[User], teams: Iterable[Team]) -> None:
        """Fill in who can be given a referral."""
        known = [(f"user-{each.id}", each.name) for each in people]
        known += [(f"team-{each.id}", f"Team {each.name}") for each in teams]
        self.to.choices = fields.options([("", "Choose"), *known, (NOBODY, "Nobody")])

    def whom(self, what: str) -> int | None:
        """Return the number of the `user` or `team` that is chosen; None where it is no such."""
        kind, _, number = (self.to.data or "").partition("-")
        return int(number) if kind == what and number.isdecimal() else None


class NoteForm(TypedForm):
    """Something to write down about a referral."""

    words = fields.area(
        "Add a note",
        [Entered("Enter a note"), Length(max=LONGEST_NOTE, message=f"Enter at most {LONGEST_NOTE:,} characters")],
        "For brokerage only",
        look=Look(size="s", rows=3),
    )
