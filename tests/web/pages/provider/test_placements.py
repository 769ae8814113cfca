from datetime import date, timedelta

import pytest

from placement.domain.people import SYSTEM
from placement.domain.states import PlacementState, ReferralState
from placement.geography.wards import Ward, WardSet
from placement.records.placements import Placement
from placement.records.referrals import Decline
from placement.records.ward_sets import save_ward_set
from tests.builders import night
from tests.conftest import NOW
from tests.web.pages.provider.conftest import read, stays


def path(placement, action=""):
    return f"/provider/placements/{placement}{'/' if action else ''}{action}"


def do(works, placement, action, **answers):
    return works.browser.post(path(placement, action), answers, page=path(placement))


def state(store, placement):
    with store.reading() as session:
        return session.get_one(Placement, placement).state


def test_nobody_anywhere_is_said(works):
    page = read(works.browser.get("/provider/placements"))
    assert "Nobody at present." in page
    assert page.count("(0)") == 3


def test_lists_people_by_where_they_stand(works, store):
    for weeks, each in enumerate(PlacementState):
        stays(store, works, each, start=14 * weeks)
    page = read(works.browser.get("/provider/placements"))
    assert "Waiting for your answer (1)" in page
    assert "Coming (1)" in page
    assert "Living there (3)" in page, "in hospital and under notice too"
    for state in ("reserved", "confirmed"):
        assert read(works.browser.get(f"/provider/placements?show={state}")).count("Autism") == 1
    assert page == read(works.browser.get("/provider/placements?show=reserved"))


def test_the_first_state_in_which_there_is_somebody_is_shown_first(works, store):
    stays(store, works, PlacementState.ACTIVE)
    assert "Autism" in read(works.browser.get("/provider/placements"))
    assert "Nobody at present." in read(works.browser.get("/provider/placements?show=reserved"))


def test_shows_needs_dates_and_the_time_left(works, store):
    placement = stays(store, works, PlacementState.RESERVED, expires_at=NOW + timedelta(hours=2), start=10)
    page = read(works.browser.get(path(placement)))
    assert "2 hours left to answer, by 23 November 2026 at 12:00pm." in page
    assert "3 December 2026, 14 nights" in page
    assert "45 to 49" in page
    assert "Autism" in page


def test_accepts_in_one_tap_from_the_placement(works, store):
    placement = stays(store, works, PlacementState.RESERVED)
    assert do(works, placement, "accept").location == path(placement)
    assert state(store, placement) is PlacementState.CONFIRMED
    page = read(works.browser.get(path(placement)))
    assert "You have accepted RF-" in page
    assert "These pages show the reference only." in page


def test_declines_with_a_reason_in_three_taps_from_the_first_page(works, store):
    placement = stays(store, works, PlacementState.RESERVED)
    assert path(placement) in works.browser.get("/provider/").get_data(as_text=True)  # tap 1: read and answer
    page = works.browser.get(path(placement)).get_data(as_text=True)
    assert 'value="staffing"' in page  # tap 2: the reason stands on the same page; tap 3 sends it
    assert do(works, placement, "decline", reason="staffing", note="Short at night").location == "/provider/"
    assert state(store, placement) is PlacementState.RELEASED
    with store.reading() as session:
        said = session.query(Decline).one()
        assert (said.reason, said.note, said.declined_by) == ("staffing", "Short at night", "A provider")
        assert said.referral.state is ReferralState.SEARCHING


@pytest.mark.parametrize(
    "answers",
    [{}, {"reason": ""}, {"reason": "whim"}, {"reason": "risk", "note": "x" * 501}, {"reason": "risk", "note": "\a"}],
)
def test_a_decline_without_a_sound_reason_is_asked_again_and_keeps_the_note(works, store, answers):
    placement = stays(store, works, PlacementState.RESERVED)
    answer = do(works, placement, "decline", **{"note": "Kept words"} | answers)
    assert answer.status_code == 422
    assert "Error:" in answer.get_data(as_text=True).split("</title>")[0]
    assert "note" in answers or "Kept words" in read(answer)
    assert state(store, placement) is PlacementState.RESERVED


