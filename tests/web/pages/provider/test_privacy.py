"""What a provider must never see: whom a reference stands for, and what belongs to another provider."""

from datetime import date

import pytest

from placement.domain.people import Gender
from placement.domain.states import PlacementState
from placement.records.others import OtherStay
from placement.records.placements import Placement
from placement.records.providers import SharedCap
from placement.records.vacancies import Closure
from tests.brokerage.test_telling import with_around
from tests.builders import TODAY
from tests.conftest import NOW
from tests.web.pages.provider.conftest import read, stays

CANARIES = (
    "Zephyrine",
    "Quillfeather",
    "1979",
    "C-CANARY-77",
    "CV6 7ZZ",
    "CV67ZZ",
    "Her own words",
    "Aunt Mabel",
    "555 0199",
)


def pages(works, placement):
    yield from ("/provider/", "/provider/services", "/provider/placements", works.vacancies)
    yield f"/provider/services/{works.service}/closures"
    yield f"/provider/services/{works.service}/units/new"
    yield f"/provider/services/{works.service}/places"
    yield f"/provider/services/units/{works.unit}/split"
    yield f"/provider/services/units/{works.unit}"
    yield f"/provider/services/units/{works.unit}/specialism"
    yield f"/provider/placements/{placement}"


@pytest.mark.parametrize("state", list(PlacementState))
def test_no_page_says_who_it_is_in_any_state(works, store, state):
    placement = stays(store, works, state, start=-1)
    with store.writing() as session:
        row = session.get_one(Placement, placement)
        person, referral = row.person, row.referral
        person.name, person.born_on = "Zephyrine Quillfeather", date(1979, 3, 14)
        person.case_number, person.postcode, person.gender = "C-CANARY-77", "CV6 7ZZ", Gender.WOMAN
        with_around(referral, "Quillfeather")
        referral.near_postcode, referral.near_who = "CV6 7ZZ", "Aunt Mabel"
        referral.persons_words = referral.urgency_note = row.choice_reason = "Her own words"
    for path in pages(works, placement):
        text = works.browser.get(path).get_data(as_text=True)
        assert not [canary for canary in CANARIES if canary in text], path
    for action in ("accept", "decline", "arrival", "departure"):
        answer = works.browser.post(f"/provider/placements/{placement}/{action}", page=works.vacancies)
        assert not [canary for canary in CANARIES if canary in answer.get_data(as_text=True)], action


def foreign(store, elsewhere):
    placement = stays(store, elsewhere, PlacementState.RESERVED)
    with store.writing() as session:
        closure = Closure(unit_id=elsewhere.unit, start_on=TODAY, reason="other", created_at=NOW, created_by="X")
        kept = OtherStay(unit_id=elsewhere.unit, purpose="other", start_on=TODAY, created_at=NOW, created_by="X")
        pool = SharedCap(service_id=elsewhere.service, name="Staff", places=9)
        session.add_all([closure, kept, pool])
        session.flush()
        more = {"other": kept.id, "pool": pool.id}
        return more | {
            "service": elsewhere.service,
            "unit": elsewhere.unit,
            "placement": placement,
            "closure": closure.id,
        }


ADDRESSES = (
    ("service", "GET", "services/{}/vacancies"),
    ("service", "POST", "services/{}/vacancies"),
    ("service", "GET", "services/{}/closures"),
    ("service", "POST", "services/{}/closures"),
    ("service", "GET", "services/{}/units/new"),
    ("service", "POST", "services/{}/units/new"),
    ("unit", "GET", "services/units/{}"),
    ("unit", "GET", "services/units/{}/clinical"),
    ("unit", "POST", "services/units/{}/clinical"),
    ("service", "GET", "services/{}/contact/hours"),
    ("service", "POST", "services/{}/contact/hours"),
    ("closure", "POST", "services/closures/{}/reopen"),
    ("service", "GET", "services/{}/places"),
    ("service", "GET", "services/{}/places/keep"),
    ("service", "GET", "services/{}/places/leaving"),
    ("service", "GET", "services/{}/pools/new"),
    *(
        ("unit", method, f"services/units/{{}}/{page}")
        for method in ("GET", "POST")
        for page in ("turnaround", "split", "merge", "retire")
    ),
    ("unit", "POST", "services/units/{}/take-up"),
    *(
        ("other", *rest)
        for rest in (
            ("GET", "services/places/{}"),
            ("POST", "services/places/{}"),
            ("POST", "services/places/{}/free"),
            ("POST", "services/places/{}/withdraw"),
        )
    ),
    *(
        ("pool", *rest)
        for rest in (("GET", "services/pools/{}"), ("POST", "services/pools/{}"), ("POST", "services/pools/{}/end"))
    ),
    ("placement", "GET", "placements/{}"),
    ("placement", "POST", "placements/{}/accept"),
    ("placement", "POST", "placements/{}/decline"),
    ("placement", "POST", "placements/{}/arrival"),
    ("placement", "POST", "placements/{}/departure"),
)


def test_what_is_foreign_is_answered_like_what_is_missing(works, elsewhere, store):
    ids = foreign(store, elsewhere)
    for noun, method, address in ADDRESSES:
        answers = []
        for number in (ids[noun], 2**31 - 1):
            path = f"/provider/{address.format(number)}"
            get = method == "GET"
            answers.append(works.browser.get(path) if get else works.browser.post(path, page=works.vacancies))
        assert [each.status_code for each in answers] == [404, 404], address
        assert read(answers[0]) == read(answers[1]), address


def test_a_number_that_no_record_can_have_is_not_found(works):
    for _, method, address in ADDRESSES:
        for number in (0, 2**31, 2**63, 10**30):
            path = f"/provider/{address.format(number)}"
            answer = works.browser.get(path) if method == "GET" else works.browser.post(path, page=works.vacancies)
            assert answer.status_code == 404, path


def test_a_foreign_reservation_cannot_be_answered_with_sound_answers(works, elsewhere, store):
    placement = foreign(store, elsewhere)["placement"]
    path = f"/provider/placements/{placement}/decline"
    assert works.browser.post(path, {"reason": "staffing"}, page=works.vacancies).status_code == 404
    with store.reading() as session:
        assert session.get_one(Placement, placement).state is PlacementState.RESERVED


def test_a_nul_is_refused_on_every_form(works):
    for path in (
        works.vacancies,
        f"/provider/services/{works.service}/closures",
        f"/provider/services/units/{works.unit}/name",
    ):
        answer = works.browser.post(path, {"name": "\0", "places": "\0", f"maximum-{works.unit}": "\0"})
        assert answer.status_code in (400, 422), path
