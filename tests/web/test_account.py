from datetime import timedelta

from placement.domain.people import Role
from placement.records.users import SignIn
from tests.web_client import Browser, add_person_who_signs_in, signed_in


def test_asks_to_sign_in_and_goes_on_to_the_page_that_was_wanted(app):
    add_person_who_signs_in(app, Role.ADMIN)
    browser = Browser(app)
    assert browser.get("/").location == "/sign-in"

    answer = browser.post("/sign-in?next=/admin/", {"email": "admin@example.org", "password": "correct horse battery"})
    assert answer.location == "/admin/"


def test_never_goes_on_to_another_host(app):
    add_person_who_signs_in(app, Role.ADMIN)
    for target in ("//evil.example", "https://evil.example", "/\\evil.example"):
        answer = Browser(app).post(
            f"/sign-in?next={target}", {"email": "admin@example.org", "password": "correct horse battery"}
        )
        assert answer.location == "/"


def test_says_the_same_for_a_wrong_password_and_an_unknown_account(app):
    add_person_who_signs_in(app, Role.BROKER)
    wrong = Browser(app).sign_in("broker@example.org", "wrong password")
    unknown = Browser(app).sign_in("nobody@example.org", "wrong password")
    assert wrong.status_code == unknown.status_code == 422
    assert "is not right" in wrong.get_data(as_text=True)
    assert "is not right" in unknown.get_data(as_text=True)


def test_stops_guessing_after_ten_tries_and_starts_again_five_minutes_later(app, clock):
    add_person_who_signs_in(app, Role.BROKER)
    browser = Browser(app)
    answers = [browser.sign_in("broker@example.org", "wrong password").status_code for _ in range(12)]
    assert answers == [422] * 10 + [429] * 2
    clock.now += timedelta(minutes=5, seconds=1)
    assert browser.sign_in("broker@example.org").status_code == 302


def test_a_whole_office_may_sign_in_from_one_address(app):
    add_person_who_signs_in(app, Role.BROKER)
    assert [Browser(app).sign_in("broker@example.org").status_code for _ in range(30)] == [302] * 30
    wrong = [Browser(app).sign_in("broker@example.org", "wrong password").status_code for _ in range(11)]
    assert wrong == [422] * 10 + [429]


def test_signing_out_ends_the_sign_in_on_the_server_too(app, store):
    browser = signed_in(app, Role.BROKER)
    kept = browser.client.get_cookie("placement").value
    assert browser.post("/sign-out", page="/nowhere").location == "/sign-in"
    browser.client.set_cookie("placement", kept)
    assert browser.get("/").location == "/sign-in"
    with store.reading() as session:
        assert session.query(SignIn).count() == 0


def test_half_an_hour_without_a_request_ends_the_sign_in_but_a_request_keeps_it(app, clock):
    browser = signed_in(app, Role.ADMIN)
    for _ in range(3):
        clock.now += timedelta(minutes=29)
        assert browser.get("/nowhere").status_code == 404
    assert browser.get("/").location != "/sign-in"
    clock.now += timedelta(minutes=31)
    assert browser.get("/").location == "/sign-in"


def test_twelve_hours_end_the_sign_in_however_busy_it_was(app, clock):
    browser = signed_in(app, Role.ADMIN)
    for _ in range(25):
        clock.now += timedelta(minutes=29)
        browser.get("/nowhere")
    assert browser.get("/").location == "/sign-in"


def test_a_form_without_its_token_is_refused(app):
    assert Browser(app).client.post("/sign-in", data={"email": "a", "password": "b"}).status_code == 400


def test_health_answers_without_signing_in(app):
    assert Browser(app).get("/health/live").json == {"live": True}
    assert Browser(app).get("/health/ready").json == {"ready": True}
