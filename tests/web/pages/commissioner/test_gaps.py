import csv
import io
import json
import re
from dataclasses import replace
from datetime import timedelta
from itertools import product
from urllib.parse import quote

import pytest
import shapely
from sqlalchemy import event

from placement.domain.people import SYSTEM, Role
from placement.domain.states import ReferralState
from placement.geography.attribution import ATTRIBUTION
from placement.geography.ward_names import NEW_WARDS
from placement.matching.tiers.solving import solve
from placement.planning import runs
from placement.records.ward_sets import save_ward_set
from placement.reports.catalogue import REPORTS
from tests.builders import a_person, a_placement, a_referral, a_service, a_unit
from tests.conftest import NOW
from tests.web_client import Browser, add_person_who_signs_in, signed_in

FOLESHILL, LONGFORD, WYKEN = (NEW_WARDS.wards[place].code for place in (4, 7, 17))
PAGES = (
    "/commissioner/gaps",
    "/commissioner/gaps/quarters",
    "/commissioner/gaps.geojson",
    f"/commissioner/areas/{FOLESHILL}",
)
PAGES += ("/commissioner/out-of-city", *(f"/commissioner/reports/{report.slug}.csv" for report in REPORTS))


@pytest.fixture
def drawn(store):
    """Store the new wards as squares, so that no test depends on files that set-up may not have made."""
    squares = [shapely.box(-1.7 + place / 50, 52.4, -1.68 + place / 50, 52.42) for place in range(18)]
    wards = tuple(replace(ward, outline=square) for ward, square in zip(NEW_WARDS.wards, squares, strict=True))
    with store.writing() as session:
        save_ward_set(session, replace(NEW_WARDS, wards=wards, is_approximate=False), by=SYSTEM, now=NOW)


@pytest.fixture
def market(store, drawn):
    """Fourteen people from Foleshill ask for nursing with dementia, twelve from Longford, where one such place is free.

    The run gives it to one of them; and of last quarter, ten people went out of the city.
    """
    with store.writing() as session:
        for ward, many in ((FOLESHILL, 14), (LONGFORD, 12)):
            for _ in range(many):
                home = a_person(session, ward_code=ward)
                a_referral(session, person=home, ward_code=ward, kind="planned", essential=("dementia", "nurse"))
        service = a_service(session, ward_code=LONGFORD, name="Canal Side", service_type="nursing")
        a_unit(session, service=service, accepting=1, offers=("dementia", "nurse"))
        a_unit(session, service=service, accepting=4, offers=("autism",))
        far = a_unit(
            session, service=a_service(session, ward_code=None, authority="E07000220"), accepting=40, capacity=40
        )
        for _ in range(10):
            went_outside(session, far)
    a_finished_run(store)


def went_outside(session, unit):
    at = NOW - timedelta(days=90)
    person = a_person(session, ward_code=FOLESHILL)
    values = {"person": person, "ward_code": FOLESHILL, "kind": "planned", "essential": ("dementia",)}
    referral = a_referral(session, state=ReferralState.PLACED, submitted_at=at, **values)
    out = {"is_in_city": False, "out_of_city_reason": "no_vacancy", "created_at": at + timedelta(days=4)}
    a_placement(session, unit, person=person, referral=referral, start=-80, nights=200, **out)


def a_finished_run(store):
    with store.writing() as session:
        run_id = runs.request_run(session, by=SYSTEM, now=NOW).id
    with store.writing() as session:
        token = runs.claim_run(session, run_id, now=NOW)
        instance = runs.snapshot_run(session, run_id, token, now=NOW)
    with store.writing() as session:
        runs.publish_run(session, run_id, token, instance, solve(instance), now=NOW)


def text_of(page):
    words = re.sub(r"<script.*?</script>|<style.*?</style>|<[^>]+>", " ", page.get_data(as_text=True), flags=re.S)
    return re.sub(r"\s+", " ", words)


def row_of(page, area):
    rows = re.findall(r"<tr.*?</tr>", page.get_data(as_text=True), flags=re.S)
    found = next(row for row in rows if f">{area}</a>" in row)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found)).split()


NURSING = "need=nursing_dementia"


