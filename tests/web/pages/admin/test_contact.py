from placement.domain.people import Role
from placement.market.contacts import council_contact
from tests.web_client import signed_in

PATH = "/admin/contact"


def test_says_whom_providers_call_and_refuses_what_nobody_can_call(app, store):
    browser = signed_in(app, Role.ADMIN)
    assert browser.get(PATH).status_code == 200
    wrong = browser.post(PATH, {"team": "Commissioning", "telephone": "", "email": ""})
    assert wrong.status_code == 422
    assert "Enter a telephone number or an e-mail address" in wrong.get_data(as_text=True)
    saved = browser.post(PATH, {"team": "Commissioning", "telephone": "024 7655 0170", "email": ""})
    assert saved.location == "/admin/"

    with store.reading() as session:
        assert council_contact(session).telephone == "024 7655 0170"
    assert 'value="Commissioning"' in browser.get(PATH).get_data(as_text=True)
