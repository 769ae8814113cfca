"""What the council says of a provider stands wherever a service of it is named to a broker or a commissioner."""

import re
from collections import Counter
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import event, select

from placement.domain.people import SYSTEM, Role
from placement.domain.states import BARRED, PlacementState, ProposalState, ReferralState, RunState, Status
from placement.geography.ward_names import NEW_WARDS
from placement.market.services import set_standing
from placement.records.outcomes import RunAnswer
from placement.records.providers import Service, Unit
from placement.records.referrals import Decline, Referral
from placement.records.runs import MatchRun, Proposal
from tests.builders import TODAY, a_person, a_placement, a_provider, a_referral, a_service, a_unit
from tests.conftest import NOW
from tests.web_client import signed_in

WARD, NAME, REASON = NEW_WARDS.wards[4].code, "Canal Side", "Unsafe staffing at night"
SINCE = "since 20 November 2026"
VIEWS = 12
STATUSES = [status for status in Status if status is not Status.NONE]
# An address of each page that names the service, so that a crawl that stops short is noticed.
BROKERS = [
    r"/broker/services",
    r"/broker/services/\d+",
    r"/broker/",
    r"/broker/referrals/\d+",
    r"/broker/referrals/\d+/matches",
    r"/broker/referrals/\d+/accept/\d+\?.*",
    r"/broker/referrals/\d+/questions/choices",
    r"/broker/runs/\d+",
    r"/broker/placements",
    r"/broker/placements/\d+",
    r"/broker/placements/\d+/end",
]


def a_world(session, status):
    """Put one service of a provider with a standing wherever a page can name it."""
    provider = a_provider(session, name="Waterways Care")
    start = TODAY - timedelta(days=3)
    set_standing(session, provider, status, start_on=start, reason=REASON, by=SYSTEM, now=NOW)
    service = a_service(session, provider=provider, name=NAME, ward_code=WARD)
    unit = a_unit(session, service=service, accepting=4, capacity=9)
    far = a_service(session, provider=provider, name=f"{NAME} Far", authority="E07000220", ward_code=None)
    a_unit(session, service=far, accepting=1)
    searching = a_referral(session, latest_on=TODAY + timedelta(days=5))
    searching.avoided = [service]
    a_referral(session, state=ReferralState.DRAFT, submitted_at=None, reference=None)
    said = {"reason": "staffing", "declined_by": "Home", "declined_at": NOW}
    declined = a_referral(session, state=ReferralState.ON_HOLD)
    session.add(Decline(referral_id=declined.id, unit_id=unit.id, **said))
    for state in (PlacementState.RESERVED, PlacementState.CONFIRMED, PlacementState.ACTIVE):
        person = a_person(session)
        referral = a_referral(session, person=person, state=ReferralState.PLACED)
        a_placement(session, unit, person=person, referral=referral, state=state)
        a_referral(session, person=person)
    a_placement(session, a_unit(session, service=far), is_in_city=False, out_of_city_reason="no_vacancy")
    run = MatchRun(state=RunState.FINISHED, requested_at=NOW, requester="B", finished_at=NOW, first_night=TODAY)
    run.answer = RunAnswer(
        is_proven=True, seconds=1, asked=1, in_city=1, out_by_choice=0, out_by_need=0, unplaced=0
    )  # fmt: skip
    session.add(run)
    session.flush()
    proposed = a_referral(session, latest_on=TODAY + timedelta(days=5))
    session.add(
        Proposal(run=run, referral=proposed, unit=unit, start_on=TODAY, state=ProposalState.PROPOSED)
    )  # fmt: skip


def pages(browser, *starts):
    """Return every page that links lead to, by its address; of one page at most VIEWS that differ in their questions.

    The facets of a list alone make hundreds of addresses, and what is asked of each is the same page.
    """
    found, waiting, views = {}, list(starts), Counter()
    while waiting:
        path = waiting.pop(0)
        page, _, query = path.partition("?")
        if path in found or (query and views[page] >= VIEWS):
            continue
        views[page] += bool(query)
        answer = browser.get(path)
        found[path] = answer.get_data(as_text=True) if answer.mimetype in ("text/html", "text/csv") else ""
        links = [unescape(href).split("#")[0] for href in re.findall(r'href="(/[^"]*)"', found[path])]
        waiting += [href for href in links if href.split("/")[1] == path.split("/")[1]]
    return found


