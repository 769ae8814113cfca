"""A person's own e-mail of the day: on, off, and from which hour; not of whom there is none."""

import pytest

from placement.domain.people import Role
from placement.records.digests import Wish, wishes
from tests.builders import a_provider
from tests.web.pages.broker.test_questions import text
from tests.web_client import Browser, signed_in


@pytest.mark.parametrize(("role", "usual"), [(Role.PROVIDER, True), (Role.COMMISSIONER, True), (Role.BROKER, False)])
def test_it_is_turned_off_on_and_to_another_hour(app, store, role, usual):
    with store.writing() as session:
        provider_id = a_provider(session).id if role is Role.PROVIDER else None
    person = signed_in(app, role, provider_id=provider_id)

    def wish():
        with store.reading() as session:
            (found,) = wishes(session, {1: role}).values()
            return found

    assert wish() == Wish(is_on=usual, hour=8)
    for is_on, hour in (("no", "8"), ("yes", "15")):
        assert person.post("/emails", {"is_on": is_on, "hour": hour}).status_code == 302
        assert wish() == Wish(is_on=is_on == "yes", hour=int(hour))
    assert "You have this e-mail from 3pm." in text(person.get("/emails"))


@pytest.mark.parametrize("wrong", [{"hour": "3"}, {"hour": "24"}, {"hour": "x"}, {"is_on": "perhaps"}, {"is_on": ""}])
def test_what_is_no_answer_is_refused_beside_its_question(app, wrong):
    broker = signed_in(app, Role.BROKER)
    page = broker.post("/emails", {"is_on": "yes", "hour": "8"} | wrong)
    assert page.status_code == 422
    assert "There is a problem" in text(page)


def test_who_has_none_is_at_the_start_and_who_is_not_signed_in_signs_in(app):
    assert signed_in(app, Role.ADMIN).get("/emails").location == "/"
    assert Browser(app).get("/emails").headers["Location"].startswith("/sign-in")
