"""What a provider keeps places for that are none of the council's, and who of its own residents is to leave."""

from __future__ import annotations

from dataclasses import dataclass

from placement.domain.reasons import Reason

LIVES_HERE = "resident"
"""Of people who live in the unit, and whom the newest numbers therefore include: what matters is when they leave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFor(Reason):
    """What places are kept for. `is_person`: people who come and go, so that a day that has passed is only a plan;
    `asks_name`: of what, such as a contract.
    """

    is_person: bool = False
    asks_name: bool = False


PURPOSES = (
    KeptFor(slug="private_client", label="A private client who is to move in", is_person=True),
    KeptFor(slug="other_council", label="Somebody placed by another council", is_person=True),
    KeptFor(slug="in_hospital", label="Somebody in hospital who is to come back", is_person=True),
    KeptFor(slug="contract", label="A contract", asks_name=True),
    KeptFor(slug="discharge_team", label="The hospital discharge team"),
    KeptFor(slug="other", label="Something else"),
)
"""What a provider may keep places for."""
RESIDENT = KeptFor(slug=LIVES_HERE, label="Somebody who lives there and is to leave", is_person=True)
PURPOSE = {purpose.slug: purpose for purpose in (*PURPOSES, RESIDENT)}
PEOPLE = tuple(purpose.slug for purpose in PURPOSE.values() if purpose.is_person)
