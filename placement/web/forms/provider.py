"""What providers fill in: the four numbers, places out of service, answers, departures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms.validators import Length, ValidationError

from placement.domain.contacts import LONGEST_EMAIL, LONGEST_TELEPHONE
from placement.domain.reasons import CLOSURES, ENDINGS, PROVIDERS_DECLINES
from placement.web.forms import fields
from placement.web.forms.entered import Entered
from placement.web.forms.looks import Look
from placement.web.forms.shared import SharedForm
from placement.web.forms.typed_form import TypedForm

NUMBERS = {
    "maximum": "Maximum capacity",
    "occupied": "Occupied",
    "reserved": "Reserved",
    "accepting": "Vacant and accepting",
}


def vacancies_form(unit_ids: Sequence[int]) -> type[FlaskForm]:
    """Return the form of a service's units: fields such as `accepting-12`, and what its page showed of each unit."""

    @fields.having(lambda: {name: field for unit_id in unit_ids for name, field in _numbers(unit_id).items()})
    class VacanciesForm(TypedForm):
        """The four numbers of each unit."""

    return VacanciesForm


def _numbers(unit_id: int) -> dict[str, Any]:
    asked = {
        f"{slug}-{unit_id}": fields.number(label, [Entered(f"Enter a number for “{label.lower()}”")])
        for slug, label in NUMBERS.items()
    }
    return asked | {f"seen-{unit_id}": HiddenField(), f"counted-{unit_id}": HiddenField()}


class ContactForm(SharedForm):
    """How brokerage reaches a service."""

    telephone = fields.text(
        "Telephone number (optional)",
        [Length(max=LONGEST_TELEPHONE, message=f"Enter at most {LONGEST_TELEPHONE} characters")],
        look=Look(width=20, type="tel", autocomplete="off"),
    )
    email = fields.text(
        "E-mail address (optional)",
        [Length(max=LONGEST_EMAIL, message=f"Enter at most {LONGEST_EMAIL} characters")],
        hint="A shared letterbox is better than one person’s.",
        look=Look(type="email", autocomplete="off", spellcheck=False),
    )
    send = fields.submit("Save")


class ClosureForm(TypedForm):
    """Places out of service. The page fills in the units to choose from."""

    unit = fields.radios("Which unit?", (), [Entered("Choose a unit")])
    places = fields.number("How many places?", hint="Leave this empty to close the whole unit.", look=Look(width=4))
    start_on = fields.day("First closed night", [Entered("Enter the first closed night")])
    end_on = fields.day("Open again on", hint="Leave this empty if you do not know yet.")
    reason = fields.radios("Why?", [(r.slug, r.label) for r in CLOSURES], [Entered("Choose why")])
    send = fields.submit("Close these places")


class DeclineForm(TypedForm):
    """A coded reason and, if they wish, a note."""

    reason = fields.radios(
        "Why can you not take this person?", [(r.slug, r.label) for r in PROVIDERS_DECLINES], look=Look(is_small=True)
    )
    note = fields.area(
        "Note for brokerage (optional)",
        [Length(max=500, message="Enter at most 500 characters")],
        hint="Do not write anybody’s name.",
        look=Look(rows=3),
    )
    send = fields.submit("Decline this person")

    def validate_reason(self, field: Any) -> None:
        if not field.data:
            raise ValidationError("Choose why you cannot take this person")


class DepartureForm(TypedForm):
    """The day on which a person left, and why."""

    on = fields.day("On which day did they leave?", [Entered("Enter the day on which they left")])
    reason = fields.radios("Why did the stay end?", [(r.slug, r.label) for r in ENDINGS], look=Look(is_small=True))
    send = fields.submit("Record departure")

    def validate_reason(self, field: Any) -> None:
        if not field.data:
            raise ValidationError("Choose why the stay ended")
