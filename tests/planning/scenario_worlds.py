"""A past month in which a nursing home had one place, and more people wanted one than found it."""

from __future__ import annotations

from datetime import timedelta

from placement.domain.people import Actor, Role
from placement.domain.scenarios import Verb
from placement.planning import scenarios
from placement.planning.scenarios import AskedPeriod, WrittenChange
from tests.builders import a_referral, a_report, a_service, a_unit, night
from tests.conftest import NOW

COMMISSIONER = Actor(user_id=None, name="Cara Commissioner", role=Role.COMMISSIONER)
BY = {"by": COMMISSIONER, "now": NOW}
FIRST, LAST = night(-30), night(-1)
ASKED_MONTH = AskedPeriod(name="Ten more", first_on=FIRST, last_on=LAST)


def a_past_month(session, people=4, ward="E05001228"):
    """Return a unit with one place, known before the month began, that so many people asked for since."""
    unit = a_unit(session, accepting=None, capacity=1, service=a_service(session, ward_code=ward), offers=("pbs",))
    a_report(session, unit, maximum=1, reported_at=NOW - timedelta(days=40), accepting=1)
    for number in range(people):
        day = night(-28 + number)
        a_referral(
            session, kind="planned", earliest_on=day, latest_on=day + timedelta(days=3), nights=None,
            submitted_at=NOW - timedelta(days=28 - number), essential=("pbs",),
        )  # fmt: skip
    session.flush()
    return unit


def a_scenario(session, *changes, asked=ASKED_MONTH):
    """Return a draft with these changes."""
    row = scenarios.write_scenario(session, asked, **BY)
    session.flush()
    for change in changes:
        scenarios.add_change(session, row, change, **BY)
    session.flush()
    return row


def opening(unit, places=10):
    return WrittenChange(verb=Verb.OPEN, unit_id=unit.id, places=places)


def asked_for(store, *, people=4):
    """Return the number of a scenario that waits: ten places more in a past month."""
    with store.writing() as session:
        row = a_scenario(session, opening(a_past_month(session, people)))
        scenarios.request_scenario(session, row, **BY)
        return row.id
