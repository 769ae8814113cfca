from placement.domain.people import Role
from placement.domain.settings import SETTINGS
from placement.records.settings import number
from tests.web_client import signed_in

USUAL = {row.slug: str(row.usual) for row in SETTINGS}


def test_settings_are_shown_saved_and_refused_out_of_bounds(app, store):
    browser = signed_in(app, Role.ADMIN)
    assert 'value="14"' in browser.get("/admin/settings").get_data(as_text=True)
    wrong = browser.post("/admin/settings", USUAL | {"absence_review_days": "0"})
    assert wrong.status_code == 422
    assert "Enter a number from 1 to 365" in wrong.get_data(as_text=True)
    changed = {"absence_review_days": "7", "most_held_days": "9", "chance_of_yes": "95"}
    assert browser.post("/admin/settings", USUAL | changed).status_code == 302

    with store.reading() as session:
        assert (number(session, "absence_review_days"), number(session, "most_held_days")) == (7, 9)
