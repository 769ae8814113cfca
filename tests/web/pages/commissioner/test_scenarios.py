import csv
import io
import re
from datetime import timedelta

import pytest

from placement.domain.people import SYSTEM, Role
from placement.domain.states import ScenarioState
from placement.planning import scenarios
from placement.planning.scenarios import SCENARIOS
from placement.records.leases import LEASE
from tests.builders import a_service, a_unit, night
from tests.conftest import NOW
from tests.planning.scenario_worlds import BY, a_past_month, a_scenario, opening
from tests.reports.test_what_if import LARGE, a_result
from tests.web.pages.provider.conftest import read
from tests.web_client import signed_in

PATH = "/commissioner/what-if"


@pytest.fixture
def browser(app):
    return signed_in(app, Role.COMMISSIONER)


def boxes(offset):
    """Return a date as its three boxes send it."""
    day = night(offset)
    return [str(day.day), str(day.month), str(day.year)]


def write(browser, name="Ten more", first=-30, last=-1, seed="0", path=f"{PATH}/new"):
    return browser.post(path, {"name": name, "first_on": boxes(first), "last_on": boxes(last), "seed": seed})


def finished(store, *, name="Ten more"):
    """Return the number of a scenario with a result of large counts."""
    with store.writing() as session:
        service = a_service(session, name="Elm House")
        row = a_scenario(session, opening(a_unit(session, service=service, name="East wing")))
        row.name = name
        scenarios.request_scenario(session, row, **BY)
        token = SCENARIOS.claim(session, row.id, now=NOW)
        result = a_result(*LARGE)
        result.headline = "Outside, not by choice: about 20 with the changes, about 50 without them"
        result.made = [{"verb": "open", "unit": row.changes[0].unit_id, "places": 10}]
        scenarios.publish_scenario(session, row.id, token, result, now=NOW)
        return row.id


def test_a_scenario_is_written_changed_run_and_cancelled(browser, store):
    with store.writing() as session:
        unit = a_past_month(session)
        unit.service.name, unit.name, unit_id = "Elm House", "East wing", unit.id
    assert "No scenario has been written yet." in read(browser.get(PATH))
    page = write(browser).location
    assert "Nothing yet. Add a change" in read(browser.get(page))
    assert "Run the scenario" not in read(browser.get(page))

    added = browser.post(f"{page}/changes/open", {"unit": str(unit_id), "places": "10"})
    assert added.location == page
    browser.post(f"{page}/changes/reprice", {"need": "pbs", "locality": "north", "weekly_pence": "1450.50"})
    browser.post(f"{page}/changes/convert", {"need": "pbs", "becomes": "autism", "places": "1"})
    shown = read(browser.get(page))
    assert "Open 10 places: Elm House, East wing; from 24 October 2026" in shown
    assert "Change the price of all places: positive behaviour support (PBS); North; £1,450.50 a week" in shown
    assert "Convert 1 place: positive behaviour support (PBS); the whole city; from then on autism" in shown
    for _ in range(2):
        removed = re.findall(rf'action="({page}/changes/\d+/remove)"', browser.get(page).get_data(as_text=True))[-1]
        assert browser.post(removed, page=page).location == page

    assert browser.post(f"{page}/run", page=page).location == page
    shown = read(browser.get(page))
    assert "Waiting to start" in shown
    assert "Remove" not in shown
    assert browser.post(f"{page}/run", page=PATH).status_code == 409
    assert browser.get(f"{page}/progress").headers["X-Finished"] == "0"
    assert browser.post(f"{page}/cancel", page=page).location == page
    assert "Cancelled" in read(browser.get(page))
    assert browser.get(f"{page}/progress").headers["X-Finished"] == "1"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"name": " "}, "Enter a name"),
        ({"last": 1}, "only what is over can be replayed"),
        ({"first": -1, "last": -9}, "must not be before the first"),
        ({"first": -400}, "Enter at most 366 days"),
        ({"seed": "-1"}, "a number from 0"),
        ({"seed": str(10**12)}, "The largest number is"),
        ({"name": "n" * 121}, "120"),
    ],
)
def test_what_is_wrong_with_a_period_is_said(browser, given, words):
    answer = write(browser, **given)
    assert answer.status_code == 422
    assert words in read(answer)


@pytest.mark.parametrize(
    ("verb", "given", "words"),
    [
        ("open", {"need": "pbs"}, "Enter how many places are opened"),
        ("open", {"places": "3"}, "Choose a unit, or the kind of place"),
        ("close", {"need": "pbs", "places": "0"}, "between 1 and"),
        ("close", {"need": "pbs", "places": "99999"}, "The largest number is"),
        ("convert", {"need": "pbs"}, "Choose what the places offer from then on"),
        ("reprice", {"need": "pbs"}, "Enter the new price"),
        ("reprice", {"need": "pbs", "weekly_pence": "0"}, "Enter a price above £0"),
        ("close", {"need": "nothing"}, "Not a valid choice"),
        ("close", {"unit": "987654"}, "Not a valid choice"),
    ],
)
def test_what_is_wrong_with_a_change_is_said(browser, store, verb, given, words):
    page = write(browser).location
    answer = browser.post(f"{page}/changes/{verb}", given)
    assert answer.status_code == 422
    assert words in read(answer)
    assert browser.get(f"{page}/changes/demolish").status_code == 404


