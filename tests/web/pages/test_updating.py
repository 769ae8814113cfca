"""One grid for all services of an organisation: only what is changed or said to be right is stored, fault by fault."""

from datetime import timedelta

import pytest

from placement.domain.people import Role
from placement.domain.states import PlacementState
from placement.records.availability import newest_reports
from placement.records.providers import Unit
from placement.records.vacancies import Closure
from placement.web.pages import numbers as shown
from tests.builders import a_provider, a_report, a_service, a_unit, night
from tests.conftest import NOW
from tests.web.pages.provider.conftest import boxes, fields, read, stays, works_at
from tests.web_client import signed_in

PAGE = "/provider/numbers"
DUE, FRESH = NOW - timedelta(days=8), NOW - timedelta(days=1)


class Organisation:
    """Three services of one unit each, of which the last is due, and the browser of somebody who works there."""

    def __init__(self, app, store):
        self.store = store
        with store.writing() as session:
            provider = a_provider(session, name="Green Lane Care")
            self.units = []
            for name, reported_at in (("Ash", FRESH), ("Birch", FRESH), ("Cedar", DUE)):
                service = a_service(session, provider=provider, name=f"{name} House")
                unit = a_unit(session, service=service, name=f"{name} flat", capacity=4, accepting=None)
                a_report(session, unit, occupied=2, accepting=2, reported_at=reported_at)
                self.units.append(unit.id)
            self.provider = provider.id
        self.browser = signed_in(app, Role.PROVIDER, provider_id=self.provider)

    def save(self, page=None, **typed):
        form = boxes(page or self.browser.get(PAGE))
        return self.browser.post(PAGE, form | {name.replace("_", "-"): value for name, value in typed.items()})

    def told(self):
        """Return (occupied, accepting, whether it was reported now) of each unit."""
        with self.store.reading() as session:
            reports = newest_reports(session, self.units)
            return [(reports[u].occupied, reports[u].accepting, reports[u].reported_at == NOW) for u in self.units]


@pytest.fixture
def care(app, store):
    return Organisation(app, store)


OLD = (2, 2, False)


def test_what_is_due_comes_first_and_one_tap_says_that_all_is_right(care):
    page = read(care.browser.get(PAGE))
    assert page.index("Cedar House") < page.index("Ash House") < page.index("Birch House")
    assert "3 services, 1 to confirm: they come first." in page
    seen = fields(care.browser.get(PAGE))["seen"]
    assert care.browser.post(PAGE, {"step": "right", "seen": seen}).location == "/provider/"
    assert care.told() == [(2, 2, True)] * 3
    assert "3 services are up to date: nothing has changed." in read(care.browser.get("/provider/"))


def test_only_changed_rows_are_stored(care):
    first, *_ = care.units
    answer = care.save(**{f"occupied_{first}": "3", f"accepting_{first}": "1"})
    assert answer.location == PAGE, "another one is due"
    assert care.told() == [(3, 1, True), OLD, OLD]
    told = read(care.browser.get(PAGE))
    assert "Ash House is up to date. Ash flat: occupied from 2 to 3, vacant and accepting from 2 to 1." in told


def test_a_change_and_all_others_are_right_in_one_tap(care):
    first, *_ = care.units
    answer = care.save(**{f"occupied_{first}": "3", f"accepting_{first}": "1"}, rest="1")
    assert answer.location == "/provider/"
    assert care.told() == [(3, 1, True), (2, 2, True), (2, 2, True)]


def test_nothing_typed_is_nothing_saved_and_says_so(care):
    answer = care.save()
    assert answer.status_code == 422
    assert "You have not changed a number" in read(answer)
    assert care.told() == [OLD] * 3


def test_faults_stand_at_their_rows_with_whose_they_are_and_nothing_is_stored(care):
    one, two, three = care.units
    answer = care.save(**{f"occupied_{one}": "9", f"maximum_{two}": "1000000000", f"reserved_{three}": "x"})
    assert answer.status_code == 422
    page, words = answer.get_data(as_text=True), read(answer)
    assert f'href="#accepting-{one}"' in page
    assert "Ash House, Ash flat: Occupied, reserved and vacant add up to 11, but the maximum capacity is 4." in words
    assert "Birch House, Birch flat: The largest number is 2,000" in words
    assert "Cedar House, Cedar flat: Enter a whole number, for example 12" in words
    assert boxes(answer)[f"maximum-{two}"] == "1000000000"
    assert care.told() == [OLD] * 3


