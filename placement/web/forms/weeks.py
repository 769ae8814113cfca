"""What a broker asks of the grid of weeks: a GET form, so that the filters stand in the address."""

from __future__ import annotations

from wtforms.validators import NumberRange, Optional

from placement.domain.features import FEATURES
from placement.domain.people import ADULT, OLDEST
from placement.domain.services import SERVICE_TYPES
from placement.web.forms import fields
from placement.web.forms.looks import Look
from placement.web.forms.typed_form import TypedForm

_AGES = f"Enter an age from {ADULT} to {OLDEST}"


class WeeksForm(TypedForm):
    """Words, type of service, one more thing that is offered, and the age of a person."""

    class Meta:
        csrf = False  # it changes nothing

    words = fields.text("Name, provider or postcode")
    type = fields.select("Type", [("", "All types"), *((each.slug, each.label) for each in SERVICE_TYPES)])
    also = fields.select("Offers", [("", "Anything"), *((each.slug, each.label) for each in FEATURES)])
    age = fields.number("Age", [Optional(), NumberRange(ADULT, OLDEST, _AGES)], look=Look(width=3))
