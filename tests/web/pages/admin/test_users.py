import re

import pytest

from placement.domain.people import Role
from placement.records.events import AuditLine
from placement.records.users import SignIn, User
from tests.builders import a_provider
from tests.web_client import PASSWORD, Browser, add_person_who_signs_in, signed_in

JO = {"name": "Jo Bell", "email": "jo@example.org", "role": "broker", "password": PASSWORD}


def flat(page):
    return re.sub(r"\s+", " ", page.get_data(as_text=True))


def actions(store):
    with store.reading() as session:
        return [line.sentence for line in session.query(AuditLine).order_by(AuditLine.id)]


def test_a_person_is_added_and_can_sign_in(app, store):
    admin = signed_in(app, Role.ADMIN)
    assert admin.post("/admin/users/new", JO).location == "/admin/users"

    assert "Jo Bell can sign in now." in flat(admin.get("/admin/users"))
    assert Browser(app).sign_in("jo@example.org").status_code == 302
    assert "added a user" in actions(store)


def test_a_providers_person_belongs_to_a_provider_and_anybody_else_to_none(app, store):
    with store.writing() as session:
        provider = a_provider(session, name="Godiva Homes").id
    admin = signed_in(app, Role.ADMIN)
    refused = admin.post("/admin/users/new", JO | {"role": "provider"})
    admin.post("/admin/users/new", JO | {"role": "provider", "provider_id": str(provider)})
    admin.post("/admin/users/new", JO | {"email": "al@example.org", "provider_id": str(provider)})

    assert refused.status_code == 422
    assert "Choose the provider that the person works for" in flat(refused)
    with store.reading() as session:
        found = {user.email: user.provider_id for user in session.query(User)}
    assert (found["jo@example.org"], found["al@example.org"]) == (provider, None)
    assert "Provider, Godiva Homes" in flat(admin.get("/admin/users"))


WRONG = [
    ({"name": " "}, "Enter the person’s name"),
    ({"email": "nobody"}, "Enter an e-mail address, for example"),
    ({"email": "admin@example.org"}, "Somebody already signs in with this e-mail address."),
    ({"role": "owner"}, "govuk-error-message"),
    ({"role": ""}, "Choose what the person does"),
    ({"password": "short"}, "Enter 8 to 200 characters"),
    ({"provider_id": "999999"}, "govuk-error-message"),
]


def test_a_wrong_answer_is_shown_beside_its_question_and_adds_nobody(app, store):
    admin = signed_in(app, Role.ADMIN)
    for wrong, words in WRONG:
        answer = admin.post("/admin/users/new", JO | wrong)
        assert answer.status_code == 422
        assert words in flat(answer), wrong
        assert "There is a problem" in flat(answer)
    with store.reading() as session:
        assert session.query(User).count() == 1


def test_deactivating_signs_a_person_out_everywhere_until_somebody_reactivates_them(app, store):
    broker, admin = signed_in(app, Role.BROKER), signed_in(app, Role.ADMIN)
    with store.reading() as session:
        jo = session.query(User).filter_by(role=Role.BROKER).one().id
    admin.post(f"/admin/users/{jo}/deactivate", page="/admin/users/new")

    assert broker.get("/").location == "/sign-in"
    assert Browser(app).sign_in("broker@example.org").status_code == 422
    with store.reading() as session:
        assert session.query(SignIn).filter_by(user_id=jo).count() == 0
    admin.post(f"/admin/users/{jo}/reactivate", page="/admin/users/new")
    assert Browser(app).sign_in("broker@example.org").status_code == 302
    assert [action for action in actions(store) if action.endswith("activated a user")] == [
        "deactivated a user",
        "reactivated a user",
    ]


def test_nobody_deactivates_themself(app, store):
    admin = signed_in(app, Role.ADMIN)
    with store.reading() as session:
        myself = session.query(User).one().id

    assert admin.post(f"/admin/users/{myself}/deactivate", page="/admin/users/new").status_code == 403
    assert admin.get("/admin/users").status_code == 200
    assert "This is you" in flat(admin.get("/admin/users"))


def test_deactivating_twice_is_recorded_once(app, store):
    admin = signed_in(app, Role.ADMIN)
    jo = add_person_who_signs_in(app, Role.BROKER).id
    for _ in range(2):
        assert admin.post(f"/admin/users/{jo}/deactivate", page="/admin/users/new").status_code == 302

    assert actions(store).count("deactivated a user") == 1


def test_somebody_who_does_not_exist_is_not_found(app):
    admin = signed_in(app, Role.ADMIN)
    for number in ("0", "999999999", "99999999999999999999", "-1", "x"):
        assert admin.post(f"/admin/users/{number}/deactivate", page="/admin/users/new").status_code == 404


def test_changing_a_person_needs_the_forms_token_and_a_post(app):
    admin = signed_in(app, Role.ADMIN)
    assert admin.client.post("/admin/users/1/deactivate").status_code == 400
    assert admin.get("/admin/users/1/deactivate").status_code == 405


@pytest.mark.parametrize("role", [Role.BROKER, Role.COMMISSIONER])
def test_only_an_administrator_sees_these_pages(app, role):
    other, nobody = signed_in(app, role), Browser(app)
    for path in ("/admin/", "/admin/users", "/admin/users/new", "/admin/audit", "/admin/wards"):
        assert other.get(path).status_code == 403
        assert nobody.get(path).location.startswith("/sign-in")