def test_a_unit_that_never_reported_is_in_nobodys_way(care, store):
    with store.writing() as session:
        new = a_unit(session, service=session.get_one(Unit, care.units[0]).service, name="New", accepting=None).id
    _first, second, _ = care.units
    assert care.save(**{f"occupied_{second}": "1", f"accepting_{second}": "3"}).status_code == 302
    answer = care.save(rest="1")
    assert answer.status_code == 422
    assert "Ash House, New: Enter a number for “occupied”" in read(answer)
    assert care.save(rest="reported").status_code == 302
    assert "Enter the numbers of Ash House once." in read(care.browser.get(PAGE))
    assert [fresh for *_, fresh in care.told()] == [True, True, True]
    answer = care.save(**{f"occupied_{new}": "0"}, rest="reported")
    assert "Ash House, New: Enter a number for “reserved”" in read(answer), "what was begun is judged"
    seen = fields(care.browser.get(PAGE))["seen"]
    assert care.browser.post(PAGE, {"step": "right", "seen": seen}).status_code == 302
    assert "Enter the numbers of Ash House once." in read(care.browser.get(PAGE))
    typed = {f"{name}_{new}": "0" for name in ("occupied", "reserved", "accepting")}
    assert care.save(**typed).status_code == 302


def test_only_the_rows_that_clash_are_asked_about(care, store):
    one, two, three = care.units
    page = care.browser.get(PAGE)
    with store.writing() as session:
        for unit_id in (one, two):
            unit = session.get_one(Unit, unit_id)
            a_report(session, unit, occupied=1, accepting=3, reporter="Priya Shah", reported_at=NOW)
    typed = {
        f"{name}_{unit}": value for unit in (one, three) for name, value in (("occupied", "3"), ("accepting", "1"))
    }
    answer = care.save(page, **typed)
    assert answer.status_code == 409
    words = read(answer)
    assert "Priya Shah changed this while you were writing" in words
    assert "Ash House, Ash flat" in words
    assert "Birch" not in words.split("Choose which answer to keep")[1]
    assert "Cedar" not in words.split("Choose which answer to keep")[1]
    form = boxes(answer)
    assert care.browser.post(PAGE, form | {f"keep-maximum-{one}": "theirs"}).status_code == 302
    assert [numbers[:2] for numbers in care.told()] == [(1, 3), (1, 3), (3, 1)]


def test_right_is_said_of_all_but_what_somebody_else_changed_meanwhile(care, store):
    seen = fields(care.browser.get(PAGE))["seen"]
    with store.writing() as session:
        a_report(session, session.get_one(Unit, care.units[1]), occupied=1, accepting=3, reported_at=FRESH)
    assert care.browser.post(PAGE, {"step": "right", "seen": seen}).status_code == 302
    assert "Look again at Birch House: somebody else has changed it." in read(care.browser.get("/provider/"))
    assert care.told() == [(2, 2, True), (1, 3, False), (2, 2, True)]


def test_a_page_holds_so_many_units_and_the_others_follow(care, monkeypatch):
    monkeypatch.setattr(shown, "MOST_UNITS", 2)
    page = care.browser.get(PAGE)
    assert "1 more follow when these are done." in read(page)
    assert [name for name in boxes(page) if name.startswith("maximum")] == [
        f"maximum-{unit}" for unit in (care.units[2], care.units[0])
    ]
    assert care.save(page, rest="1").status_code == 302
    assert [fresh for *_, fresh in care.told()] == [True, False, True]


def test_questions_of_the_rows_are_asked_once_and_what_was_typed_stays(care):
    one, two, _ = care.units
    answer = care.save(**{f"maximum_{one}": "40", f"maximum_{two}": "50"})
    assert answer.status_code == 422
    assert "Ash flat was 4 and would be 40" in read(answer)
    assert "Birch flat was 4 and would be 50" in read(answer)
    assert boxes(answer)[f"maximum-{one}"] == "40"
    assert care.told() == [OLD] * 3


