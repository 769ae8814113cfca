"""The person: who needs a place."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_wtf import FlaskForm
from wtforms.validators import InputRequired, Length

from placement.brokerage.answers import answer_person
from placement.brokerage.people import PersonAnswers
from placement.domain.people import GENDER_LABELS, Actor, Gender
from placement.records.referrals import Referral
from placement.web.formatting import day, gender_label
from placement.web.forms import fields
from placement.web.forms.looks import SMALL, Look
from placement.web.gazetteer import located
from placement.web.pages.broker.sections.section import Row, SectionPages

NOT_SAID = ("", "Not recorded")


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

    def answers(self) -> PersonAnswers:
        """Return what was answered. Raises Invalid for a postcode that is not known."""
        return PersonAnswers(
            case_number=self.case_number.data,
            name=self.name.data,
            born_on=self.born_on.data,
            gender=Gender(self.gender.data) if self.gender.data else None,
            home=located(self.postcode.data, "postcode") if self.postcode.data else None,
        )


def form(referral: Referral) -> PersonForm:
    """Return the questions with what is known."""
    person = referral.person
    known = {name: getattr(person, name) for name in ("case_number", "name", "born_on", "postcode")}
    return PersonForm(data={**known, "gender": person.gender.value if person.gender else ""})


def save(session: Any, referral: Referral, form: PersonForm, by: Actor, now: datetime) -> None:
    """Store the answers."""
    answer_person(session, referral, form.answers(), by=by, now=now)


def rows(referral: Referral) -> list[Row]:
    """Return the answers in words."""
    person = referral.person
    return [
        ("Name", person.name),
        ("Case number", person.case_number),
        ("Date of birth", day(person.born_on)),
        ("Gender", gender_label(person.gender)),
        ("Home postcode", person.postcode or "No fixed address"),
    ]


SECTION = SectionPages(slug="person", form=form, save=save, rows=rows)
