from placement.domain.people import Role
from placement.domain.tracker import COLUMN_MAP
from placement.records.tracker import column_map
from tests.web_client import signed_in

USUAL = {row.slug: list(row.usual) if row.slug == "included" else "\n".join(row.usual) for row in COLUMN_MAP}


def test_what_extracts_call_things_is_shown_and_saved(app, store):
    browser = signed_in(app, Role.ADMIN)
    assert "declaredvacancies" in browser.get("/admin/tracker").get_data(as_text=True)
    changed = {"occupied": "usedbeds\r\n In use \r\n\r\nin use", "included": ["reserved"]}
    assert browser.post("/admin/tracker", USUAL | changed).status_code == 302
    with store.reading() as session:
        found = column_map(session, "E08000026")
    assert (found["occupied"], found["included"]) == (("usedbeds", "In use", "in use"), ("reserved",))
    assert "In use" in browser.get("/admin/tracker").get_data(as_text=True)
    too_long = browser.post("/admin/tracker", USUAL | changed | {"occupied": "x" * 2001})
    assert too_long.status_code == 422
