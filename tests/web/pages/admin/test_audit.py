import re
from urllib.parse import quote

import pytest

from placement.domain.people import SYSTEM, Role
from placement.records.events import record
from tests.builders import a_provider
from tests.conftest import NOW
from tests.web_client import signed_in


def lines(page):
    """Return the details of each line shown."""
    return [int(number) for number in re.findall(r"cqc_id: (\d+)", page.get_data(as_text=True))]


@pytest.fixture
def trail(store):
    """Write 120 lines about two providers, numbered in their details."""
    with store.writing() as session:
        providers = [a_provider(session), a_provider(session)]
        for count in range(120):
            event = "provider_updated_by_cqc" if count % 3 else "provider_added_by_cqc"
            record(session, event, providers[count % 2], by=SYSTEM, now=NOW, cqc_id=count)
        return [provider.id for provider in providers]


def test_pages_of_fifty_lead_through_every_line_once_newest_first(app, trail):
    browser, path, seen = signed_in(app, Role.ADMIN), "/admin/audit?subject=provider", []
    while path:
        html = browser.get(path)
        assert len(lines(html)) <= 50
        seen += lines(html)
        older = re.search(r'href="(/admin/audit\?[^"]*after=[^"]+)"', html.get_data(as_text=True))
        path = older.group(1).replace("&amp;", "&") if older else None

    assert seen == list(reversed(range(120)))


def test_filters_by_record_and_by_what_happened(app, trail):
    browser = signed_in(app, Role.ADMIN)
    one = browser.get(f"/admin/audit?subject=provider&number={trail[1]}&words=UPDATED")

    assert set(lines(one)) == {count for count in range(120) if count % 2 and count % 3} & set(lines(one))
    assert len(lines(one)) == 40


def test_a_percent_sign_is_no_wild_card(app, trail):
    browser = signed_in(app, Role.ADMIN)
    assert len(lines(browser.get("/admin/audit?words=" + quote("added a provider")))) == 40
    assert lines(browser.get("/admin/audit?words=" + quote("added%provider"))) == []


def test_a_filter_that_meets_nothing_says_so(app):
    page = signed_in(app, Role.ADMIN).get("/admin/audit?subject=placement")
    assert "No line of the audit trail is like this." in page.get_data(as_text=True)


HOSTILE = [
    "subject=nothing",
    "number=99999999999999999999",
    "number=-1",
    "number=x",
    "after=99999999999999999999&words=%00",
    "after=%00",
    "words=" + "x" * 10_000,
    "words=" + quote("'; DROP TABLE audit_line; --"),
    "words=" + quote("<script>alert(1)</script>"),
    "subject=user&subject=provider",
    "%ff=%ff",
]


def test_a_hostile_address_is_answered_and_never_breaks(app, trail):
    browser = signed_in(app, Role.ADMIN)
    for hostile in HOSTILE:
        answer = browser.get(f"/admin/audit?{hostile}")
        assert answer.status_code in ((400,) if "%00" in hostile else (200, 422)), hostile[:40]
        assert b"<script>alert" not in answer.data