def test_a_change_that_cannot_be_made_in_that_market_is_told_before_anything_is_replayed(browser, store):
    with store.writing() as session:
        a_past_month(session)
    page = write(browser).location
    browser.post(f"{page}/changes/close", {"need": "pbs", "places": "9"})
    answer = browser.post(f"{page}/run", page=page)
    assert answer.status_code == 422
    assert "Change 1: there are only 1 such places." in read(answer)
    assert "Being written" in read(browser.get(PATH))


def test_a_result_compares_three_worlds_and_says_who_gains(browser, store):
    page = f"{PATH}/{finished(store)}"
    shown = read(browser.get(page))
    assert "about 20 with the changes, about 50 without them" in shown
    assert "In the city 200 220 270" in shown
    assert "Nights waited, all people 1,230 1,230 1,230" in shown
    assert "Crisis 300 40 10" in shown
    assert "Open 10 places: Elm House, East wing" in shown
    assert "about 20 with the changes" in read(browser.get(PATH))


def test_the_file_of_a_result_says_which_scenario_it_is_of_and_cannot_run(browser, store):
    answer = browser.get(f"{PATH}/{finished(store, name='=1+1 Ten “more”')}.csv")
    rows = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert rows[0][:4] == ["Table", "Row", "As it was", "Replayed without changes"]
    assert ["Compared", "In the city", "200", "220", "270", "", "", ""] in rows
    assert ["Kind of referral", "Crisis", "", "", "", "300", "40", "10"] in rows
    assert "24 October 2026 to 22 November 2026" in rows[-1][0]
    assert "Seed 0" in rows[-1][0]
    assert 'filename="what-if-1-1-ten-more-2026-11-23.csv"' in answer.headers["Content-Disposition"]


def test_a_file_of_what_has_no_result_leads_to_its_page(browser):
    page = write(browser).location
    assert browser.get(f"{page}.csv").location == page


def test_a_scenario_is_run_again_and_copied(browser, store):
    done = f"{PATH}/{finished(store)}"
    again = browser.post(f"{done}/again", page=done).location
    assert again != done
    assert "Waiting to start" in read(browser.get(again))
    form = browser.get(f"{PATH}/new?like={done.rsplit('/', 1)[1]}")
    assert "Ten more (copy)" in form.get_data(as_text=True)
    copy = write(browser, "Copied", path=f"{PATH}/new?like={done.rsplit('/', 1)[1]}").location
    shown = read(browser.get(copy))
    assert "Open 10 places: Elm House, East wing" in shown
    assert "Run the scenario" in shown
    assert browser.get(f"{PATH}/new?like=987654").status_code == 404


def test_progress_is_told_in_words_and_a_failure_without_its_cause(browser, store):
    with store.writing() as session:
        row = a_scenario(session, opening(a_past_month(session)))
        scenarios.request_scenario(session, row, **BY)
        scenario_id = row.id
    with store.writing() as session:
        token = SCENARIOS.claim(session, scenario_id, now=NOW)
        words = [{"world": world, "day": day, "days": 30} for day in (0, 10) for world in ("same", "changed")]
        assert SCENARIOS.beat(session, scenario_id, token, words, now=NOW)
    shown = read(browser.get(f"{PATH}/{scenario_id}"))
    assert "Replayed without changes: day 11 of 30 With the changes: day 11 of 30" in shown
    with store.writing() as session:
        SCENARIOS.fail(session, scenario_id, token, "RuntimeError: secret words", now=NOW + LEASE)
    shown = read(browser.get(f"{PATH}/{scenario_id}"))
    assert "could not be replayed" in shown
    assert "secret words" not in shown


def test_what_was_cancelled_while_it_worked_is_told_to_the_worker(browser, store):
    with store.writing() as session:
        row = a_scenario(session, opening(a_past_month(session)))
        scenarios.request_scenario(session, row, **BY)
        scenario_id, token = row.id, SCENARIOS.claim(session, row.id, now=NOW)
    browser.post(f"{PATH}/{scenario_id}/cancel", page=f"{PATH}/{scenario_id}")
    with store.writing() as session:
        assert SCENARIOS.beat(session, scenario_id, token, [], now=NOW + timedelta(seconds=1)) is False
        SCENARIOS.stop(session, scenario_id, token, now=NOW)
        assert scenarios.scenario(session, scenario_id, actor=SYSTEM).state is ScenarioState.CANCELLED


@pytest.mark.parametrize("role", [Role.BROKER, Role.ADMIN])
def test_other_roles_are_refused(app, role):
    assert signed_in(app, role).get(PATH).status_code == 403
