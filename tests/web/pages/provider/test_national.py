import re

from placement.records.providers import Service, Unit
from tests.builders import a_report
from tests.conftest import NOW
from tests.web.pages.provider.conftest import fields, read


def test_the_numbers_to_enter_are_shown_entered_and_marked_when_they_change(works, store):
    with store.writing() as session:
        session.get_one(Service, works.service).service_type = "nursing"
    here = f"/provider/services/{works.service}/national"
    assert "no category is chosen: Ground floor, First floor" in read(works.browser.get(here))
    chosen = {f"category-{works.unit}": "general_nursing", f"category-{works.other_unit}": "general_nursing"}
    answer = works.browser.post(f"{here}/categories", fields(works.browser.get(f"{here}/categories")) | chosen)
    assert answer.location == here

    page = works.browser.get(here)
    assert "6\t4\t0\t2" in page.get_data(as_text=True)
    assert "Never entered before." in read(page)
    seen = re.search(r'name="seen" value="(\w+)"', page.get_data(as_text=True))[1]
    assert works.browser.post(f"{here}/entered", {"seen": "other"}, page=here).status_code == 409
    assert works.browser.post(f"{here}/entered", {"seen": seen}, page=here).location == "/provider/services/national"
    assert "Nothing has changed since." in read(works.browser.get(here))
    assert "Last entered" in read(works.browser.get("/provider/services/national"))

    with store.writing() as session:
        unit = session.get_one(Unit, works.unit)
        a_report(session, unit, maximum=4, occupied=3, reserved=0, accepting=1, reported_at=NOW)
    page = read(works.browser.get(here))
    assert "5 was 4" in page
    assert "1 was 2" in page
    assert "Numbers have changed" in read(works.browser.get("/provider/services/national"))


def test_a_category_that_is_none_and_another_providers_home_are_refused(works, elsewhere):
    here = f"/provider/services/{works.service}/national"
    form = fields(works.browser.get(f"{here}/categories")) | {f"category-{works.unit}": "castle"}
    assert works.browser.post(f"{here}/categories", form).status_code == 422
    assert elsewhere.browser.get(here).status_code == 404
    assert elsewhere.browser.post(f"{here}/entered", {"seen": "x"}, page="/provider/").status_code == 404
