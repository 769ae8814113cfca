"""What a commissioner writes of a scenario: its period, and what would have been otherwise in the market."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wtforms.validators import Length

from placement.domain.features import FEATURES
from placement.domain.limits import MOST_PLACES
from placement.domain.scenarios import LONGEST_PERIOD, MOST_SEED, Verb
from placement.domain.services import SERVICE_TYPES
from placement.geography.localities import Localities
from placement.planning.scenarios import WrittenChange
from placement.web.forms import fields
from placement.web.forms.entered import Entered
from placement.web.forms.looks import Look
from placement.web.forms.typed_form import TypedForm

_TYPES = [(each.slug, each.label) for each in SERVICE_TYPES]
_NEEDS = [(each.slug, each.label) for each in FEATURES]
_NOTHING, _NO_UNIT = ("", "Nothing else"), ("", "No one unit: the kind of place below")
_WHOLE_CITY = ("", "The whole city")


class ScenarioForm(TypedForm):
    """What a scenario is called, and which days it lives through again."""

    name = fields.text(
        "Name", [Entered("Enter a name"), Length(max=120)],
        hint="For example: ten more nursing dementia places in the north.", look=Look(width=20),
    )  # fmt: skip
    first_on = fields.day("From", [Entered("Enter the first day")])
    last_on = fields.day(
        "Until", [Entered("Enter the last day")], hint=f"Yesterday at the latest, and at most {LONGEST_PERIOD} days."
    )
    seed = fields.number(
        "Seed", [Entered("Enter a number, 0 if you do not mind")],
        hint="Where a provider was never asked about somebody, chance decides what it says. The same number decides "
        "the same way; another one shows how much depends on chance.",
        look=Look(width=5), most=MOST_SEED,
    )  # fmt: skip
    send = fields.submit("Save and add changes")


class ChangeForm(TypedForm):
    """One change. The page takes away what its kind does not ask, and fills in the units and localities."""

    unit = fields.select("Unit", [_NO_UNIT])
    type = fields.select("Type of service", [("", "Any type"), *_TYPES])
    need = fields.select("What the places offer", [("", "Anything"), *_NEEDS])
    locality = fields.select("Part of the city", [_WHOLE_CITY])
    places = fields.number("How many places?", hint="In all.", look=Look(width=3), most=MOST_PLACES)
    becomes_type = fields.select("Type of service from then on", [("", "As it is"), *_TYPES])
    becomes = fields.select("What they offer from then on", [_NOTHING, *_NEEDS])
    becomes_also = fields.select("And also", [_NOTHING, *_NEEDS])
    weekly_pence = fields.pounds("Price of a place a week")
    start_on = fields.day("From which day?", hint="Leave this empty for the first day of the period.")
    send = fields.submit("Add this change")

    def ask(self, verb: Verb, units: Sequence[tuple[str, str]], localities: Localities) -> None:
        """Ask what a kind of change needs, of these units and localities."""
        for name in _NOT_ASKED[verb]:
            del self[name]
        self.unit.choices = fields.options([_NO_UNIT, *units])
        areas = [(area.slug, area.name) for area in localities.areas]
        self.locality.choices = fields.options([_WHOLE_CITY, *areas])
        if "places" in self:
            self.places.description = _PLACES[verb]
        if verb is Verb.OPEN:
            self.weekly_pence.description = "Leave this empty for the price of places like these."

    def written(self, verb: Verb) -> WrittenChange:
        """Return what was written."""
        unit = self.unit.data
        return WrittenChange(
            verb=verb,
            start_on=self.start_on.data,
            unit_id=int(unit) if unit else None,
            locality="" if unit else self.locality.data,
            kind_of=() if unit else tuple(filter(None, (self.type.data, self.need.data))),
            places=self.places.data if "places" in self else None,
            becomes=tuple(self[name].data for name in _BECOMES if name in self and self[name].data),
            weekly_pence=self.weekly_pence.data if "weekly_pence" in self else None,
        )


_BECOMES = ("becomes_type", "becomes", "becomes_also")
_NOT_ASKED: Mapping[Verb, tuple[str, ...]] = {
    Verb.OPEN: _BECOMES,
    Verb.CLOSE: (*_BECOMES, "weekly_pence"),
    Verb.CONVERT: ("weekly_pence",),
    Verb.REPRICE: (*_BECOMES, "places"),
}
_PLACES: Mapping[Verb, str] = {
    Verb.OPEN: "They are like those of the unit, or of the largest unit of the kind.",
    Verb.CLOSE: "Leave this empty for all of them. The largest units are closed first.",
    Verb.CONVERT: "Leave this empty for all of them. The largest units are converted first.",
}
