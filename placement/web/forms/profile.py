"""What a provider says of a unit: a form for each section of its profile, and one for a unit that is new."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from wtforms.validators import Length, ValidationError

from placement.domain.claims import SAID_LABELS
from placement.domain.kinds import KINDS
from placement.domain.likeness import SUPPORT_LABELS
from placement.domain.people import UNIT_GENDERS
from placement.domain.profile import ASKED
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
SAYINGS = (("", "Not said"), *((said.value, label) for said, label in SAID_LABELS.items()))


def _unit_name() -> Any:
    return fields.text("Name of the unit", [Entered("Enter a name for the unit"), Length(max=120)])


class NameForm(SharedForm):
    """What a unit is called."""

    name = _unit_name()


class KindsForm(SharedForm):
    """Which referrals a unit takes."""

    kinds = fields.checkboxes(
        "Which referrals does it take?",
        [(kind.slug, kind.label) for kind in KINDS],
        [Entered("Choose at least one kind of referral")],
        look=Look(is_small=True),
    )
    crisis_places = fields.number(
        "At most how many people in a crisis at a time? (optional)",
        hint="For units that take respite. The other places are kept for planned breaks: with 0, all of them. Leave "
        "this empty if any place may be taken in a crisis.",
        look=Look(width=3),
    )


class PeopleForm(SharedForm):
    """How old people may be, and who lives there."""

    bonds = (("min_age", "max_age"),)

    min_age = fields.number("Youngest age", [Entered("Enter the youngest age")], look=Look(width=3))
    max_age = fields.number("Oldest age", [Entered("Enter the oldest age")], look=Look(width=3))
    gender = fields.radios(
        "Who can live there?",
        [(value, words) for value, (words, _) in GENDERS.items()],
        [Entered("Choose who can live there")],
        look=Look(is_small=True),
    )


class AnsweringForm(SharedForm):
    """How soon a unit answers, and until when in an emergency."""

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

    def validate_emergencies_until(self, field: Any) -> None:
        """An hour has one form."""
        field.data = hour_of(field.data)


@fields.having(
    lambda: {
        f"support_{level}": fields.pounds(f"For {label} (optional)", hint="Only if that is another price.")
        for level, label in SUPPORT_LABELS.items()
    }
)
class PriceForm(SharedForm):
    """What a place costs; where that depends on the person, from what to what, and for which level of support."""

    bonds = (("weekly", "weekly_most"),)

    weekly = fields.pounds(
        "Price a week for one person",
        hint="The lowest, if it depends on the person. Leave this empty if you cannot say.",
    )
    weekly_most = fields.pounds("Highest price a week (optional)", hint="Only if it depends on the person.")


def answers_form(section: str) -> type[SharedForm]:
    """Return the form of a section that asks about features: what a unit answers to each of them."""

    @fields.having(lambda: {f"said_{each.slug}": fields.choice(each.label, SAYINGS) for each in ASKED[section]})
    class AnswersForm(SharedForm):
        """Yes, ask us, or no to each need."""

    return AnswersForm


ANSWERS_FORM: Mapping[str, type[SharedForm]] = {section: answers_form(section) for section in ASKED}


class NewUnitForm(TypedForm):
    """A unit that is not in the register yet."""

    name = _unit_name()
    capacity = fields.number(
        "How many places does it have?", [Entered("Enter how many places it has")], look=Look(width=4)
    )
    send = fields.submit("Add this unit")


def hour_of(text: str | None) -> str:
    """Return an hour in its one form, 08:30; empty where none is typed. Raises ValidationError."""
    if not text:
        return ""
    found = _HOUR.fullmatch(text) if text.isascii() else None
    if not found:
        raise ValidationError("Enter a time such as 20:00, or leave it empty")
    return f"{int(found[1]):02}:{found[2]}"
