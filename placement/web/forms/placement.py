"""Accepting a place, and ending a stay."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms.validators import InputRequired, Length, Optional

from placement.brokerage.reservations import Choice
from placement.domain.reasons import ENDINGS, OUT_OF_CITY
from placement.web.forms import fields
from placement.web.forms.looks import Look

SMALL = Look(size="s")
# Why a human chose this place. The first is ticked for the first in the list, so a good proposal takes two clicks.
WHY = (
    ("best", "It is the best match for the person"),
    ("choice", "The person or their family chose it"),
    ("known", "The person knows it or has stayed there before"),
    ("only", "It is the only place that can be had in time"),
    ("other", "Another reason"),
)


class AcceptForm(FlaskForm):
    """From when, for how long, and why this place."""

    start_on = fields.day("First night", [InputRequired("Enter the first night")], look=SMALL)
    nights = fields.number(
        "How many nights?",
        [Optional()],
        "Leave empty for a stay without an end date",
        look=Look(size="s", width=4),
    )
    why = fields.radios("Why this place?", WHY, [InputRequired("Choose why you chose this place")], look=SMALL)
    note = fields.area(
        "Say more (optional)",
        [Length(max=1000, message="Enter at most 1,000 characters")],
        "Kept with the decision",
        look=Look(size="s", rows=2),
    )
    out_of_city_reason = fields.radios(
        "Why outside the city?", [(reason.slug, reason.label) for reason in OUT_OF_CITY], [Optional()], look=SMALL
    )
    evidence = fields.area(
        "What was tried in the city? (optional)",
        [Length(max=2000, message="Enter at most 2,000 characters")],
        look=Look(size="s", rows=2),
    )
    approved_by = fields.text(
        "Manager who approved it",
        [Length(max=120, message="Enter at most 120 characters")],
        "Needed where the reason is not the person’s choice or best interest",
        look=SMALL,
    )

    def choice(self, *, end_on: object, rank: int | None, run_id: int | None, ends_current: bool) -> Choice:
        """Return what was decided."""
        words = dict(WHY)[self.why.data]
        return Choice(
            start_on=self.start_on.data,
            end_on=end_on,  # type: ignore[arg-type]  # worked out from start and nights by the page
            reason=f"{words}. {self.note.data or ''}".strip(),
            rank=rank,
            run_id=run_id,
            out_of_city_reason=self.out_of_city_reason.data or None,
            out_of_city_evidence=self.evidence.data or "",
            approved_by=self.approved_by.data or "",
            ends_current=ends_current,
        )


class EndForm(FlaskForm):
    """When and why a stay ended."""

    on = fields.day("Last day", [InputRequired("Enter the day the person left")], look=SMALL)
    reason = fields.radios(
        "Why did it end?",
        [(reason.slug, reason.label) for reason in ENDINGS],
        [InputRequired("Choose why the stay ended")],
        look=SMALL,
    )