# Somebody has left


def occupied_less(care, page=None, **more):
    return care.save(page, **{f"occupied_{care.units[0]}": "1"} | more)


def test_a_place_that_somebody_left_is_asked_about_before_anything_is_stored(care):
    answer = occupied_less(care)
    assert answer.status_code == 422
    assert "Is that place free?" in read(answer)
    assert "Ash flat: occupied 2 → 1. Nothing is saved yet." in read(answer)
    assert care.told() == [OLD] * 3


@pytest.mark.parametrize(
    ("said", "told", "words"),
    [
        ({"becomes": "free"}, (1, 3, True), "occupied from 2 to 1, vacant and accepting from 2 to 3."),
        ({"becomes": "preparing", "until": ["30", "11", "2026"]}, (1, 3, True), "nobody new before 30 November 2026."),
        ({"becomes": "kept", "why": "staffing"}, (1, 2, True), "kept: not enough staff."),
    ],
)
def test_each_answer_is_stored_and_shown(care, store, said, told, words):
    one = care.units[0]
    form = boxes(occupied_less(care))
    del form[f"becomes-{one}"]
    answer = care.browser.post(PAGE, form | {f"{name}-{one}": value for name, value in said.items()})
    assert answer.status_code == 302
    assert care.told()[0] == told
    page = read(care.browser.get(PAGE))
    assert words in page
    if "until" in said:
        assert "1 being prepared until 30 November 2026. Count it as vacant" in page
        with store.reading() as session:
            assert session.query(Closure.reason, Closure.end_on).all() == [("preparing", night(7))]
        assert occupied_less(care, rest="1").status_code == 302, "nothing is asked about what was said already"
    if "why" in said:
        assert "1 not to be had: not enough staff." in page


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({}, "Choose what becomes of it"),
        ({"becomes": "preparing"}, "Enter the day on which it is ready, after today"),
        ({"becomes": "preparing", "until": ["23", "11", "2026"]}, "Enter the day on which it is ready, after today"),
        ({"becomes": "preparing", "until": ["31", "11", "2026"]}, "Enter a real date"),
        ({"becomes": "kept"}, "Choose why it is kept"),
        ({"becomes": "kept", "why": "nonsense"}, "There is a problem"),
        ({"becomes": "nonsense"}, "There is a problem"),
    ],
)
def test_an_answer_that_lacks_something_is_asked_for_again_and_nothing_is_stored(care, said, fault):
    one = care.units[0]
    form = boxes(occupied_less(care))
    del form[f"becomes-{one}"]
    typed = {"until": ["", "", ""], "why": ""} | said
    answer = care.browser.post(PAGE, form | {f"{name}-{one}": value for name, value in typed.items()})
    assert answer.status_code == 422
    assert fault in read(answer)
    assert care.told() == [OLD] * 3


def test_a_resident_of_ours_is_asked_about_first_with_the_answer_kept(app, store):
    works = works_at(app, store)
    stays(store, works, PlacementState.ACTIVE, start=-7, nights=30)
    stays(store, works, PlacementState.ACTIVE, start=-7, nights=30)
    with store.writing() as session:
        a_report(session, session.get_one(Unit, works.unit), occupied=2, accepting=2)
    page = works.browser.get(works.vacancies)
    typed = boxes(page) | {f"occupied-{works.unit}": "1", f"accepting-{works.unit}": "0"}
    form = boxes(works.browser.post(works.vacancies, typed))
    answer = works.browser.post(works.vacancies, form | {f"becomes-{works.unit}": "free"})
    assert answer.status_code == 422
    assert "record the departure first" in read(answer)
    assert boxes(answer)[f"becomes-{works.unit}"] == "free"


def test_going_back_from_the_question_shows_what_was_typed_and_stores_nothing(care):
    one = care.units[0]
    back = fields(occupied_less(care)) | {"shown_again": "1"}
    answer = care.browser.post(PAGE, {name: value for name, value in back.items() if not name.startswith("becomes")})
    assert answer.status_code == 200
    assert boxes(answer)[f"occupied-{one}"] == "1"
    assert care.told() == [OLD] * 3
