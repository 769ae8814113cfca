"""Who a person is, as a provider reads it once brokerage has given it the details; `packs` says when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from placement.domain.carers import CARER
from placement.domain.people import GENDER_LABELS, age_on
from placement.records.placements import Placement


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """A person with a name. Empty where it is not recorded; `age` in whole years on the day that was asked about.

    Brokerage's own notes, the price limit and where a near relative lives are nobody's but brokerage's.
    """

    name: str
    born_on: date
    age: int
    gender: str
    case_number: str
    postcode: str
    referrer: str
    telephone: str
    waits_in: str
    carer: str
    persons_words: str


def identified(stay: Placement, *, day: date) -> Identified:
    """Return who comes to a stay, or lives there, as of a day."""
    person, referral = stay.person, stay.referral
    around = referral.around
    return Identified(
        name=person.name,
        born_on=person.born_on,
        age=age_on(person.born_on, day),
        gender=GENDER_LABELS[person.gender] if person.gender else "",
        case_number=person.case_number,
        postcode=person.postcode or "",
        referrer=", ".join(filter(None, (around.role, around.team))) if around else "",
        telephone=around.telephone if around else "",
        waits_in=", ".join(filter(None, (around.ward, around.hospital))) if around else "",
        carer=CARER[around.carer].label if around and around.carer else "",
        persons_words=referral.choices.persons_words if referral.choices else "",
    )
