"""People who were placed, asked about and declined over a year, in numbers that a test can count by itself."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from placement.domain.kinds import KINDS
from placement.domain.people import Gender
from placement.domain.reasons import OUT_OF_CITY
from placement.domain.states import PlacementState
from placement.reports.kpis.measure import measure_question
from tests.builders import a_person, a_placement, a_referral, a_service, a_unit
from tests.conftest import NOW

KIND = [kind.slug for kind in KINDS]
STATES = [PlacementState.ACTIVE, PlacementState.ENDED, PlacementState.ENDED, PlacementState.RELEASED]


def asked_for(slug="year"):
    return measure_question(NOW, slug)


def units_of(session):
    """Return four units: two ratings in the city, one outside, and one that is not rated."""
    outside = {"ward_code": None, "authority": "E07000220"}
    services = [
        a_service(session, quality=2, service_type="nursing"),
        a_service(session, quality=1, service_type="residential"),
        a_service(session, quality=None),
        a_service(session, quality=2, service_type="nursing", **outside),
    ]
    return [a_unit(session, accepting=90, capacity=90, service=service) for service in services]


def placed(session, unit, *, days_ago, out=None, kind="planned", person=None, **values):
    person = person or a_person(session)
    at = NOW - timedelta(days=days_ago + 3)
    referral = a_referral(session, person=person, kind=kind, submitted_at=at, state="placed")
    where = {"is_in_city": False, "out_of_city_reason": out, "miles": 12.0} if out else {"miles": 3.0}
    given = {"state": PlacementState.ENDED, "weekly_pence": 120_000, "created_at": at + timedelta(days=2)}
    return a_placement(
        session, unit, start=-days_ago, nights=14, person=person, referral=referral, **where | given | values
    )


def a_year(session, seed, people=90):
    """Add random stays, some people with several; over a little more than the year, some never begun."""
    chance, units = Random(seed), units_of(session)
    everybody = [
        a_person(session, gender=chance.choice([*Gender, None]), born_on=NOW.date() - timedelta(days=366 * age))
        for age in (chance.randint(18, 95) for _ in range(people))
    ]
    for _ in range(int(people * 1.4)):
        out = chance.choice([None, None, None, chance.choice(OUT_OF_CITY).slug])
        placed(
            session,
            units[3] if out else chance.choice(units[:3]),
            days_ago=chance.randint(40, 440),
            out=out,
            kind=chance.choice(KIND),
            person=chance.choice(everybody),
            state=chance.choice(STATES),
            rank=chance.choice([None, 1, 1, 2, 5]),
            weekly_pence=chance.choice([None, 60_000, 120_000, 250_000]),
        )


def cells_of(table):
    """Return what a table tells, by the words of its rows and columns."""
    return {
        (row.label, column.words): value
        for row in table.rows
        for column, value in zip(table.columns, row.values, strict=True)
    }
