import re
from datetime import timedelta

import pytest

from placement.domain.states import PlacementState
from placement.records.availability import availability, newest_reports
from placement.records.placements import Placement
from placement.records.providers import Service, Unit
from placement.records.vacancies import VacancyReport
from tests.builders import TODAY, a_report, a_unit
from tests.conftest import NOW
from tests.web.pages.provider.conftest import boxes, fields, read, stays


def change(works, page=None, **numbers):
    """Post the vacancy form as it stood, with some numbers of the first unit changed."""
    form = boxes(page or works.browser.get(works.vacancies))
    changed = {f"{name}-{works.unit}": str(number) for name, number in numbers.items()}
    return works.browser.post(works.vacancies, form | changed)


def say_right(works, seen):
    return works.browser.post(works.vacancies, {"step": "right", "seen": seen}, page="/provider/")


def newest(store, works):
    with store.reading() as session:
        report = newest_reports(session, [works.unit])[works.unit]
        return report.maximum, report.occupied, report.reserved, report.accepting


def free(store, works):
    with store.reading() as session:
        return availability(session, [works.unit], day=TODAY).bookable(works.unit, TODAY, None)


def test_stores_the_four_numbers_and_says_what_has_changed(works, store):
    answer = change(works, occupied=3, accepting=1)
    assert answer.location == "/provider/"
    assert newest(store, works) == (4, 3, 0, 1)
    page = read(works.browser.get("/provider/"))
    assert "Ground floor: occupied from 2 to 3, vacant and accepting from 2 to 1." in page
    assert "<p" not in page
    assert "First floor:" not in page


def test_the_numbers_stand_beside_the_button_that_says_that_they_are_right(works):
    page = read(works.browser.get(works.vacancies))
    assert "Ground floor : 4 places: 2 occupied, 0 reserved, 2 vacant First floor" in page
    button = page.index("These numbers are right")
    assert page.index("Ground floor") < button < page.index("Or change the numbers") < page.rindex("Ground floor")


def test_shows_numbers_that_do_not_add_up_beside_their_field(works, store):
    answer = change(works, occupied=4)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "<title>Error: " in page.replace("\n", "").replace("> ", ">").replace("  ", "")
    assert f'href="#accepting-{works.unit}"' in page
    assert "add up to 6, but the maximum capacity is 4" in read(answer)
    assert fields(answer)[f"occupied-{works.unit}"] == "4"
    assert newest(store, works) == (4, 2, 0, 2)


def test_shows_every_unit_that_does_not_add_up_at_once(works):
    answer = works.browser.post(
        works.vacancies,
        boxes(works.browser.get(works.vacancies))
        | {f"occupied-{works.unit}": "9", f"occupied-{works.other_unit}": "9"},
    )
    page = answer.get_data(as_text=True)
    assert f'href="#accepting-{works.unit}"' in page
    assert f'href="#accepting-{works.other_unit}"' in page


@pytest.mark.parametrize(
    "typed", ["", " ", "-1", "--5", "2001", "999999999", "9" * 40, "1.5", "four", "٣", "²", "\a", "<script>", "1e3"]
)
def test_a_number_that_cannot_be_is_refused_and_kept_as_it_was_typed(works, store, typed):
    answer = change(works, maximum=typed)
    assert answer.status_code == 422
    assert newest(store, works) == (4, 2, 0, 2)
    assert "<script>" not in answer.get_data(as_text=True).split("<main")[1].split("</main>")[0]


def test_missing_and_repeated_fields_are_no_fault(works):
    assert works.browser.post(works.vacancies).status_code == 422
    form = boxes(works.browser.get(works.vacancies))
    repeated = {name: [value, "7"] for name, value in form.items() if name != "csrf_token"}
    assert works.browser.post(works.vacancies, repeated).status_code == 302


@pytest.mark.parametrize("seen", ["", "x", "99999999999999999999", "-1", "0 7", "\a"])
def test_a_mark_of_what_was_seen_that_is_wrong_is_a_stale_page(works, store, seen):
    assert say_right(works, seen).status_code == 409
    assert newest(store, works) == (4, 2, 0, 2)


@pytest.mark.parametrize("shown", ["", "{", "[]", "null", '{"occupied-1": 7}', "\a"])
def test_a_form_that_does_not_say_what_it_showed_asks_about_what_differs(works, store, shown):
    form = boxes(works.browser.get(works.vacancies)) | {"shown": shown, f"occupied-{works.unit}": "3"}
    assert works.browser.post(works.vacancies, form | {f"accepting-{works.unit}": "1"}).status_code == 409
    assert newest(store, works) == (4, 2, 0, 2)


def test_shows_both_versions_when_somebody_was_quicker_and_keeps_what_was_typed(works, store):
    page = works.browser.get(works.vacancies)
    with store.writing() as session:
        a_report(session, session.get_one(Unit, works.unit), occupied=1, accepting=3, reporter="Priya Shah")
    answer = change(works, page, occupied=3, accepting=1)
    assert answer.status_code == 409
    words = read(answer)
    assert "Priya Shah changed this while you were writing" in words
    assert "Ground floor Priya Shah’s, saved just now Maximum capacity: 4 Occupied: 1" in words
    assert "First floor" not in words
    assert newest(store, works) == (4, 1, 0, 3)
    question = f"maximum-{works.unit}"
    form = boxes(answer) | {f"keep-{question}": "mine"}
    assert works.browser.post(works.vacancies, form).status_code == 302
    assert newest(store, works) == (4, 3, 0, 1)


