"""Every form over a stored record asks when it is saved over a newer version, and merges what does not clash."""

from placement.domain.people import Role
from placement.domain.settings import SETTINGS
from placement.planning.price_limits import CAN_WAIT
from placement.records.accounts import user_named
from placement.records.placements import Placement
from placement.records.providers import Service
from placement.records.settings import numbers
from placement.records.teams import add_team
from tests.builders import TODAY, a_placement, a_service, a_unit, night
from tests.conftest import NOW
from tests.web.pages.broker.test_meeting import opened
from tests.web.pages.broker.test_questions import text
from tests.web_client import add_person_who_signs_in, signed_in


def saved_over(browser, path, before, first, second, *, form=None):
    """Open a form, let it be saved with `first`, then send the one that was opened with `second`."""
    shown = form or opened(browser, path)
    assert browser.client.post(path, data=shown | before | first).status_code == 302
    return browser.client.post(path, data=shown | before | second)


def test_the_settings_of_two_administrators(app, store):
    admin = signed_in(app, Role.ADMIN)
    one, two, *_ = (row.slug for row in SETTINGS)
    with store.reading() as session:
        known = {slug: str(value) for slug, value in numbers(session).items()}
    first, second = {one: str(int(known[one]) + 1)}, {two: str(int(known[two]) + 1)}
    answer = saved_over(admin, "/admin/settings", known, first, second)
    assert answer.status_code == 302, text(answer)
    with store.reading() as session:
        assert {name: str(value) for name, value in numbers(session).items()} == known | first | second
    now = known | first | second
    clash = saved_over(admin, "/admin/settings", now, {one: known[one]}, {one: str(int(known[one]) + 2)})
    assert clash.status_code == 409
    assert "in another window" in text(clash)


def test_the_limits_of_two_administrators(app):
    admin = signed_in(app, Role.ADMIN)
    slug = next(iter(CAN_WAIT)).slug
    assert saved_over(admin, "/admin/holding", {}, {slug: "10"}, {slug: "20"}).status_code == 409


def test_what_two_administrators_say_of_one_user(app, store):
    admin = signed_in(app, Role.ADMIN)
    add_person_who_signs_in(app, Role.BROKER)
    with store.writing() as session:
        team = add_team(session, "North", by=user_named(session, "admin@example.org").actor(), now=NOW).id
        number = user_named(session, "broker@example.org").id
    path = f"/admin/users/{number}"
    step = {"step": "hand"}
    answer = saved_over(admin, path, step, {"team": str(team)}, {"team": "", "is_manager": "y"})
    assert answer.status_code == 302, text(answer)
    with store.reading() as session:
        user = user_named(session, "broker@example.org")
        assert (user.team_id, user.is_manager) == (team, True)


def test_how_a_service_is_reached_as_two_of_its_people_say(app, store):
    with store.writing() as session:
        service = a_service(session)
        provider, number = service.provider_id, service.id
    browser = signed_in(app, Role.PROVIDER, provider_id=provider)
    path = f"/provider/services/{number}/contact"
    before = {"telephone": "", "email": ""}
    answer = saved_over(browser, path, before, {"telephone": "024 7655 0100"}, {"email": "home@example.org"})
    assert answer.status_code == 302
    with store.reading() as session:
        kept = session.get_one(Service, number)
        assert (kept.telephone, kept.email) == ("024 7655 0100", "home@example.org")
    now = {"telephone": "024 7655 0100", "email": "home@example.org"}
    other = saved_over(browser, path, now, {"telephone": "024 7655 0101"}, {"telephone": "024 7655 0102"})
    assert other.status_code == 409
    assert "024 7655 0101" in text(other)


def days(on):
    return [str(on.day), str(on.month), str(on.year)]


def test_the_nights_of_a_stay_as_two_brokers_change_them(app, store):
    with store.writing() as session:
        number = a_placement(session, a_unit(session, accepting=3), nights=10).id
    broker = signed_in(app, Role.BROKER)
    path = f"/broker/placements/{number}/dates"
    before = {"start_on": days(TODAY)}
    answer = saved_over(broker, path, before, {"end_on": days(night(8))}, {"end_on": days(night(9))})
    assert answer.status_code == 409
    assert "1 December 2026" in text(answer)
    with store.reading() as session:
        assert session.get_one(Placement, number).end_on == night(8)
