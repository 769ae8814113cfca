"""The six pages of a referral. A form checks the shape of an answer; the action checks whether it can be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask_wtf import FlaskForm
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from placement.brokerage.answers import ChoiceAnswers, DateAnswers, PlaceAnswers
from placement.brokerage.people import PersonAnswers
from placement.domain.errors import Invalid
from placement.domain.features import FEATURES, Strength
from placement.domain.funding import FUNDINGS
from placement.domain.kinds import KINDS, Kind
from placement.domain.people import GENDER_LABELS, Gender
from placement.domain.reasons import OUT_OF_CITY
from placement.geography.errors import MalformedPostcode, UnknownPostcode
from placement.geography.gazetteer import Gazetteer, Located
from placement.web.forms import fields
from placement.web.forms.looks import Look

STRENGTHS = (("", "Not needed"), ("essential", "Essential"), ("desirable", "Desirable"), ("unknown", "Not known"))
BY_CHOICE = tuple((reason.slug, reason.label) for reason in OUT_OF_CITY if reason.by_choice)
SMALL, MEDIUM = Look(size="s"), Look(size="m")
NUMBER = Look(size="s", width=4)
NOT_SAID = ("", "Not recorded")


class KindForm(FlaskForm):
    """What kind of place. It stands before the person, so its error is the first in the summary too."""

    kind = fields.radios(
        "What kind of place is needed?",
        [(kind.slug, kind.label) for kind in KINDS],
        [InputRequired("Choose what kind of place is needed")],
        hints={kind.slug: kind.hint for kind in KINDS},
        look=MEDIUM,
    )


class PersonForm(FlaskForm):
    """Who needs a place."""

    case_number = fields.text(
        "Case number",
        [InputRequired("Enter the case number"), Length(max=40, message="Enter at most 40 characters")],
        "The number from the case management system",
        look=Look(size="s", width=10, autocomplete="off", spellcheck=False),
    )
    name = fields.text(
        "Full name",
        [InputRequired("Enter the person’s name"), Length(max=160, message="Enter at most 160 characters")],
        "Providers do not see the name",
        look=Look(size="s", autocomplete="off", spellcheck=False),
    )
    born_on = fields.day(
        "Date of birth", [InputRequired("Enter the date of birth")], "For example, 27 3 1961", look=SMALL
    )
    gender = fields.radios(
        "Gender",
        [*((gender.value, label) for gender, label in GENDER_LABELS.items()), NOT_SAID],
        default="",
        look=Look(size="s", is_inline=True),
    )
    postcode = fields.text(
        "Home postcode",
        [Length(max=12, message="Enter a postcode such as CV1 5RR")],
        "Where the person usually lives. Leave it empty if there is no fixed address",
        look=Look(size="s", width=10, autocomplete="off"),
    )

    def answers(self, gazetteer: Gazetteer) -> PersonAnswers:
        """Return what was answered. Raises Invalid for a postcode that is not known."""
        return PersonAnswers(
            case_number=self.case_number.data,
            name=self.name.data,
            born_on=self.born_on.data,
            gender=Gender(self.gender.data) if self.gender.data else None,
            home=located(gazetteer, self.postcode.data, "postcode") if self.postcode.data else None,
        )


class NewReferralForm(KindForm, PersonForm):
    """The first page: what kind of place, and for whom."""


def _needs_fields() -> dict[str, Any]:
    return {f"need_{feature.slug}": fields.radios(feature.label, STRENGTHS, default="") for feature in FEATURES}


class _Needs(FlaskForm):
    def answers(self) -> dict[str, Strength]:
        """Return the strength of each need that has one."""
        given = {feature.slug: self[f"need_{feature.slug}"].data for feature in FEATURES}
        return {slug: Strength(strength) for slug, strength in given.items() if strength}


NeedsForm: type[_Needs] = type("NeedsForm", (_Needs,), _needs_fields())


class PlaceForm(FlaskForm):
    """Near whom or where, how far, and in the city or not."""

    near_postcode = fields.text(
        "Postcode the place should be near",
        [InputRequired("Enter a postcode"), Length(max=12, message="Enter a postcode such as CV1 5RR")],
        "Family, work or home. Distances are measured from here",
        look=Look(size="s", width=10),
    )
    near_who = fields.text(
        "Who or what is there?",
        [Length(max=80, message="Enter at most 80 characters")],
        "For example, her mother",
        look=SMALL,
    )
    max_miles = fields.miles(
        "Furthest acceptable distance in miles", [Optional()], "Leave empty for any distance", look=SMALL
    )
    where = fields.radios(
        "Where does the person want to live?",
        [("city", "In Coventry"), ("outside", "Outside Coventry, by choice or in their best interest")],
        default="city",
        look=MEDIUM,
    )
    # Not a conditional reveal: its aria-expanded on a radio is not allowed by ARIA.
    out_of_city_reason = fields.radios(
        "Why outside Coventry?",
        [*BY_CHOICE],
        [Optional()],
        "Only if the person wants or needs to live outside",
        look=MEDIUM,
    )

    def answers(self, gazetteer: Gazetteer) -> PlaceAnswers:
        """Return what was answered. Raises Invalid for a postcode that is not known."""
        outside = self.where.data == "outside"
        return PlaceAnswers(
            near=located(gazetteer, self.near_postcode.data, "near_postcode"),
            near_who=self.near_who.data or "",
            max_miles=self.max_miles.data,
            wants_out_of_city=outside,
            out_of_city_reason=self.out_of_city_reason.data if outside else None,
        )


def _urgency() -> Any:
    return fields.area(
        "What makes the dates matter? (optional)",
        [Length(max=2000, message="Enter at most 2,000 characters")],
        "Providers do not see this",
        look=Look(size="s", rows=3),
    )


class _Dates(FlaskForm):
    def tell(self, kind: Kind) -> None:
        """Say beside the number of nights what the kind allows."""
        longest = f"{kind.must_end_why}. At most {kind.max_nights} nights"
        self.nights.description = longest if kind.must_end else "Leave empty for a stay without an end date"


class CrisisDatesForm(_Dates):
    """Tonight or tomorrow, for how many nights."""

    start = fields.radios(
        "When does the person need the place?", [("today", "Tonight"), ("tomorrow", "Tomorrow")], look=MEDIUM
    )
    nights = fields.number("How many nights?", [InputRequired("Enter how many nights")], look=NUMBER)
    urgency_note = _urgency()

    def answers(self, day: date) -> DateAnswers:
        """Return the window: from the first night, and at the latest the night after."""
        first = day + timedelta(days=self.start.data == "tomorrow")
        return DateAnswers(
            earliest_on=first,
            latest_on=first + timedelta(days=self.start.data != "tomorrow"),
            nights=self.nights.data,
            urgency_note=self.urgency_note.data or "",
        )


class WindowDatesForm(_Dates):
    """A window in which the stay begins, and how long it lasts."""

    earliest_on = fields.day("First possible start", [InputRequired("Enter the first possible start")], look=SMALL)
    latest_on = fields.day("Latest possible start", [InputRequired("Enter the latest possible start")], look=SMALL)
    nights = fields.number("How many nights?", [Optional()], look=NUMBER)
    urgency_note = _urgency()

    def answers(self, _day: date) -> DateAnswers:
        """Return the window and the length; no length is open-ended."""
        return DateAnswers(
            earliest_on=self.earliest_on.data,
            latest_on=self.latest_on.data,
            nights=self.nights.data,
            urgency_note=self.urgency_note.data or "",
        )


def dates_form(kind: Kind) -> type[CrisisDatesForm] | type[WindowDatesForm]:
    """Return the form for a kind: with a window, or for tonight and tomorrow."""
    return WindowDatesForm if kind.has_window else CrisisDatesForm


class ChoicesForm(FlaskForm):
    """In the person's own words; services to avoid; people to keep apart."""

    persons_words = fields.area(
        "What does the person want? (optional)",
        [Length(max=4000, message="Enter at most 4,000 characters")],
        "In their own words where you can. Providers do not see this",
        look=Look(size="s", rows=4),
    )
    avoid_1 = fields.select("Services to avoid (optional)", [], validate_choice=False, look=SMALL)
    avoid_2 = fields.select("Another service to avoid", [], validate_choice=False)
    avoid_3 = fields.select("Another service to avoid", [], validate_choice=False)
    apart = fields.text(
        "Must not live in the same service as (optional)",
        [Length(max=200, message="Enter at most 200 characters")],
        "Case numbers, with commas between them",
        look=Look(size="s", spellcheck=False),
    )

    def offer(self, services: Sequence[tuple[str, str]]) -> None:
        """Fill the lists of services."""
        for field in (self.avoid_1, self.avoid_2, self.avoid_3):
            field.choices = fields.options([("", "None"), *services])

    def validate_avoid_1(self, field: Any) -> None:
        """A service comes from the list: anything else was not offered."""
        offered = {choice.value for choice in field.choices}
        for each in (self.avoid_1, self.avoid_2, self.avoid_3):
            if (each.data or "") not in offered:
                raise ValidationError("Choose a service from the list")

    def answers(self) -> ChoiceAnswers:
        """Return what was answered."""
        chosen = {field.data for field in (self.avoid_1, self.avoid_2, self.avoid_3) if field.data}
        numbers = [number.strip() for number in (self.apart.data or "").split(",") if number.strip()]
        return ChoiceAnswers(
            persons_words=self.persons_words.data or "",
            avoided_service_ids=sorted(int(each) for each in chosen),
            apart_case_numbers=numbers,
        )


