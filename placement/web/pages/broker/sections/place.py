"""Place and travel: near whom or where, how far, and in the city or not."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from wtforms.validators import Length, Optional, ValidationError

from placement.brokerage.answers import PlaceAnswers, answer_place
from placement.domain.councils import COUNCIL
from placement.domain.people import Actor
from placement.domain.reasons import OUT_OF_CITY
from placement.records.referrals import Referral
from placement.web.formatting import miles, reason_label
from placement.web.forms import fields
from placement.web.forms.looks import MEDIUM, SMALL, Look
from placement.web.forms.shared import SharedForm
from placement.web.gazetteer import located
from placement.web.pages.broker.sections.section import Row, SectionPages

WHERE = (("city", "In {place}"), ("outside", "Outside {place}, by choice or in their best interest"))
BY_CHOICE = tuple((reason.slug, reason.label) for reason in OUT_OF_CITY if reason.by_choice)


COUNTED_FROM = (
    ("postcode", "From a postcode"),
    (NOWHERE := "nowhere", "Not at all: there is no address to count from"),
)
NOT_COUNTED = "No address: distance is not counted"


class PlaceForm(SharedForm):
    """Near whom or where, how far, and in the city or not."""

    bonds = (("counted_from", "near_postcode", "near_who"), ("where", "out_of_city_reason"))

    counted_from = fields.radios("How is distance counted?", COUNTED_FROM, default="postcode", look=MEDIUM)
    near_postcode = fields.text(
        "Postcode the place should be near",
        [Length(max=12, message="Enter a postcode such as CV1 5RR")],
        "Family, work, home, or an area that the person wants. Distances are measured from here",
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
        WHERE,
        default="city",
        look=MEDIUM,
    )
    # Not a conditional reveal: its aria-expanded on a radio is not allowed by ARIA.
    out_of_city_reason = fields.radios(
        "Why outside?",
        [*BY_CHOICE],
        [Optional()],
        "Only if the person wants or needs to live outside",
        look=MEDIUM,
    )

    def validate_near_postcode(self, field: Any) -> None:
        """A postcode is asked for where distance counts from one."""
        if self.counted_from.data != NOWHERE and not field.data:
            raise ValidationError("Enter a postcode, or choose that distance does not count")

    def name_place(self, place: str) -> None:
        """Ask about the council's own place: “In Coventry”."""
        self.where.choices = fields.options([(value, words.format(place=place)) for value, words in WHERE])
        self.out_of_city_reason.label.text = f"Why outside {place}?"

    def answers(self) -> PlaceAnswers:
        """Return what was answered. Raises Invalid for a postcode that is not known."""
        outside, is_counted = self.where.data == "outside", self.counted_from.data != NOWHERE
        return PlaceAnswers(
            near=located(self.near_postcode.data, "near_postcode") if is_counted else None,
            near_who=self.near_who.data or "",
            max_miles=self.max_miles.data,
            wants_out_of_city=outside,
            out_of_city_reason=self.out_of_city_reason.data if outside else None,
        )


def form(referral: Referral) -> PlaceForm:
    """Return the questions with what is known; the person's home is a first answer to where."""
    is_nowhere = referral.place is not None and not referral.near_postcode
    asked = PlaceForm(
        data={
            "counted_from": NOWHERE if is_nowhere else "postcode",
            "near_postcode": referral.near_postcode or referral.said_of_person["postcode"],
            "near_who": referral.near_who,
            "max_miles": referral.max_miles,
            "where": "outside" if referral.wants_out_of_city else "city",
            "out_of_city_reason": referral.out_of_city_reason,
        }
    )
    asked.name_place(COUNCIL[referral.council].place)
    return asked


def save(session: Any, referral: Referral, form: PlaceForm, by: Actor, now: datetime) -> None:
    """Store the answers."""
    answer_place(session, referral, form.answers(), by=by, now=now)


def rows(referral: Referral) -> list[Row]:
    """Return the answers in words."""
    place = COUNCIL[referral.council].place
    outside = f"Outside {place}: {reason_label(referral.out_of_city_reason, 'out_of_city')}"
    return [
        ("Near", ", ".join(filter(None, (referral.near_postcode or NOT_COUNTED, referral.near_who)))),
        ("Furthest", miles(referral.max_miles) if referral.max_miles else "Any distance"),
        ("Where", outside if referral.wants_out_of_city else f"In {place}"),
    ]


SECTION = SectionPages(slug="place", form=form, save=save, rows=rows)
