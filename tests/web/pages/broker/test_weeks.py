"""The market week by week: filters in the address, cells that lead to nights, links into it, and the same as a file."""

import csv
import io
import re

import pytest

from placement.domain.states import Status
from placement.market.services import set_standing
from placement.records.providers import Unit
from placement.records.referrals import Referral
from tests.brokerage.worlds import BROKER
from tests.builders import TODAY, a_report, a_service, a_unit
from tests.conftest import NOW
from tests.web.pages.broker.test_questions import text

PATH = "/broker/services/weeks"


def names(page):
    return re.findall(r'<th class="govuk-table__header" scope="row"><a [^>]*>([^<]+)</a>', page.text)


def rows_of(answer):
    assert answer.mimetype == "text/csv"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_every_unit_stands_there_and_each_cell_leads_to_its_week(broker, market):
    page = broker.get(PATH)
    assert names(page) == ["Far House", "Good House", "Near House", "Outside House", "Plain House"]
    cells = re.findall(rf'href="(/broker/units/{market.near}/nights#week-(\d))"', page.text)
    assert [number for _, number in cells] == list("12345678")
    assert all(f'id="week-{number}"' in broker.get(href).text for href, number in cells)
    assert "5 units" in text(page)


def test_what_is_chosen_stands_in_the_address_and_in_every_link(broker, market):
    page = broker.get(f"{PATH}?need=pbs&where=in&age=40&words=house&type=supported_living")
    assert names(page) == ["Far House", "Good House", "Near House"]
    for chip in ("“house” : remove", "Aged 40 : remove", "Positive behaviour support (PBS) : remove"):
        assert chip in text(page)
    wanted = "words=house&amp;type=supported_living&amp;need=pbs&amp;age=40"
    assert f'href="{PATH}?{wanted}&amp;gender=woman"' not in page.text, "a choice forgets what was chosen before"
    assert f'href="{PATH}?{wanted}&amp;where=in&amp;gender=woman"' in page.text
    assert f'href="{PATH}?{wanted}&amp;where=out"' in page.text
    assert f'href="{PATH}.csv?{wanted}&amp;where=in"' in page.text
    assert '<input type="hidden" name="where" value="in">' in page.text
    assert f'href="{PATH}?words=house&amp;type=supported_living&amp;need=pbs&amp;where=in"' in page.text, (
        "without an age"
    )


def test_one_more_need_joins_those_that_were_asked_before(broker, store, market):
    with store.writing() as session:
        a_unit(session, service=a_service(session, name="Both House"), offers=("pbs", "hoist"))
        a_unit(session, service=a_service(session, name="Sleep House"), offers=("pbs", "waking_night"))
    page = broker.get(f"{PATH}?need=pbs")
    assert re.findall(r"<option[^>]*>([^<]+ \(\d+\))</option>", page.text) == [
        "Shared hours (1)", "Sleep-in (1)", "Waking night (1)", "Ceiling hoist (1)",
    ]  # fmt: skip
    page = broker.get(f"{PATH}?need=pbs&also=hoist")
    assert names(page) == ["Both House"]
    assert '<option value="hoist"' not in page.text, "it is asked already, and stands as a chip"
    assert f'href="{PATH}?need=pbs"' in page.text


@pytest.mark.parametrize("age", ["abc", "17", "1e9", "-4"])
def test_an_age_that_is_none_is_said_and_given_back(broker, market, age):
    page = broker.get(f"{PATH}?age={age}&need=pbs")
    assert page.status_code == 200
    assert "There is a problem" in text(page)
    assert f'value="{age}"' in page.text
    assert len(names(page)) == 4


@pytest.mark.parametrize("query", ["kind=x&where=y&gender=z&places=1&need=nothing&type=no", "need=&also=&age=&words="])
def test_what_is_no_choice_counts_as_not_given(broker, market, query):
    assert len(names(broker.get(f"{PATH}?{query}"))) == 5


def test_nothing_that_fits_and_nothing_at_all_are_told_apart(broker, store, market):
    assert "Take a filter away" in text(broker.get(f"{PATH}?words=nobody"))
    with store.writing() as session:
        for unit in session.query(Unit):
            unit.service.is_listed = False
    assert "No service is in the register yet" in text(broker.get(PATH))


def test_what_the_council_says_and_what_is_unsure_stand_in_the_row(broker, store, market):
    with store.writing() as session:
        unit = session.get_one(Unit, market.near)
        set_standing(
            session, unit.service.provider, Status.SUSPENDED, start_on=TODAY, reason="Checks", by=BROKER, now=NOW
        )
        a_unit(session, accepting=None, service=a_service(session, name="Silent House"))
    said = text(broker.get(PATH))
    assert "Suspended since 23 November 2026: Checks" in said
    assert said.count("Not admitting") == 8
    assert "Never reported" in said
    assert said.count("Not known") == 8


def test_the_file_holds_every_row_and_no_formula(broker, store, market):
    with store.writing() as session:
        evil = a_service(session, name='=HYPERLINK("http://x")')
        for number in range(60):
            a_unit(session, service=evil, name=f"+{number}")
        full = a_unit(session, accepting=None, service=a_service(session, name="Zed House"))
        a_report(session, full, accepting=0)
    head, *rows, last = rows_of(broker.get(f"{PATH}.csv?where=in"))
    assert len(rows) == 65
    assert head[10] == "Free every night, week from 2026-11-23"
    assert not [cell for row in rows for cell in row if cell[:1] in "=+-@" and cell]
    assert rows[-1][0] == "Zed House"
    assert rows[-1][10:18] == ["0"] * 8
    assert last == ["Services week by week: Where: In the city. As of 2026-11-23. Not for publication."]


def test_a_referral_and_the_services_lead_there_with_what_they_ask_and_without_whose_it_is(broker, store, market):
    with store.reading() as session:
        referral = session.get_one(Referral, market.referral)
        born, reference, name = referral.person.born_on, referral.reference, referral.person.name
    for page in (f"/broker/referrals/{market.referral}", f"/broker/referrals/{market.referral}/matches"):
        href = re.search(r'href="([^"]+)">All services, week by week', broker.get(page).text)[1].replace("&amp;", "&")
        assert href == f"{PATH}?need=pbs&age={2026 - born.year}&kind=crisis&where=in&gender=woman"
        assert not [word for word in (reference, name, str(born)) if word in href]
        assert names(broker.get(href)) == ["Far House", "Good House", "Near House"]
    href = re.search(r'href="([^"]+)">Week by week', broker.get("/broker/services?need=pbs&free=1&city=1").text)[1]
    assert href.replace("&amp;", "&") == f"{PATH}?need=pbs&where=in&places=free"
