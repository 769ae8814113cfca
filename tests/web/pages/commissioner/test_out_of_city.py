import re

from placement.domain.people import Role
from placement.domain.states import PlacementState
from tests.builders import a_placement, a_service, a_unit
from tests.web_client import signed_in


def text_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.get_data(as_text=True)))


def place_some(store, many=12):
    with store.writing() as session:
        inside = a_unit(session, accepting=40, capacity=40)
        house = a_service(session, ward_code=None, authority="E07000220")
        outside = a_unit(session, accepting=40, capacity=40, service=house)
        stays = {"start": -80, "nights": None, "state": PlacementState.ACTIVE, "weekly_pence": 1_000_00}
        for _ in range(many):
            a_placement(session, inside, **stays)
            a_placement(session, outside, out_of_city_reason="cost", is_in_city=False, miles=9.94, **stays)
        a_placement(session, outside, out_of_city_reason="close_to_family", is_in_city=False, miles=9.94, **stays)


def test_the_headline_gives_people_their_share_and_what_they_cost(app, store):
    place_some(store)
    text = text_of(signed_in(app, Role.COMMISSIONER).get("/commissioner/out-of-city"))

    assert "About 15 people live in a place outside the city tonight, about 60% of the 25 or so" in text
    assert "for about £15,000 a week" in text


def test_no_few_people_no_reference_and_no_name_is_on_the_page_or_in_a_file(app, store):
    place_some(store)
    browser = signed_in(app, Role.COMMISSIONER)
    page = text_of(browser.get("/commissioner/out-of-city"))
    file = browser.get("/commissioner/reports/out_of_city.csv").get_data(as_text=True)

    for words in (page, file):
        assert "Rugby" in words
        assert "To be close to family" not in words  # one person
        assert not re.search(r"RF-\d|Person \d", words)


def test_the_trend_has_a_table_before_its_bars(app, store):
    place_some(store)
    html = signed_in(app, Role.COMMISSIONER).get("/commissioner/out-of-city").get_data(as_text=True)
    trend = html[html.index('id="trend"') : html.index('id="download"')]

    assert trend.index("<table") < trend.index("<svg")
    assert "July to September 2026" in trend
    assert trend.count('class="app-bars__text"') == 8
    assert trend.count('fill="url(#no-data)"') == 3


def test_a_city_without_placements_reads_well(app):
    text = text_of(signed_in(app, Role.COMMISSIONER).get("/commissioner/out-of-city"))

    assert "Fewer than 8 people live in a place outside the city tonight" in text
    assert "No row may be told" in text
