"""What providers fill in: places out of service, units, answers, departures. The four numbers: `vacancies`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from wtforms.validators import Length, ValidationError

from placement.domain.contacts import LONGEST_EMAIL, LONGEST_TELEPHONE
from placement.domain.features import GROUPS, features_in
from placement.domain.kinds import KINDS
from placement.domain.people import UNIT_GENDERS
from placement.domain.reasons import CLOSURES, ENDINGS, PROVIDERS_DECLINES
from placement.web.forms import fields
from placement.web.forms.entered import Entered
from placement.web.forms.looks import Look
from placement.web.forms.shared import SharedForm
from placement.web.forms.typed_form import TypedForm

# Whom a unit takes and who lives there now, as one question: each row is stored as (gender, gender_now).
GENDERS: dict[str, tuple[str, tuple[str, str | None]]] = {
    "any": (UNIT_GENDERS["any"], ("any", None)),
    "women": (UNIT_GENDERS["women"], ("women", None)),
    "men": (UNIT_GENDERS["men"], ("men", None)),
    "same": (f"{UNIT_GENDERS['same']}: nobody lives there now", ("same", None)),
    "same-women": (f"{UNIT_GENDERS['same']}: women live there now", ("same", "women")),
    "same-men": (f"{UNIT_GENDERS['same']}: men live there now", ("same", "men")),
}
_HOUR = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])")


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


def _offers() -> dict[str, Any]:
    look = Look(size="s", is_small=True, in_columns=True)
    return {
        f"offers-{group.slug}": fields.checkboxes(
            group.label, [(feature.slug, feature.label) for feature in features_in(group.slug)], look=look
        )
        for group in GROUPS
    }


@fields.having(_offers)
class UnitForm(SharedForm):
    """What a unit offers and whom it takes."""

    bonds = (("min_age", "max_age"),)
    name = fields.text("Name of the unit", [Entered("Enter a name for the unit"), Length(max=120)])
    kinds = fields.checkboxes(
        "Which referrals does it take?",
        [(kind.slug, kind.label) for kind in KINDS],
        [Entered("Choose at least one kind of referral")],
        look=Look(is_small=True),
    )
    min_age = fields.number("Youngest age", [Entered("Enter the youngest age")], look=Look(width=3))
    max_age = fields.number("Oldest age", [Entered("Enter the oldest age")], look=Look(width=3))
    gender = fields.radios(
        "Who can live there?",
        [(value, words) for value, (words, _) in GENDERS.items()],
        [Entered("Choose who can live there")],
        look=Look(is_small=True),
    )
    weekly = fields.pounds("Price a week for one person", hint="Leave this empty if it depends on the person.")
    reply_hours = fields.number(
        "Within how many hours do you answer?",
        [Entered("Enter the hours within which you answer")],
        look=Look(width=3, suffix="hours"),
    )
    emergencies_until = fields.text(
        "Until what time do you answer emergencies?",
        hint="For example 20:00. Leave this empty if you answer at any time.",
        look=Look(width=5, autocomplete="off"),
    )
    crisis_places = fields.number(
        "At most how many people in a crisis at a time? (optional)",
        hint="For units that take respite. The other places are kept for planned breaks: with 0, all of them. Leave "
        "this empty if any place may be taken in a crisis.",
        look=Look(width=3),
    )
    send = fields.submit("Save this unit")

    def validate_emergencies_until(self, field: Any) -> None:
        if not field.data:
            return
        found = _HOUR.fullmatch(field.data) if field.data.isascii() else None
        if not found:
            raise ValidationError("Enter a time such as 20:00, or leave it empty")
        field.data = f"{int(found[1]):02}:{found[2]}"

    def tell(self, hints: Mapping[str, str]) -> None:
        """Say beside each feature what stands behind it, where somebody other than the provider has said it."""
        for field in self.offers:
            field.hints = hints

    @property
    def offers(self) -> list[Any]:
        """The field of each heading under which a unit offers something."""
        return [self[f"offers-{group.slug}"] for group in GROUPS]

    def offered(self) -> list[str]:
        """Return every feature that is ticked, whatever its heading."""
        return [slug for field in self.offers for slug in field.data or ()]


class NewUnitForm(UnitForm):
    """A unit that is not in the register yet: its number of places too."""

    capacity = fields.number(
        "How many places does it have?", [Entered("Enter how many places it has")], look=Look(width=4)
    )
    send = fields.submit("Add this unit")


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
