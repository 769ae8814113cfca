"""`flask planning`: a snapshot to read, and prices on demand."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from placement.planning.keys import unit_key
from tests.builders import a_referral, a_report, a_unit
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


def replayed(app, *more):
    return app.test_cli_runner().invoke(
        args=["planning", "replay", "--from", "2026-11-01", "--to", "2026-11-20", *more]
    )


def test_a_past_period_is_lived_through_again_with_a_place_more(app, store):
    """Two people asked for one place: a second one like it takes in whom the first could not."""
    asked_at = datetime(2026, 11, 5, 9, tzinfo=UTC)
    with store.writing() as session:
        unit = a_unit(session, accepting=None)
        a_report(session, unit, maximum=1, accepting=1, reported_at=asked_at - timedelta(days=30))
        for _ in range(2):
            days = {"earliest_on": asked_at.date(), "latest_on": asked_at.date() + timedelta(days=2)}
            a_referral(session, kind="planned", submitted_at=asked_at, nights=60, **days)
        number = unit.id
    told = replayed(app, "--change", f"open:{number}:1:2026-11-02")
    assert told.exit_code == 0, told.output
    lines = {line[:24].strip(): line[24:].split() for line in told.output.splitlines()[1:10]}
    assert lines["People"] == ["2", "2", "2"]
    assert lines["In the city"][0] == "0"
    assert int(lines["In the city"][2]) >= int(lines["In the city"][1]) >= 0
    assert replayed(app, "--change", f"open:{number}:1:2026-11-02").output == told.output


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["--change", "open:999999:1"], "not in the register"),
        (["--change", "sell:1:1"], "sell"),
        (["--change", "open"], "not enough values"),
        (["--to", "2026-11-23"], "last day of the past"),
    ],
)
def test_what_cannot_be_replayed_says_why(app, given, words):
    told = replayed(app, *given)
    assert (told.exit_code, words in told.output) == (2, True)
