"""Team and sign-in, as a lead, an editor and a viewer meet it."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import timedelta

import pytest
from werkzeug.exceptions import MethodNotAllowed

from placement.brokerage.offers.sending import Asking, send_offers
from placement.domain.people import SYSTEM, Rights, Role
from placement.market.others import keep_places
from placement.records.accounts import add_user
from placement.records.messages import Message
from placement.records.providers import Service
from placement.records.users import User
from placement.web.access import READ_TOO
from tests.builders import a_placement, a_referral, a_service, a_unit, night
from tests.conftest import NOW
from tests.web_client import PASSWORD, Browser


def a_team(store):
    """Return the ids by name of a lead, an editor and a viewer of one provider, and of its unit."""
    with store.writing() as session:
        unit = a_unit(session)
        provider_id = unit.service.provider_id
        ids = {
            rights.value: add_user(
                session, email=f"{rights}@example.org", name=f"The {rights}", role=Role.PROVIDER,
                provider_id=provider_id, rights=rights, password=PASSWORD, by=SYSTEM, now=NOW,
            ).id
            for rights in Rights
        }  # fmt: skip
        return ids | {"unit": unit.id, "service": unit.service_id}


def as_(app, rights):
    browser = Browser(app)
    assert browser.sign_in(f"{rights}@example.org").status_code == 302
    return browser


def test_a_lead_invites_changes_and_removes(app, store):
    ids = a_team(store)
    lead, editor = as_(app, "lead"), as_(app, "editor")
    jo = {"name": "Jo New", "email": "jo@example.org", "rights": "viewer"}
    assert lead.post("/provider/team/invite", jo).location == "/provider/team"
    page = lead.get("/provider/team").get_data(as_text=True)
    assert "jo@example.org" in page
    number = int(re.search(r"invitations/(\d+)/again", page).group(1))
    assert lead.post(f"/provider/team/invitations/{number}/again", page="/provider/team").status_code == 302
    assert lead.post(f"/provider/team/invitations/{number}/withdraw", page="/provider/team").status_code == 302
    with store.reading() as session:
        paths = [each.path for each in session.query(Message).filter_by(kind="invitation")]
    assert [Browser(app).get(path).status_code for path in paths] == [404, 404]

    assert lead.post(f"/provider/team/{ids['editor']}", {"rights": "viewer"}).status_code == 302
    assert editor.get("/provider/").location.startswith("/sign-in")
    viewer = as_(app, "viewer")
    assert lead.post(f"/provider/team/{ids['viewer']}/remove", page="/provider/team").status_code == 302
    assert viewer.get("/provider/").location.startswith("/sign-in")
    assert Browser(app).sign_in("viewer@example.org").status_code == 422


@pytest.mark.parametrize("rights", ["editor", "viewer"])
def test_who_is_no_lead_sees_the_team_and_changes_nothing_in_it(app, store, rights):
    ids = a_team(store)
    browser = as_(app, rights)
    page = browser.get("/provider/team").get_data(as_text=True)
    assert "lead@example.org" in page
    assert "Invite somebody" not in page
    assert browser.get("/provider/team/invite").status_code == 403
    assert browser.get(f"/provider/team/{ids['lead']}").status_code == 403
    answer = browser.post(f"/provider/team/{ids['lead']}/remove", page="/provider/team")
    assert answer.status_code == 403
    with store.reading() as session:
        assert session.get(User, ids["lead"]).is_active


def test_a_viewer_sees_every_page_of_the_provider_and_no_button_in_it(app, store):
    ids = a_team(store)
    viewer, editor = as_(app, "viewer"), as_(app, "editor")
    buttons = re.compile(r'<button type="submit"[^>]*class="govuk-button')
    paths = ("/provider/", "/provider/services", f"/provider/services/units/{ids['unit']}",
             *(f"/provider/services/{ids['service']}/{page}" for page in ("contact", "vacancies")))  # fmt: skip
    seen = 0
    for path in paths:
        answer = viewer.get(path)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 200
        assert "change nothing" in page
        assert not buttons.search(page), path
        seen += len(buttons.findall(editor.get(path).get_data(as_text=True)))
    assert seen >= 2, "an editor has buttons there"


def test_no_link_leads_a_viewer_to_a_form_without_a_button(app, store):
    ids = a_team(store)
    with store.writing() as session:
        a_unit(session, service=session.get(Service, ids["service"]))
    viewer, editor = as_(app, "viewer"), as_(app, "editor")
    match = app.url_map.bind("localhost").match

    def forms(browser):
        """Walk every page of the provider; return the links that lead to a form, and how many pages there were."""
        to_see, seen, found = ["/provider/", "/provider/services", "/provider/team"], set(), set()
        while to_see:
            path = to_see.pop()
            if path in seen:
                continue
            seen.add(path)
            page = browser.get(path).get_data(as_text=True).partition("<main")[2]
            for href in re.findall(r'<a [^>]*href="(/provider[^"#?]*)', page):
                methods = set()
                with suppress(MethodNotAllowed):
                    methods = match(href, method="POST", return_rule=True)[0].methods
                if "POST" not in methods:
                    to_see.append(href)
                elif match(href, method="POST")[0] not in READ_TOO:
                    found.add(href)
        return found, len(seen)

    assert forms(viewer) == (set(), forms(editor)[1])
    assert len(forms(editor)[0]) > 10


def test_a_viewer_changes_nothing_at_any_address_of_the_provider(app, store):
    ids = a_team(store)
    viewer = as_(app, "viewer")
    token = viewer.token("/nowhere")
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("provider.")]
    build = app.url_map.bind("localhost").build
    asked = 0
    for rule in rules:
        for method in (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}:
            path = build(rule.endpoint, dict.fromkeys(rule.arguments, ids["unit"]))
            answer = viewer.client.open(path, method=method, data={"csrf_token": token})
            assert answer.status_code == 403, path
            assert "change nothing" in answer.get_data(as_text=True)
            asked += 1
    assert asked > 10


def test_a_viewer_changes_their_own_sign_in_all_the_same(app, store):
    a_team(store)
    viewer = as_(app, "viewer")
    new = "seven quiet lanterns"
    assert viewer.post("/password", {"current": PASSWORD, "password": new, "again": new}).status_code == 302
    assert viewer.post("/second-step").location == "/second-step/set-up"
    assert viewer.post("/sign-out", page="/password").location == "/sign-in"


def test_of_two_who_change_somebody_at_once_the_second_is_asked(app, store):
    ids = a_team(store)
    lead = as_(app, "lead")
    path = f"/provider/team/{ids['editor']}"
    shown = lead.carried(lead.get(path).get_data(as_text=True), path)
    assert lead.post(path, {"rights": "viewer"}).status_code == 302
    answer = lead.client.post(path, data=shown | {"rights": "lead"})
    assert answer.status_code == 409
    with store.reading() as session:
        assert session.get(User, ids["editor"]).rights is Rights.VIEWER


def test_who_is_limited_meets_another_service_of_the_organisation_nowhere(app, store):
    """Every address of the provider, by every method, with numbers of the service that somebody else looks after."""
    ids = a_team(store)
    with store.writing() as session:
        house = a_service(session, provider_id=1, name="The Other House")
        other = a_unit(session, service=house, name="Its Flat", capacity=4, accepting=3)
        stay = a_placement(session, other, start=0, nights=30)
        to_keep = {"purpose": "other", "places": 1, "start_on": night(5), "end_on": None}
        kept = keep_places(session, other, **to_keep, by=SYSTEM, now=NOW)
        asking = Asking(unit=other, rank=1, start_on=night(40), end_on=night(47))
        later = {"reply_by": NOW + timedelta(hours=2), "by": SYSTEM, "now": NOW}
        (offer,) = send_offers(session, a_referral(session), [asking], **later)
        session.flush()
        theirs = {"service_id": other.service_id, "unit_id": other.id, "placement_id": stay.id, "other_id": kept.id,
                  "offer_id": offer.id}  # fmt: skip
    lead = as_(app, "lead")
    page = lead.get(f"/provider/team/{ids['editor']}").get_data(as_text=True)
    assert "The Other House" in page
    data = {"rights": "editor", "services": [str(ids["service"])]}
    assert lead.post(f"/provider/team/{ids['editor']}", data).status_code == 302
    assert "for 1 service" in lead.get("/provider/team").get_data(as_text=True)

    editor = as_(app, "editor")
    build, asked = app.url_map.bind("localhost").build, 0
    token = editor.token("/nowhere")
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith("provider."):
            continue
        if not rule.arguments:
            assert "The Other House" not in editor.get(rule.rule).get_data(as_text=True), rule.rule
        elif rule.arguments <= theirs.keys() | {"slug"}:
            path = build(rule.endpoint, {**theirs, "slug": "specialism"})
            for method in (rule.methods or set()) & {"GET", "POST"}:
                answer = editor.client.open(path, method=method, data={"csrf_token": token})
                assert answer.status_code == 404, (method, path)
                asked += 1
    assert asked > 40
    assert editor.get(f"/provider/services/{ids['service']}/vacancies").status_code == 200


def test_a_lead_is_not_limited_and_the_form_says_so(app, store):
    ids = a_team(store)
    lead = as_(app, "lead")
    data = {"rights": "lead", "services": [str(ids["service"])]}
    answer = lead.post(f"/provider/team/{ids['editor']}", data)
    assert answer.status_code == 422
    assert "A lead looks after every service" in answer.get_data(as_text=True)
