"""The person: who needs a place."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from wtforms.validators import Length

from placement.brokerage.answers import answer_person
from placement.brokerage.people import PersonAnswers
from placement.domain.people import GENDER_LABELS, Actor, Gender
from placement.records.referrals import Referral
from placement.web.formatting import day, gender_label
from placement.web.forms import fields
from placement.web.forms.entered import Entered
from placement.web.forms.looks import SMALL, Look
from placement.web.forms.shared import SharedForm
from placement.web.gazetteer import located
from placement.web.pages.broker import recognised
from placement.web.pages.broker.recognised import NO_HOME
from placement.web.pages.broker.sections.section import Row, SectionPages

NOT_SAID = ("", "Not recorded")


class PersonForm(SharedForm):
    """Who needs a place. Two people’s answers make no third person: they are kept or left together."""

    bonds = (("case_number", "name", "born_on", "gender", "postcode"),)
    case_number = fields.text(
        "Case number",
        [Entered("Enter the case number"), Length(max=40, message="Enter at most 40 characters")],
        "The number from the case management system",
        look=Look(size="s", width=10, autocomplete="off", spellcheck=False),
    )
    name = fields.text(
        "Full name",
        [Entered("Enter the person’s name"), Length(max=160, message="Enter at most 160 characters")],
        "Providers do not see the name",
        look=Look(size="s", autocomplete="off", spellcheck=False),
    )
    born_on = fields.day("Date of birth", [Entered("Enter the date of birth")], "For example, 27 3 1961", look=SMALL)
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
    person, said = referral.person, referral.said_of_person
    known = {"case_number": person.case_number, "born_on": person.born_on}
    known |= {name: said[name] for name in ("name", "postcode")}
    return PersonForm(data={**known, "gender": said["gender"].value if said["gender"] else ""})


def save(session: Any, referral: Referral, form: PersonForm, by: Actor, now: datetime) -> None:
    """Store the answers."""
    answer_person(session, referral, form.answers(), by=by, now=now, confirmed=recognised.confirmed())


def rows(referral: Referral) -> list[Row]:
    """Return the answers in words."""
    person, said = referral.person, referral.said_of_person
    home, home_now = (each or NO_HOME for each in (said["postcode"], person.postcode))
    return [
        ("Name", _instead(said["name"], person.name)),
        ("Case number", person.case_number),
        ("Date of birth", day(person.born_on)),
        ("Gender", _instead(gender_label(said["gender"]), gender_label(person.gender))),
        ("Home postcode", _instead(home, home_now)),
    ]


def _instead(said: str, stored: str) -> str:
    """Return an answer; one that will replace what is on record says so."""
    return said if said == stored else f"{said}, once this is submitted (on record: {stored})"


SECTION = SectionPages(slug="person", form=form, save=save, rows=rows)
