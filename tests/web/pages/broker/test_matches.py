import re
from datetime import date
from itertools import pairwise

import pytest

from placement.domain.states import PlacementState, ReferralState
from placement.records.placements import Placement
from placement.records.providers import Unit
from placement.records.referrals import Referral
from tests.brokerage.test_work import a_broker
from tests.builders import a_person, a_placement, a_report

TONIGHT = {"start_on": ["23", "11", "2026"], "nights": "14", "why": "best", "rank": "1"}


def accept_page(market, unit):
    return f"/broker/referrals/{market.referral}/accept/{unit}"


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


def take_the_last_place(store, unit_id):
    with store.writing() as session:
        a_placement(session, session.get(Unit, unit_id))


def test_ranks_the_places_that_fit_and_says_what_a_broker_asks(broker, market):
    page = text(broker.get(f"/broker/referrals/{market.referral}/matches"))

    order = [page.index(name) for name in ("1. Near House", "2. Good House", "3. Far House", "4. Outside House")]
    assert order == sorted(order)
    assert "1 of 1 must-haves" in page
    assert "Must-haves: positive behaviour support (PBS)." in page
    assert "0.0 miles from her mother" in page
    assert "Outstanding" in page
    assert "£1,500 a week" in page


def test_says_for_every_other_service_which_rules_it_fails(broker, market):
    page = text(broker.get(f"/broker/referrals/{market.referral}/matches"))
    assert "1 place lacks an essential need" in page
    assert "Plain House" in page
    filtered = text(broker.get(f"/broker/referrals/{market.referral}/matches?rule=age"))
    assert "Plain House" not in filtered


def test_a_service_is_found_by_name_with_every_reason_against_it(broker, market):
    path = f"/broker/referrals/{market.referral}/matches"
    plain = text(broker.get(path + "?service=plain"))
    assert "Plain House" in plain
    assert "no positive behaviour support (PBS) recorded" in plain
    assert "Near House" not in plain
    near = text(broker.get(path + "?service=NEAR house"))
    assert "1. Near House" in near
    assert "No service that was ruled out has this name" in near
    assert "No place that fits has this name" in text(broker.get(path + "?service=nowhere"))


def test_no_heading_skips_a_level_and_inside_and_outside_stand_apart(broker, market, store):
    path = f"/broker/referrals/{market.referral}/matches"
    levels = [int(level) for level in re.findall(r"<h([1-6])", broker.get(path).get_data(as_text=True))]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    page = text(broker.get(path))
    assert page.index(" In the city ") < page.index("Near House")
    assert page.index(" Outside the city ") < page.index("4. Outside House")
    with store.writing() as session:
        session.get(Referral, market.referral).wants_out_of_city = True
    assert "Places that fit" in text(broker.get(path))


def test_what_nearly_fits_says_by_how_much_and_whom_to_ring(broker, market, store):
    with store.writing() as session:
        session.get(Unit, market.without_pbs).service.telephone = "01632 960077"
    page = broker.get(f"/broker/referrals/{market.referral}/matches")
    words = text(page)
    assert words.index("These nearly fit") < words.index("no positive behaviour support (PBS) recorded")
    assert 'href="tel:01632960077"' in page.get_data(as_text=True)


def test_a_limit_gives_way_in_one_click_and_is_taken_back_in_another(broker, market, store):
    path = f"/broker/referrals/{market.referral}"
    with store.writing() as session:
        session.get(Referral, market.referral).budget_weekly_pence = 145_000
    page = broker.get(f"{path}/matches")
    assert "Raise the limit to £1,500" in text(page)
    gone = f"{path}/give-way/{market.near}"
    assert broker.post(gone, page=f"{path}/matches").status_code == 302
    after = broker.get(f"{path}/matches")
    assert "weekly limit: £1,450 → £1,500" in text(after)
    assert broker.post(gone, page=f"{path}/matches").status_code == 409
    line = re.search(r'name="line" value="(\d+)"', after.get_data(as_text=True)).group(1)
    assert broker.post(f"{path}/take-back", {"line": line}, page=f"{path}/matches").status_code == 302
    with store.reading() as session:
        assert session.get(Referral, market.referral).budget_weekly_pence == 145_000


