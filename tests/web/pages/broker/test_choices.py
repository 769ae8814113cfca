"""Giving options, recording the choice, taking a sheet back: what a broker reads and does."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from placement.domain.states import ReferralState, SheetState
from placement.records.choices import Choice, OptionsSheet
from placement.records.placements import Placement
from placement.records.providers import Unit
from placement.records.referrals import Referral
from tests.builders import a_referral, night
from tests.web.pages.broker.conftest import BUDGET
from tests.web.pages.broker.test_matches import TONIGHT, text
from tests.web.pages.broker.test_offers import an_offer

TODAY = {"chosen_on": ["23", "11", "2026"]}


def changed(store, market, **values):
    with store.writing() as session:
        referral = session.get_one(Referral, market.referral)
        for name, value in values.items():
            setattr(referral, name, value)


def priced(store, unit_id, pence):
    with store.writing() as session:
        session.get_one(Unit, unit_id).weekly_pence = pence


def ticked(answer):
    return re.findall(r'name="units"[^>]*value="(\d+)"[^>]*checked', answer.get_data(as_text=True))


def give(broker, funded, *units, **more):
    """Give a sheet with these places and return its address."""
    answer = broker.post(f"{funded}/options", {"units": [str(unit) for unit in units], **more})
    assert answer.status_code == 302, text(answer)
    return answer.location


def choose(broker, sheet, **said):
    return broker.post(
        f"{sheet}/choice", TODAY | {"seen": "0", "option": "1", "chooser": "person", "way": "visit"} | said
    )


def stored(store, table):
    with store.reading() as session:
        rows = session.scalars(select(table)).unique().all()
        session.expunge_all()
        return rows


def test_two_clicks_from_the_referral_give_what_is_suggested(broker, market, funded, store):
    assert "Options for the person" in text(broker.get(funded))
    page = broker.get(f"{funded}/options")
    assert ticked(page) == [str(each) for each in (market.near, market.good, market.far, market.outside)]
    assert "Personal budget: £1,500 a week" in text(page)
    assert "4 places here are available and within it" in text(page)
    sheet = give(broker, funded, *ticked(page))

    shown = text(broker.get(sheet))
    assert "At least one available place within the personal budget of £1,500 a week was offered." in shown
    assert shown.index("1. Near House") < shown.index("2. Good House")
    assert "out of city" in shown
    assert "Options given (1)" in text(broker.get(funded))


def test_a_place_of_the_ranked_list_is_put_on_the_sheet_from_there(broker, market, funded):
    listed = broker.get(f"{funded}/matches").get_data(as_text=True)
    assert f'href="{funded}/options?unit={market.far}"' in listed
    page = broker.get(f"{funded}/options?unit={market.without_pbs}").get_data(as_text=True)
    assert str(market.without_pbs) not in re.findall(r'name="units"[^>]*value="(\d+)"', page)


def test_nothing_ticked_is_told_and_what_was_typed_is_kept(broker, market, funded, store):
    answer = broker.post(f"{funded}/options", {"reason": "no_time", "note": "A note of mine"})
    assert answer.status_code == 422
    assert "Choose at least one place for the sheet" in text(answer)
    assert "A note of mine" in answer.get_data(as_text=True)
    assert stored(store, OptionsSheet) == []


@pytest.mark.parametrize("number", ["without_pbs", "987654", "9" * 40, "x", "²"])
def test_a_place_that_has_gone_since_is_told_and_the_others_stay_ticked(broker, market, funded, store, number):
    gone = str(getattr(market, number, number))
    answer = broker.post(f"{funded}/options", {"units": [str(market.near), gone]})
    assert answer.status_code == 422
    assert "Something that you chose cannot be chosen any more" in text(answer)
    assert ticked(answer) == [str(market.near)]
    assert stored(store, OptionsSheet) == []


def test_without_a_place_within_reach_it_is_said_before_and_after_and_a_reason_is_asked_for(
    broker, market, funded, store
):
    changed(store, market, budget_weekly_pence=100_000)
    page = text(broker.get(f"{funded}/options"))
    assert "No place here is both available and within the personal budget." in page
    assert "None of the available places is within the personal budget." in page
    answer = broker.post(f"{funded}/options", {"units": [str(market.near)]})
    assert answer.status_code == 422
    assert "or say why these are given all the same" in text(answer)
    assert ticked(answer) == [str(market.near)]
    sheet = give(broker, funded, market.near, reason="still_looking", note="Two more were rung")

    for path in (sheet, f"{sheet}/proof"):
        shown = text(broker.get(path))
        assert "None of the available places is within the personal budget." in shown
        assert "the search for one goes on. Two more were rung" in shown
    assert "There is none on this sheet yet" in text(broker.get(f"{sheet}/for-person"))
    assert "none available within the budget" in text(broker.get(funded))


def test_a_reason_is_asked_for_where_only_what_is_ticked_is_too_dear(broker, market, funded, store):
    priced(store, market.good, BUDGET + 7_500)
    assert "Say more" not in text(broker.get(f"{funded}/options"))
    answer = broker.post(f"{funded}/options", {"units": [str(market.good)]})
    assert answer.status_code == 422
    assert "Say more" in text(answer)
    assert "top-up £75 a week" in text(answer)


def test_what_is_not_known_is_said_to_be_so(broker, market, funded, store):
    changed(store, market, budget_weekly_pence=None)
    priced(store, market.near, None)
    page = text(broker.get(f"{funded}/options"))
    assert "Personal budget: not recorded" in page
    assert "Price not recorded" in page
    sheet = give(broker, funded, market.near, market.good, reason="budget_not_set")
    person, proof = text(broker.get(f"{sheet}/for-person")), text(broker.get(f"{sheet}/proof"))

    assert "No place here is known to be both available and within the personal budget." in page
    assert "It is not known whether an available place within the personal budget was offered." in text(
        broker.get(sheet)
    )
    assert "We do not know yet whether there is one on this sheet." in person
    assert "Not known. The price of an available place, or the personal budget, is not recorded." in proof
    assert "Your personal budget is not recorded yet" in person
    assert person.count("Not known yet. Ask us.") == 2
    assert "Not recorded. Ask us." in person
    assert "Personal budget Not recorded" in proof
    assert "not known: the price or the budget was not recorded" in proof


def test_nothing_to_offer_is_said(broker, store, market):
    with store.writing() as session:
        nowhere = a_referral(session, essential=("tracheostomy",)).id
        held = a_referral(session, state=ReferralState.ON_HOLD).id
    assert "there is nothing to offer yet" in text(broker.get(f"/broker/referrals/{nowhere}/options"))
    assert "on hold, so no options are given" in text(broker.get(f"/broker/referrals/{held}/options"))
    answer = broker.post(f"/broker/referrals/{held}/options", {"units": [str(market.near)]})
    assert answer.status_code in (409, 422)


def test_the_sheet_for_the_person_speaks_plainly_and_holds_no_code(broker, market, funded, store):
    priced(store, market.good, BUDGET + 7_500)
    priced(store, market.near, BUDGET - 1_050)
    an_offer(store, market)
    answer = broker.get(f"{give(broker, funded, market.near, market.good)}/for-person")
    page = text(answer)

    assert "Places you can choose from" in page
    assert "For Canary Personson. 23 November 2026." in page
    assert "Your personal budget is £1,500 a week" in page
    assert "£75 a week on top of your budget" in page
    assert "None: your budget pays for it" in page
    assert "0.0 miles from her mother" in page
    assert "There is a free place, and they would like to have you." in page
    assert "None of these" in page
    codes = ("CANARY1", "by_numbers", "within_reach", "supported_living", "pbs", "unit", "1980")
    assert [word for word in codes if word in page] == []
    assert "<script" not in answer.get_data(as_text=True)


def test_a_choice_stands_on_the_referral_and_its_accept_link_first(broker, market, funded, store):
    sheet = give(broker, funded, market.near, market.far)
    assert "No choice has been recorded" in text(broker.get(f"{sheet}/proof"))
    answer = choose(broker, sheet, option="2", words="I like the garden.")
    assert answer.location == funded
    page = broker.get(funded)
    links = re.findall(r'href="([^"]*/(?:accept/\d+|matches|ask)[^"]*)"', page.get_data(as_text=True))

    assert "The choice is recorded: the person." in text(page)
    assert "Chosen: Far House" in text(page)
    assert links[0].startswith(f"{funded}/accept/{market.far}?start=2026-11-23")
    assert "I like the garden." in text(broker.get(sheet))
    accept = broker.get(links[0].replace("&amp;", "&"))
    assert 'value="choice" checked' in accept.get_data(as_text=True)
    assert "Chosen from the options: 2. Far House" in text(accept)
    assert "This is another place." in text(broker.get(f"{funded}/accept/{market.near}"))


def test_a_yes_that_was_chosen_is_accepted_by_its_own_link(broker, market, funded, store):
    offer_id = an_offer(store, market)
    choose(broker, give(broker, funded, market.good))
    assert f"/accept/{market.good}?start=2026-11-23&amp;offer={offer_id}" in broker.get(funded).get_data(as_text=True)


def test_a_top_up_is_confirmed_before_the_chosen_place_is_reserved(broker, market, funded, store):
    priced(store, market.good, BUDGET + 7_500)
    choose(broker, give(broker, funded, market.good, market.near), option="2")
    path = f"{funded}/accept/{market.good}"
    assert "This place does not fit" not in text(broker.get(path))
    asked = broker.post(path, TONIGHT)
    assert asked.status_code == 422
    assert "£75.00 a week more than the personal budget" in text(asked)
    key = re.search(r'name="confirmed" value="(top_up-\d+)"', asked.get_data(as_text=True)).group(1)
    answer = broker.post(path, TONIGHT | {"confirmed": key})
    assert answer.status_code == 302
    stay_page = text(broker.get(answer.location))
    assert "a top-up is to be paid" in stay_page
    assert "Good House. The person, after a visit to the place, 23 November 2026" in stay_page
    assert "Proof of what was offered" in stay_page
    (stay,) = stored(store, Placement)
    assert stay.differs == "top_up"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"option": ""}, "Choose what was chosen"),
        ({"option": "none"}, "Choose why none of the places was chosen"),
        ({"option": "7"}, "Something that you chose cannot be chosen any more"),
        ({"chooser": ""}, "Choose who chose"),
        ({"chooser": "advocate"}, "Enter the advocate’s name and organisation"),
        ({"chooser": "best_interest"}, "in what role"),
        ({"chooser": "family"}, "what gives them the authority"),
        ({"way": ""}, "Choose how it was decided"),
        ({"chosen_on": ["1", "1", "2020"]}, "from the one on which the sheet was given to today"),
        ({"chosen_on": ["", "", ""]}, "Enter the day on which it was decided"),
        ({"words": "x" * 1001}, "Enter at most 1,000 characters"),
    ],
)
def test_a_choice_that_lacks_something_says_what_and_keeps_what_was_typed(broker, market, funded, store, said, told):
    sheet = give(broker, funded, market.near)
    answer = choose(broker, sheet, **{"words": "Her own words"} | said)
    assert answer.status_code == 422
    assert told in text(answer)
    assert said.get("words", "Her own words") in answer.get_data(as_text=True)
    assert stored(store, Choice) == []


def test_none_of_the_places_is_a_choice_too_and_the_search_goes_on(broker, market, funded, store):
    sheet = give(broker, funded, market.near)
    said = {"option": "none", "none_reason": "too_far", "chooser": "family", "chosen_by": "His daughter, attorney"}
    assert choose(broker, sheet, **said).location == funded
    page = text(broker.get(funded))
    assert "None of the places was chosen" in page
    assert "Too far away" in page
    assert "His daughter, attorney" in page
    assert "See ranked matches" in page


def test_a_change_of_mind_is_recorded_beside_the_first_choice_by_who_has_read_it(broker, market, funded, store):
    sheet = give(broker, funded, market.near, market.good)
    choose(broker, sheet)
    stale = choose(broker, sheet, option="2")
    assert stale.status_code == 409
    assert "Somebody else has recorded a choice" in text(stale)
    form = broker.get(f"{sheet}/choice")
    assert "Recorded so far: 1. Near House" in text(form)
    assert 'name="seen" type="hidden" value="1"' in form.get_data(as_text=True)
    choose(broker, sheet, option="2", seen="1")

    assert "Chosen: Good House" in text(broker.get(funded))
    proof = text(broker.get(f"{sheet}/proof"))
    assert (
        proof.index("2. Good House Who chose")
        < proof.index("Before a change of mind")
        < proof.index("1. Near House Who")
    )


def test_a_sheet_given_by_mistake_is_withdrawn_and_stays_on_record(broker, market, funded, store):
    sheet = give(broker, funded, market.near)
    choose(broker, sheet)
    assert broker.post(f"{sheet}/withdraw", {}).status_code == 422
    assert broker.post(f"{sheet}/withdraw", {"reason": "wrong_person"}).location == sheet
    (kept,) = stored(store, OptionsSheet)

    assert kept.state is SheetState.WITHDRAWN
    assert "Chosen:" not in text(broker.get(funded))
    assert "Withdrawn" in text(broker.get(funded))
    assert "It is about another person" in text(broker.get(sheet)) or "it is about another person" in text(
        broker.get(sheet)
    )
    assert "Record" not in text(broker.get(sheet)).split("What happened")[0].split("Sign out")[1]
    assert "Do not use this sheet" in text(broker.get(f"{sheet}/for-person"))
    assert "This sheet was withdrawn on 23 November 2026" in text(broker.get(f"{sheet}/proof"))
    assert broker.post(f"{sheet}/withdraw", {"reason": "replaced"}).status_code == 409
    assert choose(broker, sheet, seen="1").status_code == 409


def test_a_hostile_name_is_shown_as_it_is_written(broker, market, funded, store):
    with store.writing() as session:
        session.get_one(Unit, market.near).service.name = "<script>alert(1)</script> & “House”"
    sheet = give(broker, funded, market.near)
    choose(broker, sheet, words="<script>alert(1)</script> & “House”")
    for path in (sheet, f"{sheet}/for-person", f"{sheet}/proof", f"{sheet}/choice", funded):
        body = broker.get(path).get_data(as_text=True)
        assert "<script>alert" not in body
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; “House”" in body
    assert broker.get(f"{sheet}/for-person.pdf").status_code == 200


def test_the_day_counts_from_when_the_sheet_was_given(broker, market, funded, store, clock):
    sheet = give(broker, funded, market.near)
    clock.now += timedelta(days=1)
    broker.sign_in("broker@example.org")
    assert choose(broker, sheet, chosen_on=["24", "11", "2026"]).status_code == 302
    (choice,) = stored(store, Choice)
    assert choice.chosen_on == night(1)