def naming(found):
    return {path: html for path, html in found.items() if NAME in html}


def told(html):
    return REASON in html and re.search(rf"{SINCE}", re.sub(r"\s+", " ", html))


@pytest.mark.parametrize("status", [Status.CAUTION, Status.SUSPENDED])
def test_every_page_that_names_a_service_says_what_is_said_of_its_provider(app, store, status):
    with store.writing() as session:
        a_world(session, status)
        referrals = session.scalars(select(Referral.id)).all()
    starts = [f"/broker/referrals/{each}/questions/choices" for each in referrals]
    broker = naming(pages(signed_in(app, Role.BROKER), "/broker/", "/broker/?state=placed", *starts))
    commissioner = naming(pages(signed_in(app, Role.COMMISSIONER), "/commissioner/gaps", f"/commissioner/areas/{WARD}"))

    missed = [path for path in BROKERS if not any(re.fullmatch(path, found) for found in broker)]
    assert not missed, "the crawl sees every page that names a service"
    assert any(path.startswith("/commissioner/areas/") for path in commissioner)
    for path, html in (broker | commissioner).items():
        require_told(path, html, status)


@pytest.mark.parametrize("status", STATUSES)
def test_every_standing_is_said_in_its_own_words(app, store, status):
    with store.writing() as session:
        a_world(session, status)
        service = session.scalars(select(Service.id).where(Service.name == NAME)).one()
    broker = signed_in(app, Role.BROKER)
    for path in ("/broker/services", f"/broker/services/{service}", "/broker/placements"):
        require_told(path, broker.get(path).get_data(as_text=True), status)


def require_told(path, html, status):
    """Fail unless a page says of the service, wherever it names it, what is said of its provider."""
    assert told(html), path
    blocks = re.findall(r"<tr\b.*?</tr>|<article.*?</article>|<li\b.*?</li>|<option.*?</option>", html, flags=re.S)
    for block in blocks:
        assert NAME not in re.sub(r"<[^>]+>", "", block) or told(block) or "app-timeline" in block, (path, block)
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))
    if status in BARRED and re.fullmatch(r"/broker/services(/\d+)?|/commissioner/areas/.*", path):
        assert f"Not admitting: {status.label.lower()} {SINCE}" in words
        assert not re.search(r"\b\d+ (of \d+|free tonight)", words), path


def test_the_places_that_are_offered_after_a_lost_race_say_it_too(app, store):
    with store.writing() as session:
        taken, other = a_unit(session, capacity=1), a_unit(session)
        provider = other.service.provider
        set_standing(session, provider, Status.CAUTION, start_on=TODAY, reason=REASON, by=SYSTEM, now=NOW)
        path = f"/broker/referrals/{a_referral(session, latest_on=TODAY).id}/accept/{taken.id}"
    browser = signed_in(app, Role.BROKER)
    browser.get(path)
    with store.writing() as session:
        a_placement(session, session.get_one(Unit, taken.id))
    start = {"start_on": [str(TODAY.day), str(TODAY.month), str(TODAY.year)], "nights": "14", "why": "choice"}
    answer = browser.post(path, start | {"note": "Near her sister"})

    assert answer.status_code == 409
    assert REASON in answer.get_data(as_text=True)


def test_no_provider_reads_what_is_said_of_another(app, store):
    with store.writing() as session:
        a_world(session, Status.SUSPENDED)
        other = a_unit(session).service.provider_id
        a_placement(session, a_unit(session, service=session.scalars(
            select(Service).where(Service.provider_id == other)).one()))  # fmt: skip
    found = pages(signed_in(app, Role.PROVIDER, provider_id=other), "/provider/", "/provider/services")

    assert len(found) > 2
    assert not [path for path, html in found.items() if REASON in html or NAME in html]


def test_a_page_asks_once_however_many_services_it_names(app, store):
    with store.writing() as session:
        a_world(session, Status.CAUTION)
        for _ in range(5):
            a_unit(session, service=a_service(session, provider=session.scalars(select(Unit)).first().service.provider))
    browser, seen = signed_in(app, Role.BROKER), []
    event.listen(store.engine, "before_cursor_execute", lambda *call: seen.append(call[2]))
    for path in ("/broker/", "/broker/placements"):
        seen.clear()
        browser.get(path)
        assert sum("FROM standing" in statement for statement in seen) == 1, path
