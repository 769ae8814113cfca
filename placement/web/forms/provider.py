"""What providers fill in: places out of service, answers, departures. The four numbers: `vacancies`."""

from __future__ import annotations

from typing import Any

from wtforms.validators import Length, ValidationError

from placement.domain.contact_hours import DAYS, LONGEST_ROLE, MOST_ROWS, ContactHours
from placement.domain.reasons import CLOSURES, ENDINGS, PROVIDERS_DECLINES
from placement.web.forms import fields, reached
from placement.web.forms.entered import Entered
from placement.web.forms.looks import Look
from placement.web.forms.profile import hour_of
from placement.web.forms.shared import SharedForm
from placement.web.forms.typed_form import TypedForm

HOURS_PARTS = ("days", "start", "until", "role", "telephone")
HOURS_MESSAGES = (
    "Choose the days", "Enter from when, such as 08:00", "Enter until when, such as 20:00",
    "Enter who answers: a role, and nobody’s name", "Enter a telephone number",
)  # fmt: skip


class ContactForm(SharedForm):
    """How brokerage reaches a service."""

    telephone = reached.telephone()
    email = reached.email()
    send = fields.submit("Save")


def _hours() -> dict[str, Any]:
    rows = (_hours_row(number) for number in range(1, MOST_ROWS + 1))
    return {name: field for row in rows for name, field in row.items()}


def _hours_row(number: int) -> dict[str, Any]:
    hour = Look(width=5, autocomplete="off")
    days = [("", "Choose the days"), *((row.slug, row.label) for row in DAYS.values())]
    longest = Length(max=LONGEST_ROLE, message=f"Enter at most {LONGEST_ROLE} characters")
    return {
        f"days_{number}": fields.select("Days", days),
        f"start_{number}": fields.text("From", look=hour),
        f"until_{number}": fields.text("Until", look=hour),
        f"role_{number}": fields.text("Who answers", [longest], look=Look(width=20, autocomplete="off")),
        f"telephone_{number}": reached.telephone("Telephone number"),
    }


@fields.having(_hours)
class ContactHoursForm(SharedForm):
    """Whom to ring at which hours: a few rows of days, hours, a role and a number."""

    bonds = tuple(tuple(f"{part}_{row}" for part in HOURS_PARTS) for row in range(1, MOST_ROWS + 1))

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Return whether every row is whole, or empty; an hour then has its one form."""
        holds = super().validate(*args, **kwargs)
        torn = [row for row in self.rows if any(field.data for field in row) and not self._is_whole(row)]
        return holds and not torn

    @property
    def rows(self) -> list[list[Any]]:
        """The fields of each row."""
        return [[self[name] for name in names] for names in self.bonds]

    def hours(self) -> list[ContactHours]:
        """Return the rows that are filled in."""
        filled = ([field.data for field in row] for row in self.rows if row[0].data)
        return [ContactHours(**dict(zip(HOURS_PARTS, each, strict=True))) for each in filled]

    def _is_whole(self, row: list[Any]) -> bool:
        for field, message in zip(row, HOURS_MESSAGES, strict=True):
            if not field.data:
                field.errors = [message]
        for field in row[1:3]:
            try:
                field.data = hour_of(field.data)
            except ValidationError as error:
                field.errors = [str(error)]
        return not any(field.errors for field in row)


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
