"""`flask planning`: a snapshot to read, and prices on demand."""

import json
from datetime import timedelta

from placement.planning.keys import unit_key
from tests.builders import a_referral, a_unit
from tests.conftest import NOW


def test_prices_are_computed_now_and_stand_in_the_next_snapshot(app, store):
    with store.writing() as session:
        unit = a_unit(session)
        for days in range(1, 61):
            a_referral(session, submitted_at=NOW - timedelta(days=days))
        key = unit_key(unit.id)
    runner = app.test_cli_runner()
    before = json.loads(runner.invoke(args=["planning", "snapshot"]).output)
    told = runner.invoke(args=["planning", "prices", "--seed", "2"])
    after = json.loads(runner.invoke(args=["planning", "snapshot"]).output)

    assert told.exit_code == 0
    assert told.output.startswith(
        "Units with prices: 1, over 45 nights from 2026-11-23. Made from referrals: 60 in 60 days. Seconds: "
    )
    assert before["prices"] == []
    assert {price[0] for price in after["prices"]} == {key}
    assert before | {"prices": after["prices"]} == after
