"""Groups of people by which a measure can be told apart: age, gender and needs. Who gave none is not recorded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.domain.features import SPECIALISMS, Strength
from placement.domain.people import GENDER_LABELS, Gender, age_on
from placement.records.referrals import Person, ReferralNeed
from placement.reports.kpis.tally import Cut
from placement.reports.small_numbers import FEWEST

WITHOUT = "without"
AGES = ((18, "18 to 24"), (25, "25 to 44"), (45, "45 to 64"), (65, "65 to 74"), (75, "75 to 84"), (85, "85 or over"))
"""The first year of each band, and its words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoWas:
    """What is known of somebody as they were on a day."""

    age: int
    gender: Gender | None
    needs: frozenset[str]


class Known(Protocol):
    """Something that happened to somebody of whom this much is known."""

    @property
    def thing_id(self) -> int: ...

    @property
    def person_id(self) -> int: ...

    @property
    def on(self) -> date: ...

    @property
    def who(self) -> WhoWas: ...


OfSomebody = TypeVar("OfSomebody", bound=Known)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """One way to tell people apart, everybody being in just one group; hidden groups are counted and not told."""

    slug: str
    label: str
    rows: tuple[tuple[str, str], ...]
    of: Callable[[WhoWas], str]
    hidden: frozenset[str] = frozenset()


def age_group(age: int) -> str:
    """Return the words of the band in which an age lies; empty below the first."""
    return next((words for first, words in reversed(AGES) if age >= first), "")


AGE = Grouping(
    slug="age", label="Age", rows=tuple((words, words) for _, words in AGES), of=lambda who: age_group(who.age)
)
GENDER = Grouping(
    slug="gender",
    label="Gender",
    rows=tuple((gender.value, label) for gender, label in GENDER_LABELS.items()),
    of=lambda who: who.gender.value if who.gender else "",
)
NEEDS = tuple(
    Grouping(
        slug=f"need {feature.slug}",
        label=feature.label,
        rows=((feature.slug, feature.label), (WITHOUT, "Without")),
        of=lambda who, slug=feature.slug: slug if slug in who.needs else WITHOUT,  # type: ignore[misc]
        hidden=frozenset({WITHOUT}),
    )
    for feature in SPECIALISMS
)
"""A grouping each: somebody has several needs, and is in the group of each."""
GROUPINGS = (AGE, GENDER)


def cuts_by_group(
    cell_of: Callable[[OfSomebody], str], spots: Mapping[str, Sequence[str]], columns: Mapping[str, Sequence[str]]
) -> list[Cut[OfSomebody]]:
    """Return a cut by each grouping, named as it."""
    return [
        Cut(
            name=grouping.slug,
            rows=grouping.rows,
            row_of=lambda thing, of=grouping.of: of(thing.who),  # type: ignore[misc]
            cell_of=cell_of,
            spots=spots,
            columns=columns,
            hidden_rows=grouping.hidden,
            is_yearly=True,
            least=FEWEST if grouping.hidden else 0,
        )
        for grouping in (*GROUPINGS, *NEEDS)
    ]


class WhoIsWho:
    """Everybody's birthday and gender, and what referrals name as essential: two queries."""

    def __init__(self, session: Session) -> None:
        """Ask for all of it, which is quicker than naming some."""
        people = session.execute(select(Person.id, Person.born_on, Person.gender))
        self._people = {number: (born_on, gender) for number, born_on, gender in people}
        self._needs: dict[int, set[str]] = {}
        essential = select(ReferralNeed.referral_id, ReferralNeed.slug).join(ReferralNeed.referral)
        for referral, slug in session.execute(essential.where(ReferralNeed.strength == Strength.ESSENTIAL)):
            self._needs.setdefault(referral, set()).add(slug)

    def was(self, person_id: int, referral_id: int, on: date) -> WhoWas:
        """Return what is known of somebody on a day, with what a referral of theirs says."""
        born_on, gender = self._people[person_id]
        return WhoWas(age=age_on(born_on, on), gender=gender, needs=frozenset(self._needs.get(referral_id, ())))
