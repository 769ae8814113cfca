import re

from placement.domain.people import Role
from tests.builders import a_placement, a_service, a_unit
from tests.web_client import signed_in


def text_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.get_data(as_text=True)))


def place_some(store):
    with store.writing() as session:
        inside = a_unit(session, accepting=2, capacity=2)
        outside = a_unit(
            session, accepting=2, capacity=2, service=a_service(session, ward_code=None, authority="E07000220")
        )
        a_placement(session, inside, nights=None)
        a_placement(session, inside, start=-40, nights=None)
        out = {"is_in_city": False, "miles": 9.94, "start": -40, "nights": None}
        a_placement(session, outside, out_of_city_reason="cost", **out)
        a_placement(session, outside, out_of_city_reason="close_to_family", **out)


def test_the_headline_gives_the_share_by_choice_and_not(app, store):
    place_some(store)
    text = text_of(signed_in(app, Role.COMMISSIONER).get("/commissioner/out-of-city"))

    assert "2 of 4 live placements are outside the city (50%)." in text
    assert "1 not by choice" in text
    assert "1 by choice or best interest" in text


def test_the_register_has_a_line_a_placement_and_no_name(app, store):
    place_some(store)
    page = signed_in(app, Role.COMMISSIONER).get("/commissioner/out-of-city")

    assert text_of(page).count("Rugby 9.9 miles") == 2
    assert "Person " not in text_of(page)


def test_the_trend_has_a_table_before_its_bars(app, store):
    place_some(store)
    html = signed_in(app, Role.COMMISSIONER).get("/commissioner/out-of-city").get_data(as_text=True)
    trend = html[html.index('id="trend"') : html.index('id="register"')]

    assert trend.index("<table") < trend.index("<svg")
    assert re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", trend)).count("2026") == 11
    assert trend.count('class="app-bars__text"') == 24


def test_a_city_without_placements_reads_well(app):
    text = text_of(signed_in(app, Role.COMMISSIONER).get("/commissioner/out-of-city"))

    assert "Nobody is placed at present" in text
    assert "The register is empty" in text
    assert "do not publish" in text