def test_what_somebody_else_changed_in_another_unit_is_kept_and_not_said_to_be_right(works, store):
    page = works.browser.get(works.vacancies)
    with store.writing() as session:
        a_report(session, session.get_one(Unit, works.other_unit), occupied=1, accepting=1, reporter="Priya Shah")
    assert change(works, page, occupied=3, accepting=1).status_code == 302
    assert newest(store, works) == (4, 3, 0, 1)
    with store.reading() as session:
        other = newest_reports(session, [works.other_unit])[works.other_unit]
        assert (other.occupied, other.reporter) == (1, "Priya Shah")
    assert "What Priya Shah changed while you were writing is kept too: First floor." in read(
        works.browser.get("/provider/")
    )


def test_a_place_that_was_reserved_meanwhile_is_asked_about_where_its_unit_was_changed(works, store):
    page = works.browser.get(works.vacancies)
    stays(store, works, PlacementState.RESERVED)
    answer = change(works, page, occupied=3, accepting=1)
    assert answer.status_code == 409
    assert "Brokerage changed this while you were writing" in read(answer)
    assert free(store, works) == 1


def test_saving_what_was_shown_never_frees_a_place_that_was_reserved_meanwhile(works, store):
    page = works.browser.get(works.vacancies)
    stays(store, works, PlacementState.RESERVED)
    assert change(works, page).status_code == 302
    assert newest(store, works) == (4, 2, 0, 2)
    assert free(store, works) == 1


def test_says_which_of_our_placements_a_number_includes(works, store):
    placement = stays(store, works, PlacementState.RESERVED, start=10)
    answer = works.browser.get(works.vacancies)
    with store.reading() as session:
        reference = session.get_one(Placement, placement).referral.reference
    assert f"Reserved: 1 of these is {reference} , reserved from 3 December 2026" in read(answer)
    assert f"Since your last update: {reference} was reserved." in read(answer)
    assert fields(answer)[f"reserved-{works.unit}"] == "1"
    assert fields(answer)[f"accepting-{works.unit}"] == "1"


def test_saving_the_numbers_as_shown_changes_nothing_that_is_free(works, store):
    stays(store, works, PlacementState.RESERVED)
    assert free(store, works) == 1
    assert change(works).status_code == 302
    assert newest(store, works) == (4, 2, 1, 1)
    assert free(store, works) == 1


def test_nothing_has_changed_does_not_free_a_reserved_place(works, store):
    stays(store, works, PlacementState.RESERVED)
    say_right(works, fields(works.browser.get("/provider/"))["seen"])
    assert newest(store, works) == (4, 2, 0, 2)
    assert free(store, works) == 1


def test_a_stay_that_is_over_gives_its_place_back_in_the_numbers(works, store):
    placement = stays(store, works, PlacementState.ACTIVE, start=-3, nights=None)
    change(works)
    assert newest(store, works) == (4, 3, 0, 1)
    with store.writing() as session:
        session.get_one(Placement, placement).state = PlacementState.ENDED
    assert fields(works.browser.get(works.vacancies))[f"accepting-{works.unit}"] == "2"
    change(works)
    assert newest(store, works) == (4, 2, 0, 2)
    assert free(store, works) == 2


def test_nothing_has_changed_is_refused_when_the_numbers_are_others_by_now(works, store):
    seen = fields(works.browser.get("/provider/"))["seen"]
    change(works, occupied=3, accepting=1)
    answer = say_right(works, seen)
    assert answer.status_code == 409
    assert "These are the numbers now." in read(answer)
    assert fields(answer)[f"occupied-{works.unit}"] == "3"


def test_tapping_nothing_has_changed_twice_is_no_conflict(works):
    seen = fields(works.browser.get("/provider/"))["seen"]
    for _ in range(2):
        assert say_right(works, seen).status_code == 302


def test_many_changes_are_told_in_short(works, store):
    with store.writing() as session:
        for number in range(30):
            a_unit(session, service=session.get_one(Service, works.service), name=f"Flat {number} {'x' * 100}")
    form = boxes(works.browser.get(works.vacancies))
    form |= {name: "0" for name in form if name.startswith("accepting-")}
    assert works.browser.post(works.vacancies, form).status_code == 302
    assert "more." in read(works.browser.get("/provider/"))
    with store.reading() as session:
        assert session.query(VacancyReport).filter(VacancyReport.reported_at == NOW + timedelta(0)).count() > 30


def test_numbers_that_leave_somebody_without_a_place_are_asked_about_and_kept_as_typed(works, store):
    stays(store, works, PlacementState.ACTIVE, start=-7, nights=30)
    form = boxes(works.browser.get(works.vacancies))
    typed = form | {f"{name}-{works.unit}": "0" for name in ("maximum", "occupied", "reserved", "accepting")}
    answer = works.browser.post(works.vacancies, typed)
    assert answer.status_code == 422
    assert "By our records 1 person placed by the council lives" in read(answer)
    assert fields(answer)[f"occupied-{works.unit}"] == "0"

    keys = re.findall(r'name="confirmed" value="([^"]*)"', answer.get_data(as_text=True))
    assert works.browser.post(works.vacancies, typed | {"confirmed": keys}).location == "/provider/"
