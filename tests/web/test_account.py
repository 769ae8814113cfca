from dataclasses import replace
from datetime import timedelta

from placement.domain.people import Role
from placement.records.users import SignIn
from placement.web.factory import create_app
from tests.conftest import settings
from tests.web_client import PASSWORD, Browser, add_person_who_signs_in, signed_in


def test_asks_to_sign_in_and_goes_on_to_the_page_that_was_wanted(app):
    add_person_who_signs_in(app, Role.ADMIN)
    browser = Browser(app)
    assert browser.get("/").location == "/sign-in"

    answer = browser.post("/sign-in?next=/admin/", {"email": "admin@example.org", "password": "correct horse battery"})
    assert answer.location == "/admin/"


def test_never_goes_on_to_another_host(app):
    add_person_who_signs_in(app, Role.ADMIN)
    for target in (
        *("//evil.example", "https://evil.example", "/\\evil.example", "/%5C%5Cevil.example", "/%09/evil.example"),
        *("%0d%0a", "/%0d%0aX-Header: mine", "/%0a/evil.example", "/%e2%80%a8/evil.example"),
    ):
        answer = Browser(app).post(
            f"/sign-in?next={target}", {"email": "admin@example.org", "password": "correct horse battery"}
        )
        assert (answer.status_code, answer.location) in {(302, "/"), (400, None)}, target


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


def test_a_wrong_name_in_the_address_leads_nowhere(app):
    """Neither by the slash that is added, nor by a link."""
    browser = Browser(app)
    answer = browser.get("/broker?next=1", base_url="http://evil.example")
    assert (answer.status_code, answer.location) == (308, "/broker/?next=1")
    assert browser.get("//evil.example/broker").status_code in {308, 404}


def test_only_the_names_that_a_setting_gives_are_answered_to_and_health_is_anybodys(database, tmp_path, clock):
    app = create_app(replace(settings(database.url, tmp_path, clock), hosts=("placement.example.org",)))
    client = app.test_client()
    assert client.get("/sign-in", base_url="http://placement.example.org:8000").status_code == 200
    refused = client.get("/sign-in", base_url="http://evil.example")
    assert refused.status_code == 400
    assert "PLACEMENT_HOSTS" in refused.get_data(as_text=True)
    assert client.get("/health/live", base_url="http://10.0.0.7").status_code == 200
    app.extensions["placement_store"].engine.dispose()


def test_behind_a_proxy_the_addresses_are_those_of_the_people(database, tmp_path, clock):
    """Only as many proxies are believed as the setting says: what is in front of them anybody can write."""
    app = create_app(replace(settings(database.url, tmp_path, clock), proxies=1))
    add_person_who_signs_in(app, Role.BROKER)

    def guess(address, password="wrong password"):
        browser = Browser(app)
        token = browser.token("/sign-in")
        form = {"csrf_token": token, "email": "broker@example.org", "password": password}
        return browser.client.post("/sign-in", data=form, headers={"X-Forwarded-For": address})

    answers = [guess(f"192.0.2.{number}, 198.51.100.1").status_code for number in range(11)]
    assert answers == [422] * 10 + [429]
    assert guess("198.51.100.2", PASSWORD).status_code == 302, "somebody else's guesses keep nobody out"
    app.extensions["placement_store"].engine.dispose()


def test_a_lock_out_says_what_it_means_and_when_it_ends(app, clock):
    add_person_who_signs_in(app, Role.BROKER)
    for _ in range(10):
        Browser(app).sign_in("broker@example.org", "wrong password")
    clock.now += timedelta(minutes=2, seconds=30)
    answer = Browser(app).sign_in("broker@example.org", "wrong password")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "150"
    page = answer.get_data(as_text=True)
    assert "Wait 3 minutes" in page
    assert "can be used from elsewhere" in page


def test_a_hundred_guesses_at_many_accounts_from_one_address_are_stopped(app):
    answers = [Browser(app).sign_in(f"somebody-{number}@example.org", "wrong").status_code for number in range(101)]
    assert answers == [422] * 100 + [429]


def test_anybody_can_change_their_password_and_is_signed_out_everywhere_else(app):
    here, elsewhere = signed_in(app, Role.COMMISSIONER), Browser(app)
    elsewhere.sign_in("commissioner@example.org")
    assert 'href="/password"' in here.get("/commissioner/gaps").get_data(as_text=True)
    new = "seven quiet lanterns"
    form = {"current": PASSWORD, "password": new, "again": new}
    for wrong, said in (
        ({"current": "not mine at all"}, "This is not your password"),
        ({"password": "Coventry1", "again": "Coventry1"}, "without your name"),
        ({"password": PASSWORD, "again": PASSWORD}, "not the one you have"),
        ({"again": "something else"}, "the same password twice"),
    ):
        answer = here.post("/password", form | wrong)
        assert answer.status_code == 422
        assert said in answer.get_data(as_text=True)
        assert elsewhere.get("/commissioner/gaps").status_code == 200

    assert here.post("/password", form).status_code == 302
    assert here.get("/commissioner/gaps").status_code == 200
    assert elsewhere.get("/commissioner/gaps").location.startswith("/sign-in")
    assert Browser(app).sign_in("commissioner@example.org").status_code == 422
    assert Browser(app).sign_in("commissioner@example.org", new).status_code == 302


def test_the_password_page_asks_to_sign_in(app):
    assert Browser(app).get("/password").location == "/sign-in?next=/password"


def test_a_body_that_does_not_say_how_long_it_is_is_refused(app):
    answer = Browser(app).client.post("/sign-in", data=b"", headers={"Transfer-Encoding": "chunked"})
    assert answer.status_code == 411