class FundingForm(FlaskForm):
    """Who pays, and how much at most."""

    funding = fields.radios(
        "Who pays?",
        [(funding.slug, funding.label) for funding in FUNDINGS],
        [InputRequired("Choose who pays")],
        look=MEDIUM,
    )
    budget = fields.pounds(
        "Most that may be paid a week (optional)",
        [Optional()],
        "In pounds. A service without a price is not proposed where there is a limit",
        look=SMALL,
    )


def located(gazetteer: Gazetteer, text: str, field: str) -> Located:
    """Return where a postcode is, or raise Invalid beside its question."""
    try:
        return gazetteer.locate(text)
    except (MalformedPostcode, UnknownPostcode) as error:
        raise Invalid(f"{str(error).rstrip('.')}. {error.advice}", field=field) from error


WITHDRAWALS = (
    ("not_needed", "No longer needed"),
    ("went_home", "Went home or stayed at home with support"),
    ("hospital", "Went into hospital"),
    ("died", "The person died"),
    ("duplicate", "Entered twice"),
    ("other", "Another reason"),
)


class WithdrawForm(FlaskForm):
    """Why a referral ends without a place."""

    reason = fields.radios(
        "Why is it withdrawn?",
        WITHDRAWALS,
        [InputRequired("Choose why it is withdrawn")],
        look=Look(size="l", is_heading=True),
    )
