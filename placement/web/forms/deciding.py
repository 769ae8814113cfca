"""What a broker decides about a proposal: to hold the place for now, or to rule it out for the person."""

from __future__ import annotations

from wtforms.validators import Length

from placement.domain.holds import HOLD_LENGTHS
from placement.domain.reasons import RULINGS
from placement.web.forms import fields
from placement.web.forms.entered import Entered
from placement.web.forms.looks import Look
from placement.web.forms.typed_form import TypedForm


class PlaceHoldForm(TypedForm):
    """For how long a place is held."""

    length = fields.radios(
        "Hold the place for how long?",
        [(each.slug, each.label) for each in HOLD_LENGTHS],
        [Entered("Choose for how long the place is held")],
        look=Look(size="s", is_small=True),
    )


class RuleOutForm(TypedForm):
    """Why a place is not for a person."""

    reason = fields.radios(
        "Why is this place not for this person?",
        [(each.slug, each.label) for each in RULINGS],
        [Entered("Choose why this place is not for this person")],
        look=Look(size="s", is_small=True),
    )
    note = fields.text(
        "Say more (optional)",
        [Length(max=400, message="Enter at most 400 characters")],
        look=Look(size="s"),
    )