def test_the_first_row_of_the_table_says_where_nursing_dementia_places_are_lacking(app, market):
    page = signed_in(app, Role.COMMISSIONER).get(f"/commissioner/gaps?{NURSING}")

    assert row_of(page, "Foleshill")[:5] == ["5", "Foleshill", "15", "Full:", "15"]
    assert row_of(page, "Longford")[:5] == ["8", "Longford", "10", "Full:", "10"]
    assert row_of(page, "Wyken")[:6] == ["18", "Wyken", "*", "held", "back", "–"]
    assert "Whole city: Nursing dementia: about 25 people waiting" in text_of(page)
    assert "As the match run left it that finished just now" in text_of(page)


def test_before_a_run_has_finished_nobody_is_said_to_wait_or_not_to(app, store, drawn):
    with store.writing() as session:
        a_referral(session, person=a_person(session, ward_code=FOLESHILL), ward_code=FOLESHILL)
    browser = signed_in(app, Role.COMMISSIONER)
    page = text_of(browser.get("/commissioner/gaps"))

    assert "No match run has finished yet" in page
    assert "Not known yet: 18 areas" in page
    assert "fewer than 8 people, or held back waiting" not in page
    assert "not known who has no place" in text_of(browser.get(f"/commissioner/areas/{FOLESHILL}"))


def test_an_old_run_is_told_with_its_time(app, market, clock):
    clock.now = NOW + timedelta(days=2)
    page = text_of(signed_in(app, Role.COMMISSIONER).get("/commissioner/gaps"))

    assert "finished 2 days ago, on 23 November 2026" in page
    assert "That is more than a day ago" in page


def test_a_past_says_who_was_left_without_a_place_why_and_for_how_long(app, market):
    page = signed_in(app, Role.COMMISSIONER).get("/commissioner/gaps?period=last_quarter&need=dementia")

    assert "Whole city: Dementia: about 10 people without a place in the city, July to September 2026" in text_of(page)
    assert row_of(page, "Foleshill")[:7] == ["5", "Foleshill", "10", "Full:", "10", "10", "*"]
    assert "They waited about 40 nights in all." in text_of(page)
    assert "match run of" not in text_of(page)


def test_no_page_says_that_places_are_missing_or_to_spare(app, market):
    browser = signed_in(app, Role.COMMISSIONER)
    for path in ("/commissioner/gaps", "/commissioner/gaps?period=year", f"/commissioner/areas/{FOLESHILL}"):
        words = text_of(browser.get(path))
        assert not re.search(r"places? missing|to spare|would be left", words), path


def test_the_table_stands_before_the_map_in_the_source(app, market):
    html = signed_in(app, Role.COMMISSIONER).get("/commissioner/gaps").get_data(as_text=True)
    assert html.index("<table") < html.index('class="app-map"')


def test_a_chip_names_its_filter_and_takes_it_away(app, market):
    page = signed_in(app, Role.COMMISSIONER).get(f"/commissioner/gaps?{NURSING}&kind=planned&type=nursing&period=year")
    chips = re.findall(r'class="app-chip" href="([^"]+)">([^<]+)<', page.get_data(as_text=True))

    assert [words.strip() for _, words in chips] == [
        *("Nursing dementia", "Nursing home", "Planned", "October 2025 to September 2026")
    ]
    assert "need=" not in chips[0][0]
    assert "type=" in chips[0][0]


def test_the_map_is_there_without_scripts_with_its_legend_and_credits(app, market):
    page = signed_in(app, Role.COMMISSIONER).get("/commissioner/gaps?need=dementia")
    html = page.get_data(as_text=True)

    assert html.count('<path class="app-map__area') == 18
    assert html.count('fill="url(#no-data)"') == 17  # sixteen wards that are not told, and the legend's own
    assert "About 15 people: 1 area" in text_of(page)
    assert "Fewer than 8 people, or held back: 16 areas" in text_of(page)
    assert all(credit in html for credit in ATTRIBUTION)
    assert "Coventry wards from May 2026" in html


def test_an_area_keeps_its_number_whatever_is_asked(app, market):
    browser = signed_in(app, Role.COMMISSIONER)
    for asked in ("", "?need=dementia", "?period=year", "?need=autism&kind=crisis"):
        assert row_of(browser.get(f"/commissioner/gaps{asked}"), "Longford")[0] == "8"