def test_places_are_compared_side_by_side_and_asked_from_there(broker, market):
    chosen = "&".join(f"unit={unit}" for unit in (market.near, market.good, market.without_pbs))
    answer = broker.get(f"/broker/referrals/{market.referral}/compare?{chosen}")
    page = text(answer)
    assert "Near House" in page
    assert "Plain House does not fit any more: no positive behaviour support (PBS) recorded" in page
    assert f"ask?unit={market.near}&amp;unit={market.good}" in answer.get_data(as_text=True)
    asked = broker.get(f"/broker/referrals/{market.referral}/ask?unit={market.near}&unit={market.good}")
    html = asked.get_data(as_text=True)
    ticked = {int(value) for value in re.findall(r'name="now"[^>]*value="(\d+)" checked', html)}
    assert ticked == {market.near, market.good}
    nothing = text(broker.get(f"/broker/referrals/{market.referral}/compare?unit=x&unit=99999999999"))
    assert "Choose places to compare" in nothing


def test_a_good_proposal_takes_two_clicks(broker, market, store):
    """The check page needs no typing: posting what it suggests reserves the place."""
    path = accept_page(market, market.near)
    page = broker.get(path).get_data(as_text=True)
    assert 'value="best"' in page

    answer = broker.post(path, TONIGHT)
    assert answer.status_code == 302
    with store.reading() as session:
        placement = session.query(Placement).one()
        assert (placement.state, placement.rank) == (PlacementState.RESERVED, 1)
        assert (placement.start_on, placement.end_on) == (date(2026, 11, 23), date(2026, 12, 7))
        assert session.get(Referral, market.referral).state is ReferralState.PLACED


def test_why_not_the_first_in_the_list_is_for_the_broker_to_say(broker, market):
    ticked = re.compile(r'name="why"[^>]*value="best"[^>]*checked')
    path = accept_page(market, market.far)
    assert ticked.search(broker.get(accept_page(market, market.near)).get_data(as_text=True))
    assert not ticked.search(broker.get(path).get_data(as_text=True))
    assert "Choose why you chose this place" in text(broker.post(path, {**TONIGHT, "rank": "3", "why": ""}))


def test_losing_the_last_place_keeps_what_was_typed_and_offers_the_next_best_three(broker, market, store):
    path = accept_page(market, market.near)
    broker.get(path)
    take_the_last_place(store, market.near)

    answer = broker.post(path, TONIGHT | {"note": "Her sister lives in that road", "why": "choice"})
    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    assert "Her sister lives in that road" in page
    assert [name in page for name in ("Good House", "Far House", "Outside House")] == [True] * 3

    form = re.search(rf'<form method="post" action="({accept_page(market, market.good)})">(.*?)</form>', page, re.S)
    fields = re.findall(r'name="([^"]+)" value="([^"]*)"', form.group(2))
    data: dict[str, list[str]] = {}
    for name, value in fields:
        data.setdefault(name, []).append(value)
    assert broker.client.post(form.group(1), data=data).status_code == 302, "one click holds the next best"
    with store.reading() as session:
        kept = session.query(Placement).filter_by(referral_id=market.referral).one()
        assert kept.unit_id == market.good
        assert "Her sister lives in that road" in kept.choice_reason


def test_a_place_outside_the_city_asks_why_and_who_approved_it(broker, market, store):
    path = accept_page(market, market.outside)
    assert "Choose why this person is placed outside the city" in text(broker.post(path, TONIGHT))
    asked = TONIGHT | {"out_of_city_reason": "no_vacancy"}
    assert "Choose the manager who is to sign this off" in text(broker.post(path, asked))
    with store.writing() as session:
        manager = a_broker(session, "manager", is_manager=True).id
    first = text(broker.get(path))
    assert "In the city" in first
    assert "Near House" in first
    assert "Not recorded" not in first
    assert "places in the city were looked at" in first
    assert broker.post(path, asked | {"manager_id": str(manager)}).status_code == 302
    with store.reading() as session:
        placement = session.query(Placement).one()
        assert (placement.is_in_city, placement.manager_id, placement.approved_by) == (False, manager, "")
        number = placement.id
    there = f"/broker/placements/{number}"
    assert "Only a manager with the right" in text(broker.get(f"{there}/sign-off"))
    assert broker.post(f"{there}/sign-off", page=f"{there}/sign-off").status_code == 403
    letter = text(broker.get(f"{there}/host-council"))
    assert "Date of birth" in letter
    assert broker.post(f"{there}/host-council", page=f"{there}/host-council").status_code == 302
    assert "Host council told 23 November 2026" in text(broker.get(there))
    assert "Nobody lives outside the city but by choice" in text(broker.get("/broker/return-list"))


