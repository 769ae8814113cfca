"""What providers say of places that are not simply free: kept, promised, shared, prepared, and units that change."""

from __future__ import annotations

from typing import Any

from wtforms.validators import Length

from placement.domain.limits import MOST_TURNAROUND
from placement.domain.others import PURPOSES
from placement.web.forms import fields
from placement.web.forms.entered import Entered
from placement.web.forms.looks import Look
from placement.web.forms.shared import SharedForm
from placement.web.forms.typed_form import TypedForm

AMONG = (("yes", "Yes, they are among the reserved ones"), ("no", "No, they come on top of those"))


class KeepingForm(TypedForm):
    """Places that are kept for others. The page fills in the units to choose from."""

    unit = fields.radios("Which unit?", (), [Entered("Choose a unit")], look=Look(is_small=True))
    places = fields.number("How many places?", [Entered("Enter how many places")], look=Look(width=3))
    purpose = fields.radios(
        "What for?", [(each.slug, each.label) for each in PURPOSES], [Entered("Choose what for")],
        look=Look(is_small=True),
    )  # fmt: skip
    name = fields.text(
        "Name of the contract or team", [Length(max=120)],
        hint="Needed for a contract. Do not enter anybody’s name.", look=Look(width=20),
    )  # fmt: skip
    start_on = fields.day("From", [Entered("Enter the first day")])
    end_on = fields.day("Until", hint="Leave this empty if you do not know yet.")
    is_counted = fields.radios(
        "Are these places in the number that you reported as reserved?", AMONG, [Entered("Choose yes or no")],
        hint="What is kept from a later day is not: it counts from that day.", look=Look(is_small=True),
    )  # fmt: skip
    send = fields.submit("Keep these places")


class LeavingForm(TypedForm):
    """People of the provider's own who are to leave. The page fills in the units to choose from."""

    unit = fields.radios("Which unit?", (), [Entered("Choose a unit")], look=Look(is_small=True))
    places = fields.number("How many people leave?", [Entered("Enter how many people")], look=Look(width=3))
    leave_on = fields.day("On which day?", [Entered("Enter the day")])
    send = fields.submit("Save")


class UntilForm(SharedForm):
    """Until when something is kept, or when somebody leaves."""

    end_on = fields.day("Until", hint="Leave this empty if you do not know.")
    send = fields.submit("Save")


class PoolForm(SharedForm):
    """What units share. The page fills in the units to choose from."""

    name = fields.text(
        "What do they share?", [Entered("Enter what they share"), Length(max=120)],
        hint="For example: rooms, or waking nights.", look=Look(width=20),
    )  # fmt: skip
    units = fields.checkboxes("Which units share it?", (), [Entered("Choose the units")], look=Look(is_small=True))
    places = fields.number(
        "For how many people at a time, in all of these units together?", [Entered("Enter how many")],
        look=Look(width=3),
    )  # fmt: skip
    send = fields.submit("Save")


class TurnaroundForm(SharedForm):
    """The nights between two stays."""

    turnaround_nights = fields.number(
        "For how many nights after a stay is a place not free?", [Entered("Enter a number, 0 for none")],
        hint=f"0 if somebody can come on the day on which another leaves. At most {MOST_TURNAROUND}.",
        look=Look(width=3),
    )  # fmt: skip
    send = fields.submit("Save")


def _shares() -> dict[str, Any]:
    labels = {
        "maximum": "How many places does the new unit have?",
        "occupied": "How many of them are occupied?",
        "reserved": "How many are reserved?",
        "accepting": "How many are vacant and accepting?",
    }
    return {
        name: fields.number(label, [Entered("Enter a number, 0 for none")], look=Look(width=3))
        for name, label in labels.items()
    }


@fields.having(_shares)
class SplitForm(TypedForm):
    """What becomes a unit of its own. The page fills in who and what there is."""

    name = fields.text("Name of the new unit", [Entered("Enter a name for the new unit"), Length(max=120)])
    stays = fields.checkboxes("Who of those placed by the council goes with it?", (), look=Look(is_small=True))
    others = fields.checkboxes("What of this goes with it?", (), look=Look(is_small=True))
    closures = fields.checkboxes("Which closed places go with it?", (), look=Look(is_small=True))
    send = fields.submit("Split the unit")


class MergeForm(TypedForm):
    """Which unit takes the places of another."""

    into = fields.radios("Into which unit?", (), [Entered("Choose a unit")], look=Look(is_small=True))
    send = fields.submit("Merge the units")
