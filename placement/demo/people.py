"""The people who are referred: invented names, plausible ages, homes anywhere in the city."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import count
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.brokerage.ethnicity import answer_ethnicity
from placement.brokerage.people import PersonAnswers
from placement.demo.names import people_names
from placement.demo.needs import Profile
from placement.demo.postcodes import Addresses
from placement.domain.ethnicity import ETHNIC_GROUPS
from placement.domain.people import Actor
from placement.records.referrals import Person

NO_FIXED_ADDRESS = 0.03
SAID, NOT_ASKED, MOST_SAID = 2021, 0.2, "british"


class Cast:
    """Gives out people, each with a case number of their own, and remembers who comes back."""

    def __init__(self, addresses: Addresses, random: Random) -> None:
        self._addresses, self._random = addresses, random
        self._names, self._numbers = people_names(random), count(1)
        self._known: dict[str, list[PersonAnswers]] = {}
        self._until: dict[str, date] = {}

    def somebody(self, profile: Profile, day: date) -> PersonAnswers:
        """Return a new person of the group's ages on that day."""
        named = next(self._names)
        person = PersonAnswers(
            case_number=f"DEMO-{next(self._numbers):05}",
            name=named.name,
            born_on=_born_on(profile, day, self._random),
            gender=named.gender,
            home=None if self._random.random() < NO_FIXED_ADDRESS else self._addresses.for_home(),
        )
        self._known.setdefault(profile.slug, []).append(person)
        return person

    def somebody_known(self, profile: Profile, day: date) -> PersonAnswers | None:
        """Return a person of the group who has been referred before and whose stay is over by that day, if any is."""
        known = self._known.get(profile.slug, ())
        over = [person for person in known if self._until.get(person.case_number, day) < day]
        return self._random.choice(over) if over else None

    def expect(self, person: PersonAnswers, until: date) -> None:
        """Remember until when a person may be away."""
        self._until[person.case_number] = until


def say_ethnic_groups(session: Session, *, by: Actor, now: datetime) -> None:
    """Let most people have said which ethnic group they are of; the shares are invented."""
    random, slugs = Random(SAID), [row.slug for row in ETHNIC_GROUPS]
    shares = [len(slugs) if slug == MOST_SAID else 1 for slug in slugs]
    for person in session.scalars(select(Person).order_by(Person.id)):
        if random.random() >= NOT_ASKED:
            answer_ethnicity(session, person, random.choices(slugs, shares)[0], by=by, now=now)


def _born_on(profile: Profile, day: date, random: Random) -> date:
    youngest, oldest = profile.ages
    return day - timedelta(days=random.randint(youngest * 366, oldest * 365 + 300))