def test_nothing_on_the_page_needs_an_inline_style_or_script(app, market):
    for path in ("/commissioner/gaps", "/commissioner/out-of-city", f"/commissioner/areas/{FOLESHILL}"):
        page = signed_in(app, Role.COMMISSIONER, email=f"{len(path)}@example.org").get(path)
        html = page.get_data(as_text=True)
        assert not re.search(r"\sstyle=|\son[a-z]+=", html)
        assert all("nonce=" in tag for tag in re.findall(r"<script[^>]*>", html))
        assert "unsafe-inline" not in page.headers["Content-Security-Policy"]


def test_the_map_for_the_browser_has_the_figures_of_the_table(app, market):
    found = signed_in(app, Role.COMMISSIONER).get("/commissioner/gaps.geojson?need=dementia").get_json()
    of = {each["properties"]["code"]: each["properties"] for each in found["features"]}

    assert of[FOLESHILL] == {
        "code": FOLESHILL,
        "name": "Foleshill",
        "number": 5,
        "band": "4",
        "people": 15,
        "free": 0,
        "stale": False,
        "words": "Foleshill: about 15 people waiting (full: about 15); 0 places free there tonight",
        "href": f"/commissioner/areas/{FOLESHILL}?need=dementia",
    }
    assert (of[LONGFORD]["people"], of[LONGFORD]["band"], of[LONGFORD]["free"]) == (10, "3", 1)
    assert (of[WYKEN]["people"], of[WYKEN]["band"]) == (None, "held")


def test_localities_gather_their_wards(app, market):
    browser = signed_in(app, Role.COMMISSIONER)
    page = browser.get("/commissioner/gaps?level=locality&need=dementia")

    assert row_of(page, "North")[:4] == ["1", "North", "25", "Full:"]
    assert len(browser.get("/commissioner/gaps.geojson?level=locality").get_json()["features"]) == 3
    assert "is assumed" in text_of(page)


def test_an_area_is_told_in_words(app, market):
    browser = signed_in(app, Role.COMMISSIONER)
    foleshill = text_of(browser.get(f"/commissioner/areas/{FOLESHILL}?need=dementia&kind=planned"))
    longford = text_of(browser.get(f"/commissioner/areas/{LONGFORD}?need=dementia"))
    wyken = text_of(browser.get(f"/commissioner/areas/{WYKEN}?need=dementia"))
    north = text_of(browser.get("/commissioner/areas/north?need=dementia&period=year"))

    assert "Waiting now: Dementia, Planned: about 15 people wait without a place in the city" in foleshill
    assert "No service there offers this." in foleshill
    assert "Waiting now: Dementia: fewer than 8 people, or held back wait without a place" in wyken
    assert "Waiting now: Dementia: about 10 people wait without a place in the city" in longford
    assert "about 10 people were left without a place in the city (full: about 10)." in north
    assert "1 service there offers it, with 1 place in all; 1 place is free tonight" in north
    assert "Canal Side" in north
    assert "Its wards:" in north


def test_quarters_stand_beside_each_other_as_a_table_and_as_small_maps(app, market):
    page = signed_in(app, Role.COMMISSIONER).get("/commissioner/gaps/quarters?need=dementia&period=year")
    html = page.get_data(as_text=True)
    row = next(row for row in re.findall(r"<tr.*?</tr>", html, flags=re.S) if "Foleshill" in row)

    assert re.sub(r"<[^>]+>", " ", row).split() == ["5", "Foleshill", *3 * ["*", "held", "back"], "10"]
    assert html.index("<table") < html.index('class="app-maps"')
    assert html.count('class="app-map__drawing"') == 4
    assert html.count('<path class="app-map__area app-map__area--4"') == 1


def test_an_area_that_does_not_exist_is_not_found(app, drawn):
    browser = signed_in(app, Role.COMMISSIONER)
    for code in ("E05000000", "nowhere", "city", "x" * 5000):
        assert browser.get(f"/commissioner/areas/{code}").status_code == 404
    assert browser.get("/commissioner/areas/%00").status_code == 400
    assert browser.get("/commissioner/areas/outside").status_code == 200
    assert browser.get("/commissioner/areas/unplaced?level=locality").status_code == 200


