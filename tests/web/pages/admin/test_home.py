import re
from datetime import timedelta

from placement.domain.people import Role
from placement.records.runs import MatchRun
from tests.builders import a_report, a_service, a_unit
from tests.conftest import NOW
from tests.web_client import signed_in


def text_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.get_data(as_text=True)))


def test_the_overview_counts_what_is_listed_and_how_fresh_it_is(app, store):
    with store.writing() as session:
        service = a_service(session)
        a_unit(session, service=service)
        a_unit(session, service=service, accepting=None)
        a_report(session, a_unit(session, accepting=None), reported_at=NOW - timedelta(days=8))
        a_unit(session, service=a_service(session, is_listed=False), accepting=None)
        session.add(MatchRun(requested_at=NOW - timedelta(hours=2), requester="Jo Bell"))
    text = text_of(signed_in(app, Role.ADMIN).get("/admin/"))

    assert "2 listed services" in text
    assert "3 units" in text
    assert "1 units not confirmed for 7 days" in text
    assert "1 units that never reported" in text
    assert "Waiting to start asked for by Jo Bell 2 hours ago" in text


def test_an_empty_product_reads_well_and_names_its_wards(app):
    text = text_of(signed_in(app, Role.ADMIN).get("/admin/"))

    assert "No match run has been asked for yet." in text
    assert "Coventry wards" in text
    assert "is assumed" in text
