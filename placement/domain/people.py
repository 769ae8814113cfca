"""Roles, genders and the person who acts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from placement.domain.councils import COVENTRY


class Role(StrEnum):
    BROKER = "broker"
    PROVIDER = "provider"
    COMMISSIONER = "commissioner"
    ADMIN = "admin"


ROLE_LABELS = {
    Role.BROKER: "Brokerage",
    Role.PROVIDER: "Provider",
    Role.COMMISSIONER: "Commissioning",
    Role.ADMIN: "Administration",
}


class Rights(StrEnum):
    """What somebody who works for a provider may do there. The council's people have those of their role."""

    LEAD = "lead"
    EDITOR = "editor"
    VIEWER = "viewer"


RIGHTS_LABELS = {Rights.LEAD: "Lead", Rights.EDITOR: "Editor", Rights.VIEWER: "Viewer"}
RIGHTS_HINTS = {
    Rights.LEAD: "Changes everything, and invites and removes people",
    Rights.EDITOR: "Keeps vacancies and answers requests",
    Rights.VIEWER: "Sees everything and changes nothing",
}


class Gender(StrEnum):
    """A person's gender, as the unit's rule reads it; None stands for not recorded."""

    WOMAN = "woman"
    MAN = "man"
    OTHER = "other"


GENDER_LABELS = {Gender.WOMAN: "Woman", Gender.MAN: "Man", Gender.OTHER: "Another way"}
UNIT_GENDERS = {
    "any": "Anyone",
    "women": "Women only",
    "men": "Men only",
    "same": "One gender at a time",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who is asking or acting. `user_id` is None for the product itself (imports, seeding, the schedule).

    `council` is the code of the one that a person works for or, with a provider, whose market the provider is in.
    `is_manager`: has the right to sign off places outside the city. `rights` are those within a provider.
    `is_limited`: to some of its services.
    """

    user_id: int | None
    name: str
    role: Role
    provider_id: int | None = None
    council: str = COVENTRY.code
    team_id: int | None = None
    is_manager: bool = False
    rights: Rights = Rights.EDITOR
    is_limited: bool = False

    @property
    def may_change(self) -> bool:
        """Whether they may change anything, and not only look."""
        return self.rights is not Rights.VIEWER

    @property
    def is_lead(self) -> bool:
        """Whether they may say who works for their provider, and what each of them may do."""
        return self.role is Role.PROVIDER and self.rights is Rights.LEAD

    @property
    def is_system(self) -> bool:
        """Whether this is the product itself and nobody who signs in."""
        return self.user_id is None and self.role is Role.ADMIN


ADULT, OLDEST = 18, 120
"""The ages at which somebody can be referred; the lower one counts on the first night of the stay."""
SYSTEM = Actor(user_id=None, name="The system", role=Role.ADMIN)


def age_on(born_on: date, day: date) -> int:
    """Return whole years of age on a day; someone born on 29 February turns a year older on 1 March."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def birthday(born_on: date, age: int) -> date:
    """Return the day on which somebody reaches an age, 1 March for who was born on 29 February in other years."""
    try:
        return born_on.replace(year=born_on.year + age)
    except ValueError:
        return date(born_on.year + age, 3, 1)


def age_band(age: int) -> str:
    """Return the band that a provider sees before it accepts: five years wide, and open at the top."""
    if age >= 95:
        return "95 or over"
    low = 18 if age < 20 else age - age % 5
    return f"{low} to {age - age % 5 + 4}" if age >= 18 else "under 18"