def test_a_place_that_a_rule_refuses_cannot_be_taken(broker, market, store):
    answer = broker.post(accept_page(market, market.without_pbs), TONIGHT)
    assert answer.status_code == 422
    assert "no positive behaviour support (PBS) recorded" in text(answer)
    assert '<a href="#start_on">' in answer.get_data(as_text=True), (
        "what is about no question stands at the first shown"
    )
    with store.reading() as session:
        assert session.query(Placement).count() == 0


def test_dates_that_cannot_be_are_refused_beside_their_question(broker, market):
    path = accept_page(market, market.near)
    for wrong, words in (
        ({"nights": ""}, "Enter how many nights"),
        ({"nights": "43"}, "between 1 and 42"),
        ({"nights": "many"}, "Enter a whole number"),
        ({"start_on": ["1", "1", "2020"]}, "not in the past"),
        ({"start_on": ["31", "2", "2026"]}, "Enter a real date"),
        ({"start_on": []}, "Enter the first night"),
    ):
        answer = broker.post(path, TONIGHT | wrong)
        assert answer.status_code == 422, wrong
        assert words in text(answer)


def test_an_untick_outlives_an_error(broker, market, store):
    """The stay that a move would end is ended only if somebody still says so."""
    with store.writing() as session:
        person = session.get(Referral, market.referral).person
        a_placement(session, session.get(Unit, market.good), person=person, start=-30, state=PlacementState.ACTIVE)
    path, ticked = accept_page(market, market.near), re.compile(r'name="ends_current"[^>]*\schecked')

    assert ticked.search(broker.get(path).get_data(as_text=True))
    wrong = TONIGHT | {"nights": "43"}
    assert not ticked.search(broker.post(path, wrong).get_data(as_text=True))
    assert ticked.search(broker.post(path, wrong | {"ends_current": "1"}).get_data(as_text=True))


@pytest.mark.parametrize("nights", ["0", "-1", "-99999999", "999999999", "3651"])
def test_a_length_that_no_stay_may_have_is_refused_by_the_action(broker, market, nights):
    answer = broker.post(accept_page(market, market.near), TONIGHT | {"nights": nights})
    assert (answer.status_code, "between 1 and 42" in text(answer)) == (422, True)


@pytest.mark.parametrize("rank", ["", "first", "-1", "99999999999"])
def test_a_rank_that_is_none_is_not_kept(broker, market, store, rank):
    assert broker.post(accept_page(market, market.near), TONIGHT | {"rank": rank}).status_code == 302
    with store.reading() as session:
        assert session.query(Placement).one().rank is None


def test_what_does_not_exist_is_not_found(broker, market):
    for path in (
        "/broker/referrals/999999/matches",
        accept_page(market, 999999),
        f"/broker/referrals/999999999999/accept/{market.near}",
    ):
        assert broker.get(path).status_code == 404
    assert broker.get(accept_page(market, market.near) + "?start=never&run=x").status_code == 200


def test_company_is_told_in_words_with_nobodys_name_age_or_number(broker, market, store):
    with store.writing() as session:
        unit = session.get_one(Unit, market.near)
        unit.capacity = 9
        a_report(session, unit, maximum=9, accepting=5)
        referral = session.get_one(Referral, market.referral)
        for number in range(3):
            other = a_person(session, name=f"Canary Neighbour {number}", born_on=referral.person.born_on)
            a_placement(session, unit, person=other, start=-9, nights=None)
    said = text(broker.get(f"/broker/referrals/{market.referral}/matches"))
    assert said.count("People of about this age live there: +6") == 1
    assert "Canary Neighbour" not in said
    assert not re.search(r"\b(3|three) (people|residents|others)\b", said)