def test_an_empty_city_and_filters_that_meet_nothing_say_so(app, drawn):
    browser = signed_in(app, Role.COMMISSIONER)
    for asked in ("", "?period=year", "?need=pbs&type=homecare"):
        assert "Take a filter away to see more." in text_of(browser.get(f"/commissioner/gaps{asked}"))


def test_every_report_downloads_with_the_filters_of_the_page_in_its_name_and_in_it(app, market):
    browser = signed_in(app, Role.COMMISSIONER)
    for report in REPORTS:
        answer = browser.get(f"/commissioner/reports/{report.slug}.csv?need=dementia")
        assert answer.mimetype == "text/csv"
        assert "2026-11-23.csv" in answer.headers["Content-Disposition"]
    answer = browser.get("/commissioner/reports/gaps.csv?need=dementia&period=last_quarter")
    lines = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert 'filename="gap-map-dementia-july-to-september-2026-2026-11-23.csv"' in answer.headers["Content-Disposition"]
    assert lines[-1][0].startswith("Gap map, Dementia, July to September 2026. As of 2026-11-23. By Coventry wards")
    assert lines[1] == [
        *("Foleshill", FOLESHILL, "*", "10", "*", "10", "*", "*", "*", "10", "*", "*", "40"),
        *("0", "0", "0", "0", "0"),
    ]
    assert browser.get("/commissioner/reports/salaries.csv").status_code == 404


HOSTILE = [
    "need=unknown",
    "need=dementia&need=nurse&need=autism",
    "kind=%00",
    "period=&level=",
    "period=forever",
    "level[]=ward",
    "need=" + quote("'; DROP TABLE referral; --"),
    "need=" + quote("<script>alert(1)</script>"),
    "need=" + "x" * 20_000,
    "&".join(f"need={place}" for place in range(2_000)),
    "kind=" + quote("Ω\u202e=1+1"),
    "%ff%fe=%ff",
    "=&&&==",
]


def test_a_hostile_address_is_answered_and_never_breaks(app, drawn):
    browser = signed_in(app, Role.COMMISSIONER)
    for hostile, path in product(HOSTILE, PAGES):
        answer = browser.get(f"{path}?{hostile}")
        assert answer.status_code in ((400,) if "%00" in hostile else (200, 422)), (path, hostile[:40])
        assert b"<script>alert" not in answer.data


def test_a_file_for_a_filter_that_does_not_exist_is_refused(app, drawn):
    browser = signed_in(app, Role.COMMISSIONER)
    assert browser.get("/commissioner/reports/gaps.csv?need=unknown").status_code == 422
    assert browser.get("/commissioner/gaps.geojson?kind=unknown").status_code == 422


@pytest.mark.parametrize("role", [Role.BROKER, Role.ADMIN])
def test_only_a_commissioner_sees_these_pages(app, drawn, role):
    other, nobody = signed_in(app, role), Browser(app)
    for path in PAGES:
        assert other.get(path).status_code == 403
        assert nobody.get(path).location.startswith("/sign-in")


def test_the_page_asks_as_often_in_a_large_market_as_in_a_small_one(app, store, market):
    browser = signed_in(app, Role.COMMISSIONER)

    def queries():
        seen = []

        def count(*call):
            seen.append(call[2])

        event.listen(store.engine, "before_cursor_execute", count)
        browser.get("/commissioner/gaps?need=dementia")
        event.remove(store.engine, "before_cursor_execute", count)
        return sum(statement.startswith("SELECT") for statement in seen)

    queries()  # the first one also makes the gazetteer
    few = queries()
    with store.writing() as session:
        for _ in range(15):
            a_unit(session, offers=("dementia",))
            a_referral(session, essential=("dementia",))
    assert queries() == few


def test_geojson_is_json_that_others_can_read(app, drawn):
    add_person_who_signs_in(app, Role.ADMIN)
    found = json.loads(signed_in(app, Role.COMMISSIONER).get("/commissioner/gaps.geojson").data)
    assert found["type"] == "FeatureCollection"
    assert found["attribution"] == list(ATTRIBUTION)
