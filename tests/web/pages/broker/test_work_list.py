import re
from datetime import timedelta

from sqlalchemy import select

from placement.domain.states import PlacementState, ProposalState, ReferralState, RunState
from placement.jobs.solving import solve_run
from placement.records.placements import Placement
from placement.records.referrals import Referral
from placement.records.runs import MatchRun, Proposal
from tests.brokerage.test_work import a_broker
from tests.builders import a_referral
from tests.conftest import NOW
from tests.web.pages.broker.test_matches import TONIGHT, accept_page, text


def test_an_empty_work_list_says_what_to_do(broker):
    page = text(broker.get("/broker/"))
    assert "No referral is open" in page
    assert "Refer a person" in page


def test_shows_the_soonest_deadline_first_and_counts_what_is_late(broker, store):
    with store.writing() as session:
        a_referral(session, reference="LATER", place_by=NOW + timedelta(hours=9))
        a_referral(session, reference="LATE", place_by=NOW - timedelta(hours=3))
        a_referral(session, reference="NEVER", kind="respite", place_by=None)
    page = text(broker.get("/broker/"))
    assert "1 referral past the deadline" in page
    assert page.index("LATE") < page.index("LATER") < page.index("NEVER")
    assert "3 hours over" in page
    assert "9 hours left" in page
    respite = text(broker.get("/broker/?kind=respite"))
    assert "NEVER" in respite
    assert "LATER" not in respite


def test_an_odd_filter_shows_everything_that_is_open(broker, store):
    with store.writing() as session:
        a_referral(session, reference="OPEN1")
    odd = ("?kind=nonsense", "?state=" + "x" * 4000, "?state=draft&state=searching", "?sort=;&whose=team&what=%C3%A9")
    for query in odd:
        assert broker.get(f"/broker/{query}").status_code == 200
    assert "OPEN1" in text(broker.get("/broker/?kind=nonsense&whose=team&sort=x"))


def test_hold_resume_and_withdraw(broker, market, store):
    page = f"/broker/referrals/{market.referral}"
    for step, state in (("hold", ReferralState.ON_HOLD), ("resume", ReferralState.SEARCHING)):
        assert broker.post(f"{page}/{step}", page=page).status_code == 302
        with store.reading() as session:
            assert session.get(Referral, market.referral).state is state
    assert broker.post(f"{page}/resume", page=page).status_code == 409
    assert broker.post(f"{page}/withdraw", {}).status_code == 422
    assert broker.post(f"{page}/withdraw", {"reason": "not_needed"}).status_code == 302
    assert "Withdrawn" in text(broker.get(page))


def test_a_run_is_asked_for_once_shown_and_decided(app, broker, market, store, clock):
    answer = broker.post("/broker/runs", page="/broker/")
    assert answer.status_code == 302
    assert broker.post("/broker/runs", page="/broker/runs/1").status_code == 409
    assert "Waiting to start" in text(broker.get(answer.location))
    assert broker.get(f"{answer.location}/progress").headers["X-Finished"] == "0"

    solve_run(store, 1, clock=clock)
    page = text(broker.get(answer.location))
    assert "Proposed in the city: 1 of 1." in page
    assert "Proven" in page
    assert "Near House" in page
    assert "Near House" in text(broker.get("/broker/")), "the work list names the proposal"
    person = f"/broker/runs/1/people/{market.referral}"
    assert "Who else wanted this place" in text(broker.get(f"{person}?show=decide"))
    assert broker.post(f"{person}/hold", {"length": "for ever"}, page=person).status_code == 422
    held = broker.post(f"{person}/hold?show=decide", {"length": "half_hour"}, page=person)
    assert held.location == f"/broker/runs/1?show=decide#person-{market.referral}"
    page = text(broker.get(answer.location))
    assert "is held for" in page
    assert "Held until" in page
    assert broker.post(f"{person}/reopen", page=person).status_code == 302
    assert broker.post(f"{person}/reject", {"reason": ""}, page=person).status_code == 422
    assert broker.post(f"{person}/reject", {"reason": "risk"}, page=person).status_code == 302
    matches = f"/broker/referrals/{market.referral}/matches"
    broker.get(matches)  # shows the notice
    fits, others = text(broker.get(matches)).split("Why not the others")
    assert ("Near House" in fits, "ruled out by" in others, "Let it be proposed again" in others) == (False, True, True)
    assert broker.post(f"{person}/reopen", page=person).status_code == 302
    accepted = broker.post(accept_page(market, market.near) + "?run=1&back=run&show=decide", TONIGHT)
    assert accepted.location == f"/broker/runs/1?show=decide#person-{market.referral}"
    assert broker.post(f"{person}/hold", {"length": "half_hour"}, page=person).status_code == 409
    with store.reading() as session:
        assert session.query(Proposal).one().state is ProposalState.ACCEPTED
        assert session.query(Placement).one().run_id == 1


