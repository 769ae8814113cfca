"""What a person wants to be written once a day, and from which hour."""

from __future__ import annotations

from placement.domain.digests import HOURS
from placement.web.forms import fields
from placement.web.forms.entered import Entered
from placement.web.forms.looks import Look
from placement.web.forms.typed_form import TypedForm


def hour_words(hour: int) -> str:
    """Return “7am”, “12 noon” or “3pm”."""
    return "12 noon" if hour == 12 else f"{hour % 12 or 12}{'am' if hour < 12 else 'pm'}"


class EmailsForm(TypedForm):
    """On or off, and the hour; it is one person's own, so nobody else can have changed it meanwhile."""

    is_on = fields.radios(
        "Do you want it?",
        [("yes", "Yes"), ("no", "No")],
        [Entered("Choose whether you want this e-mail")],
        look=Look(size="s", is_small=True),
    )
    hour = fields.select(
        "From which time?",
        [(str(hour), hour_words(hour)) for hour in HOURS],
        [Entered("Choose a time")],
        "Once a day at most. Nothing is sent on a day on which there is nothing to tell",
    )
    send = fields.submit("Save")