def test_a_colleague_who_accepted_first_is_not_undone_by_a_stale_page(works, store):
    placement = stays(store, works, PlacementState.RESERVED)
    do(works, placement, "accept")
    for action, answers in (("accept", {}), ("decline", {"reason": "staffing"})):
        answer = works.browser.post(path(placement, action), answers, page=works.vacancies)
        assert answer.status_code == 409
        assert "This is confirmed now" in read(answer)
    assert state(store, placement) is PlacementState.CONFIRMED


def test_records_an_arrival_from_its_first_day_and_not_before(works, store, clock):
    placement = stays(store, works, PlacementState.CONFIRMED, start=1)
    assert "You can record the arrival from 24 November 2026." in read(works.browser.get(path(placement)))
    early = works.browser.post(path(placement, "arrival"), page=works.vacancies)
    assert early.status_code == 409
    clock.now += timedelta(minutes=20)
    for _ in range(50):
        clock.now += timedelta(minutes=29)
        works.browser.get("/provider/placements")
    works.browser.sign_in("provider@example.org")
    assert do(works, placement, "arrival").location == path(placement)
    assert state(store, placement) is PlacementState.ACTIVE


def test_records_a_departure_with_its_day_and_reason(works, store):
    placement = stays(store, works, PlacementState.ACTIVE, start=-5, nights=5)
    assert "The stay was planned to end on 23 November 2026." in read(works.browser.get(path(placement)))
    answer = do(works, placement, "departure", on=["22", "11", "2026"], reason="moved_home")
    assert answer.location == "/provider/placements"
    with store.reading() as session:
        row = session.get_one(Placement, placement)
        assert (row.state, row.end_on, row.ended_reason) == (PlacementState.ENDED, date(2026, 11, 22), "moved_home")
        assert row.referral.state is ReferralState.CLOSED
    assert "Went home." in read(works.browser.get(path(placement)))


@pytest.mark.parametrize(
    ("on", "reason", "words"),
    [
        (["", "", ""], "died", "Enter the day on which they left"),
        (["24", "11", "2026"], "died", "Enter today or a day that has passed"),
        (["1", "11", "2026"], "died", "Enter a day on or after the stay began"),
        (["x", "y", "z"], "died", "Enter a real date"),
        (["1"], "died", "Enter a real date"),
        (["23", "11", "2026"], "", "Choose why the stay ended"),
        (["23", "11", "2026"], "bored", "cannot be chosen any more"),
    ],
)
def test_a_departure_that_cannot_be_is_asked_again(works, store, on, reason, words):
    placement = stays(store, works, PlacementState.ACTIVE, start=-5)
    answer = do(works, placement, "departure", on=on, reason=reason)
    assert answer.status_code == 422
    assert words in read(answer)
    assert state(store, placement) is PlacementState.ACTIVE


def test_a_stay_that_is_over_offers_nothing_to_do(works, store):
    over = {PlacementState.ENDED: ("other", "Other."), PlacementState.RELEASED: ("expired", "No answer in time.")}
    for each, (reason, words) in over.items():
        placement = stays(store, works, each, ended_reason=reason, start=-20)
        main = works.browser.get(path(placement)).get_data(as_text=True).split("<main")[1]
        assert "<form" not in main
        assert words in main


def test_the_builders_night_is_the_first_day():
    assert night(0) == NOW.date()


def test_a_person_from_a_ward_that_somebody_uploaded_comes_from_it_by_name(works, store):
    placement = stays(store, works, PlacementState.RESERVED)
    ward_set = WardSet(
        slug="coventry-from-2030",
        name="Coventry wards from 2030",
        valid_from=date(2030, 5, 1),
        valid_to=None,
        is_approximate=False,
        wards=(Ward(code="E05099001", name="Three Spires"),),
    )
    with store.writing() as session:
        save_ward_set(session, ward_set, by=SYSTEM, now=NOW)
        session.get_one(Placement, placement).referral.ward_code = "E05099001"

    assert "Ward Three Spires" in read(works.browser.get(f"/provider/placements/{placement}"))