def test_a_run_that_waits_can_be_cancelled(broker, market, store):
    broker.post("/broker/runs", page="/broker/")
    assert broker.post("/broker/runs/1/cancel", page="/broker/runs/1").status_code == 302
    with store.reading() as session:
        assert session.get(MatchRun, 1).state is RunState.CANCELLED
    assert "Nothing was changed" in text(broker.get("/broker/runs/1"))
    assert broker.get("/broker/runs/2").status_code == 404


def test_an_unplaced_person_has_causes_and_a_way_to_every_refusal(broker, store, clock, market):
    with store.writing() as session:
        a_referral(session, reference="NOPLACE", essential=("peg", "oxygen"))
    broker.post("/broker/runs", page="/broker/")
    solve_run(store, 1, clock=clock)
    page = text(broker.get("/broker/runs/1?show=none"))
    assert "What would help" in page
    with store.reading() as session:
        number = session.scalars(select(Referral.id).where(Referral.reference == "NOPLACE")).one()
    assert "lack an essential need" in text(broker.get(f"/broker/runs/1/people/{number}"))


def test_search_shows_what_is_free_and_survives_anything(broker, market):
    page = text(broker.get("/broker/services?need=pbs&free=1&city=1"))
    assert "3 units" in page
    assert "Outside House" not in page
    assert re.search(r"1 of 1", page)
    for query in ("?words=%25", "?words=" + "x" * 5000, "?type=castle", "?need=a&need=b", "?free=9"):
        assert broker.get(f"/broker/services{query}").status_code == 200
    assert broker.get("/broker/services?words=%00").status_code == 400
    assert "Nothing fits" in text(broker.get("/broker/services?words=no+such+service"))


def test_a_placement_goes_from_reserved_to_ended(broker, market, store):
    broker.post(accept_page(market, market.near), TONIGHT)
    page = "/broker/placements/1"
    assert "Reserved" in text(broker.get(page))
    assert broker.post(f"{page}/begin", page=page).status_code == 409, "it is not confirmed yet"
    with store.writing() as session:
        session.get(Placement, 1).state = PlacementState.CONFIRMED
    assert broker.post(f"{page}/begin", page=page).status_code == 302
    end = f"{page}/end"
    assert broker.post(end, {"on": ["1", "1", "2020"], "reason": "moved_home"}).status_code == 422
    assert broker.post(end, {"on": ["23", "11", "2026"], "reason": "moved_home"}).status_code == 302
    assert "Went home" in text(broker.get(page))


def test_releasing_a_place_starts_the_search_again(broker, market, store):
    broker.post(accept_page(market, market.near), TONIGHT)
    assert broker.post("/broker/placements/1/release", {"reason": "not_needed"}).status_code == 302
    with store.reading() as session:
        assert session.get(Referral, market.referral).state is ReferralState.SEARCHING


def test_work_is_taken_handed_over_with_a_note_and_given_out_many_at_a_time(broker, market, store):
    page = f"/broker/referrals/{market.referral}"
    with store.writing() as session:
        mate = a_broker(session, "mate").id
        others = [a_referral(session, reference=f"MANY{n}").id for n in range(3)]
    assert broker.post(f"{page}/take", page=page).status_code == 302
    assert "It is yours" in text(broker.get(page))
    assert "Mine 1" in text(broker.get("/broker/?whose=mine"))
    handed = {"to": f"user-{mate}", "note": "Rings back at 4"}
    assert broker.post(f"{page}/hand-over", handed, page=page).status_code == 302
    assert "Rings back at 4" in text(broker.get(page))
    many = {"referral": [str(each) for each in others], "to": f"user-{mate}"}
    assert broker.post("/broker/assign", many, page="/broker/?whose=mine").location == "/broker/?whose=mine"
    with store.reading() as session:
        assert {session.get(Referral, each).assigned_to_id for each in [market.referral, *others]} == {mate}


def test_what_is_missing_on_a_referrals_page_stands_at_its_top_and_beside_its_question(broker, market):
    page = f"/broker/referrals/{market.referral}"
    for form, words in (("notes", "Enter a note"), ("hand-over", "Choose whom to give it to")):
        answer = broker.post(f"{page}/{form}", {}, page=page)
        assert answer.status_code == 422
        html = answer.get_data(as_text=True)
        assert "govuk-error-summary" in html
        assert html.count(words) == 2
    missing = broker.post("/broker/assign", {"note": "Rings back", "to": "nobody"}, page="/broker/")
    assert missing.status_code == 422
    assert "Tick the referrals to give" in text(missing)
    ticked = broker.post("/broker/assign", {"referral": str(market.referral), "note": "Rings back"}, page="/broker/")
    html = ticked.get_data(as_text=True)
    assert "Choose whom to give it to" in html
    assert f'value="{market.referral}" checked' in html
    assert "Rings back" in html


def test_every_facet_offers_everything_even_where_nothing_is_left(broker, market):
    page = text(broker.get("/broker/?whose=mine&kind=respite&what=overdue"))
    for words in ("Everybody’s 0", "Everything 0", "Every kind 0", "Open 0"):
        assert words in page
