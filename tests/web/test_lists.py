"""No list ends without saying so: every page of every list, with more rows than a page holds, and true counts."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import event, insert, select

from placement.brokerage.work import TO_WORK_ON
from placement.domain.people import SYSTEM, Role
from placement.domain.states import PlacementState, ReferralState, RunState
from placement.records.events import AuditLine
from placement.records.outcomes import RunAnswer, UnmetNeed
from placement.records.pages import ROWS
from placement.records.placements import Placement
from placement.records.providers import Unit
from placement.records.referrals import Person, Referral
from placement.records.runs import MatchRun, Proposal
from placement.records.scenarios import Scenario
from placement.records.users import User
from placement.records.vacancies import VacancyReport
from tests.builders import TODAY, a_provider, a_service, night
from tests.conftest import ENGINES, NOW, Clock, fresh_database, settings
from tests.races.stage import last_places, people, referrals
from tests.web_client import add_person_who_signs_in, signed_in

MANY = 130
OPEN_ROWS = len(TO_WORK_ON) * MANY
MOST_QUERIES = 12
# A page that also says what stands beside its list asks a little more, however long the list is.
WORK = dict.fromkeys(
    ("open referrals", "open referrals of a kind", "drafts", "on hold", "placed", "closed", "withdrawn"), 5
)
STOPPED_ROWS = dict.fromkeys(("open referrals", "open referrals of a kind", "on hold"), 6)

RISKS = dict.fromkeys(("placements", "active placements", "ended placements"), 2) | {"people of a provider": 1}
MARKET = {"services": 6, "weeks": 7, "area": 20, "run": 10, "services of a provider": 2}
BESIDE = {**MARKET, **WORK, **STOPPED_ROWS, **RISKS}
NEXT = re.compile(r'<a class="govuk-link govuk-pagination__link" href="([^"]+)" rel="next">')
ROW = re.compile(r"<tr class=\"govuk-table__row[^\"]*\">\s*<t[hd][^>]*>(.*?)</tr>", re.DOTALL)
CARD = re.compile(r'<(?:article|section) class="app-card.*?</(?:article|section)>', re.DOTALL)
# Each list: who asks, its address, a pattern that names a row of it, and how many there are.
LISTS = {
    "open referrals": (Role.BROKER, "/broker/", r'href="/broker/referrals/(\d+)"', OPEN_ROWS),
    "open referrals of a kind": (Role.BROKER, "/broker/?kind=crisis", r'href="/broker/referrals/(\d+)"', OPEN_ROWS),
    "drafts": (Role.BROKER, "/broker/?state=draft", r'href="/broker/referrals/(\d+)"', MANY),
    "on hold": (Role.BROKER, "/broker/?state=on_hold", r'href="/broker/referrals/(\d+)"', MANY),
    "placed": (Role.BROKER, "/broker/?state=placed", r'href="/broker/referrals/(\d+)"', MANY),
    "closed": (Role.BROKER, "/broker/?state=closed", r'href="/broker/referrals/(\d+)"', MANY),
    "withdrawn": (Role.BROKER, "/broker/?state=withdrawn", r'href="/broker/referrals/(\d+)"', MANY),
    "placements": (Role.BROKER, "/broker/placements", r'href="/broker/placements/(\d+)"', MANY),
    "active placements": (Role.BROKER, "/broker/placements?show=active", r'href="/broker/placements/(\d+)"', MANY),
    "ended placements": (Role.BROKER, "/broker/placements?show=ended", r'href="/broker/placements/(\d+)"', MANY),
    "runs": (Role.BROKER, "/broker/runs", r'href="/broker/runs/(\d+)"', MANY),
    "services": (Role.BROKER, "/broker/services", r'href="/broker/services/(\d+)"', 2 * MANY),
    "weeks": (Role.BROKER, "/broker/services/weeks", r'href="/broker/services/(\d+)"', 2 * MANY),
    "people of a provider": (Role.PROVIDER, "/provider/placements", r'href="/provider/placements/(\d+)"', MANY),
    "services of a provider": (Role.PROVIDER, "/provider/services", r'id="service-(\d+)"', MANY),
    "users": (Role.ADMIN, "/admin/users", r">([\w.]+@example\.org)<", MANY + len(Role) + 1),
    "scenarios": (Role.COMMISSIONER, "/commissioner/what-if", r'href="/commissioner/what-if/(\d+)"', MANY),
    "area": (Role.COMMISSIONER, "/commissioner/areas/E05001228", r'<span class="app-break">(Service \d+)<', 2 * MANY),
}  # fmt: skip


class Crowd:
    """An application in which every list is longer than a page, and somebody of each role who has signed in."""

    def __init__(self, app):
        self.app, self.store = app, app.extensions["placement_store"]
        with self.store.writing() as session:
            provider = a_provider(session, name="Many Services")
            units = self._services(session, provider) + last_places(session, MANY)
            self._demand(session, units)
        add = add_person_who_signs_in
        add(app, Role.ADMIN, email="spare@example.org")
        with self.store.writing() as session:
            template = {"name": "A N Other", "role": Role.BROKER, "password_hash": "x", "created_at": NOW,
                        "is_active": True, "council": "E08000026"}  # fmt: skip
            rows = [template | {"email": f"user.{number}@example.org"} for number in range(MANY)]
            session.execute(insert(User), rows)
        self.browsers = {
            role: signed_in(app, role, provider_id=provider.id if role is Role.PROVIDER else None) for role in Role
        }

    def _services(self, session, provider):
        services = [a_service(session, provider=provider).id for _ in range(MANY)]
        row = {"name": "Unit", "capacity": 9, "reply_hours": 1}
        ids = list(session.scalars(insert(Unit).returning(Unit.id), [row | {"service_id": each} for each in services]))
        report = {"reported_at": NOW, "reporter": "S", "maximum": 9, "occupied": 0, "reserved": 0, "accepting": 9}
        session.execute(insert(VacancyReport), [report | {"unit_id": each} for each in ids])
        return ids

    def _demand(self, session, units):
        ids = people(session, len(ReferralState) * MANY)
        made = {}
        for place, state in enumerate(ReferralState):
            made[state] = referrals(session, ids[place * MANY : (place + 1) * MANY], state=state)
        for each in session.scalars(select(Referral)):
            each.reference = f"RF-{each.id:05}"
            each.place_by = NOW + timedelta(hours=each.id % 7 - 3) if each.id % 3 else None
        held = {
            PlacementState.RESERVED: made[ReferralState.PLACED],
            PlacementState.ACTIVE: made[ReferralState.CLOSED],
            PlacementState.ENDED: made[ReferralState.WITHDRAWN],
        }
        whose = {each.id: each.person_id for each in session.scalars(select(Referral))}
        for state, referral_ids in held.items():
            stay = {"state": state, "start_on": TODAY, "end_on": night(9), "created_at": NOW, "expires_at": NOW,
                    "is_in_city": state is not PlacementState.ACTIVE,
                    "out_of_city_reason": "choice" if state is PlacementState.ACTIVE else None}  # fmt: skip
            session.execute(
                insert(Placement),
                [
                    stay | {"person_id": whose[each], "referral_id": each, "unit_id": units[place % MANY]}
                    for place, each in enumerate(referral_ids)
                ],
            )
        written = {"name": "S", "first_on": night(-9), "last_on": night(-1), "written_at": NOW, "writer": "S",
                   "progress": []}  # fmt: skip
        session.execute(insert(Scenario), [written for _ in range(MANY)])
        run = {"requested_at": NOW, "requester": "S", "progress": [], "state": RunState.CANCELLED}
        session.execute(insert(MatchRun), [run] * (MANY - 1))
        finished = MatchRun(requested_at=NOW, finished_at=NOW, requester="S", progress=[], state=RunState.FINISHED)
        finished.answer = RunAnswer(is_proven=True, seconds=1, asked=2 * MANY, in_city=MANY, out_by_choice=0,
                                    out_by_need=0, unplaced=MANY)  # fmt: skip
        session.add(finished)
        session.flush()
        searching, drafts = made[ReferralState.SEARCHING], made[ReferralState.ON_HOLD]
        session.execute(
            insert(Proposal),
            [
                {"run_id": finished.id, "referral_id": each, "unit_id": units[0], "start_on": TODAY}
                for each in searching
            ],
        )
        session.execute(
            insert(UnmetNeed),
            [{"run_id": finished.id, "referral_id": each, "is_met_out_of_city": False} for each in drafts],
        )
        self.run = finished.id


@pytest.fixture(scope="module", params=ENGINES)
def crowd(request, tmp_path_factory):
    from placement.web.factory import create_app

    home = tmp_path_factory.mktemp("crowd")
    with fresh_database(request.param, request, home) as database:
        app = create_app(settings(database.url, home, Clock()))
        app.config["TESTING"] = True
        found = Crowd(app)
        yield found
        found.store.engine.dispose()


def asked(crowd, role, path):
    """Return a page and how many queries it took."""
    count = []

    def note(_connection, _cursor, statement, *_):
        count.append(statement) if statement.lstrip().upper().startswith(("SELECT", "WITH")) else None

    event.listen(crowd.store.engine, "before_cursor_execute", note)
    try:
        answer = crowd.browsers[role].get(path)
    finally:
        event.remove(crowd.store.engine, "before_cursor_execute", note)
    assert answer.status_code == 200, path
    return answer.text, len(count)


def walked(crowd, role, path, of=""):
    """Yield every page of a list by its links, with how many queries it took."""
    while path:
        page, queries = asked(crowd, role, path)
        yield page, queries
        following = [href for href in NEXT.findall(page) if f"{of}after=" in href or not of]
        path = following[0].replace("&amp;", "&") if following else None


@pytest.mark.parametrize("name", LISTS)
def test_the_pages_of_a_list_hold_every_row_once_at_most_fifty_each_and_the_true_count(crowd, name):
    role, path, pattern, total = LISTS[name]
    crowd.browsers[role].get(path)  # the wards are read once a process
    seen, pages = [], []
    for page, queries in walked(crowd, role, path):
        rows = list(dict.fromkeys(re.findall(pattern, page)))
        assert 0 < len(rows) <= ROWS
        assert re.search(rf"\d+ to \d+ of {total} ", page), "the page says how many there are"
        assert queries <= MOST_QUERIES + BESIDE.get(name, 0), f"{queries} queries"
        assert len(page) < 200_000
        seen += rows
        pages.append(rows)
    assert len(seen) == len(set(seen)) == total
    assert len(pages) == -(-total // ROWS)


def test_the_audit_trail_has_pages_and_says_how_many_lines_there_are(crowd):
    with crowd.store.reading() as session:
        total = len(session.scalars(select(AuditLine.id).where(AuditLine.subject == "service")).all())
    for number in range(MANY if total < MANY else 0):
        with crowd.store.writing() as session:
            session.add(AuditLine(happened_at=NOW, actor_name="S", event="service_added", subject="service",
                                  subject_id=number + 1, details={}))  # fmt: skip
    total = max(total, MANY)
    pages = [page for page, queries in walked(crowd, Role.ADMIN, "/admin/audit?subject=service") if queries <= 12]
    assert len(pages) == -(-total // ROWS)
    assert all(f"of {total} lines" in page for page in pages)


def test_a_run_shows_everybody_page_by_page_and_each_part_of_it(crowd):
    path = f"/broker/runs/{crowd.run}"
    for query, many in (("", 2 * MANY), ("?show=decide", MANY), ("?show=none", MANY)):
        names = []
        for page, queries in walked(crowd, Role.BROKER, path + query):
            assert queries <= MOST_QUERIES + BESIDE["run"], f"{queries} queries"
            rows = re.findall(r'id="person-(\d+)"', page)
            assert len(rows) <= ROWS
            names += rows
        assert len(names) == len(set(names)) == many


def test_every_tab_says_how_many_it_holds(crowd):
    page, _ = asked(crowd, Role.BROKER, "/broker/")
    # Everybody's and nobody's, all that is due, every kind and crisis, all that is open; and every state by itself.
    assert page.count(f'<span class="app-count">{OPEN_ROWS}</span>') == 6
    assert page.count(f'<span class="app-count">{MANY}</span>') == len(ReferralState)
    page, _ = asked(crowd, Role.BROKER, "/broker/placements")
    assert page.count(f'<span class="app-count">({MANY})</span>') == 3


def test_a_provider_reads_that_there_are_more_than_the_first_fifty_to_answer(crowd):
    page, _ = asked(crowd, Role.PROVIDER, "/provider/")
    assert f'Answer a reservation <span class="app-count">({MANY})</span>' in page
    assert f"These are the first 50 of {MANY}." in page


def test_no_page_of_the_product_shows_more_rows_than_a_page_holds_in_one_table(crowd):
    """Whatever page there is without a number in its address: a list that is added tomorrow is looked at too."""
    wrong = []
    for role in Role:
        for rule in crowd.app.url_map.iter_rules():
            if rule.endpoint.startswith(f"{role.value}.") and "GET" in rule.methods and not rule.arguments:
                page = crowd.browsers[role].get(rule.rule).get_data().decode(errors="replace")  # some are files
                tables = re.findall(r"<tbody.*?</tbody>", page, re.DOTALL)
                rows = [len(ROW.findall(table)) for table in tables] + [len(CARD.findall(page))]
                wrong += [(rule.rule, max(rows))] if max(rows) > 2 * ROWS or max(rows[:-1], default=0) > ROWS else []
    assert wrong == []


def find(crowd, words):
    browser = crowd.browsers[Role.BROKER]
    answer = browser.post("/broker/find", {"words": words}, page="/broker/")
    assert answer.status_code == 302, answer.text
    assert re.fullmatch(r"/broker/found/\d+", answer.location), "what was searched for stands in no address"
    page = browser.get(answer.location).text
    return set(re.findall(r'href="/broker/referrals/(\d+)"', page)), page


def test_a_referral_is_found_by_reference_name_case_number_and_service_in_whatever_state(crowd):
    with crowd.store.writing() as session:
        closed = session.scalars(select(Referral).where(Referral.state == ReferralState.CLOSED)).first()
        closed.person.name = "Éloïse Canary-Quill"
        withdrawn = session.scalars(select(Referral).where(Referral.state == ReferralState.WITHDRAWN)).first()
        stay = session.scalars(select(Placement).where(Placement.referral_id == withdrawn.id)).first()
        stay.unit.service.name = "Cedar 100% House"
        stays = session.scalars(select(Placement).where(Placement.unit_id == stay.unit_id))
        there = {str(each.referral_id) for each in stays}
        ids = str(closed.id), str(withdrawn.id)
        reference, case_number = closed.reference, withdrawn.person.case_number
    assert find(crowd, reference.lower())[0] == {ids[0]}
    assert find(crowd, "quill  éloïse")[0] == {ids[0]}
    assert find(crowd, "canary")[0] == {ids[0]}
    assert find(crowd, case_number.lower())[0] >= {ids[1]}
    assert find(crowd, "cedar 100%")[0] == there
    assert ids[1] in there
    assert find(crowd, "100%")[0] == there
    assert "No referral fits" in find(crowd, "nobody of this name")[1]
    assert find(crowd, "_")[0] == set()


def test_what_is_found_has_pages_too(crowd):
    answer = crowd.browsers[Role.BROKER].post("/broker/find", {"words": "person 1"}, page="/broker/")
    with crowd.store.reading() as session:
        names = session.scalars(select(Person.name)).all()
    total = sum("Person" in name and "1" in name for name in names)
    seen = []
    for page, queries in walked(crowd, Role.BROKER, answer.location):
        assert queries <= MOST_QUERIES
        assert f"of {total} referrals" in page
        seen += re.findall(r'href="/broker/referrals/(\d+)"', page)
    assert len(seen) == len(set(seen)) == total


def test_nothing_is_no_search_and_a_search_is_its_searchers_own(crowd):
    browser = crowd.browsers[Role.BROKER]
    for words in ("", " \u00a0", "x" * 101, "a\u200bb"):
        answer = browser.post("/broker/find", {"words": words}, page="/broker/")
        assert answer.status_code == 422
        assert "govuk-error-message" in answer.text
    address = browser.post("/broker/find", {"words": "Canary"}, page="/broker/").location
    other = signed_in(crowd.app, Role.BROKER, email="another.broker@example.org")
    assert browser.get(address).status_code == 200
    assert other.get(address).status_code == 404
    assert SYSTEM.user_id is None
