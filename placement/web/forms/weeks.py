"""What a broker asks of the grid of weeks: a GET form, so that the filters stand in the address."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from wtforms.validators import NumberRange, Optional

from placement.domain.features import FEATURES
from placement.domain.people import ADULT, OLDEST
from placement.domain.services import SERVICE_TYPES
from placement.web.forms import fields
from placement.web.forms.looks import Look
from placement.web.forms.typed_form import TypedForm

ANYTHING = ("", "Anything")
_AGES = f"Enter an age from {ADULT} to {OLDEST}"


class WeeksForm(TypedForm):
    """Words, type of service, one more thing that is offered, and the age of a person."""

    class Meta:
        csrf = False  # it changes nothing

    words = fields.text("Name, provider or postcode")
    type = fields.select("Type", [("", "All types"), *((each.slug, each.label) for each in SERVICE_TYPES)])
    also = fields.select("Offers", [ANYTHING, *((each.slug, each.label) for each in FEATURES)])
    age = fields.number("Age", [Optional(), NumberRange(ADULT, OLDEST, _AGES)], look=Look(width=3))

    def show_counts(self, offered: Mapping[str, int], asked: Collection[str]) -> None:
        """Write beside each feature how many units offer it; what none offers or is asked already is left out."""
        known = [each for each in FEATURES if offered.get(each.slug) and each.slug not in asked]
        self.also.choices = fields.options(
            [ANYTHING, *((each.slug, f"{each.label} ({offered[each.slug]})") for each in known)]
        )
        self.also.data = ""
