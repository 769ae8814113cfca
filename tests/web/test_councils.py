"""Two councils in one database: no route shows or changes what is the other's, but for services that both place in."""

from __future__ import annotations

import pytest

from placement.domain.councils import COUNCILS
from placement.domain.people import Role
from placement.domain.states import ReferralState, RunState
from placement.records.councils import ServiceCouncil
from placement.records.providers import Unit
from placement.records.runs import MatchRun
from placement.records.users import User
from tests.builders import a_person, a_placement, a_referral
from tests.conftest import NOW
from tests.web.world import Actor, ask, plain, policy
from tests.web_client import Browser, add_person_who_signs_in

THERE = COUNCILS[1].code
STAFF = (Role.BROKER, Role.COMMISSIONER, Role.ADMIN)
SHARED = "B"  # the tenant whose service both councils can place in


class Neighbours:
    """The staff of another council, what it has, and the words by which it is known."""

    def __init__(self, world):
        self.world = world
        self.store = world.app.extensions["placement_store"]
        self.shared_ids = world.tenants[SHARED].ids
        with self.store.writing() as session:
            session.add(ServiceCouncil(council=THERE, service_id=self.shared_ids["service_id"][0]))
        with self.store.writing(THERE) as session:
            self.ids, self.words = self._fill(session)
        self.actors = {role: self._signed_in(role) for role in STAFF}
        self.ids["user_id"] = [self._user(Role.COMMISSIONER, "spare").id]

    def _fill(self, session):
        unit = session.get_one(Unit, self.shared_ids["unit_id"][0])
        person = a_person(session, name="Person CanarySolihull", case_number="CASE-SOLIHULL", postcode="B91 3QZ")
        waiting = a_referral(session, person=person, near_who="SecretSolihull")
        draft = a_referral(session, person=person, state=ReferralState.DRAFT, submitted_at=None, reference=None)
        stay = a_placement(session, unit, start=70, person=person, referral=a_referral(session, person=person))
        run = MatchRun(requested_at=NOW, requester="Run CanarySolihull", state=RunState.CANCELLED, progress=[])
        session.add(run)
        session.flush()
        ids = {"referral_id": [waiting.id, draft.id], "placement_id": [stay.id], "run_id": [run.id]}
        return ids, ["CanarySolihull", "CASE-SOLIHULL", "B91 3QZ", "SecretSolihull", "solihull.example"]

    def _user(self, role, name):
        user = add_person_who_signs_in(self.world.app, role, email=f"{name}@solihull.example")
        with self.store.writing() as session:
            session.get_one(User, user.id).council = THERE
        return user

    def _signed_in(self, role):
        user, browser = self._user(role, role.value), Browser(self.world.app)
        assert browser.sign_in(user.email).status_code == 302
        return Actor(f"neighbour {role.value}", browser, browser.token("/nowhere"), role)


@pytest.fixture(scope="session")
def neighbours(world):
    return Neighbours(world)


def requests(world, actor, ids):
    """Yield (rule, method, path) of every route of a role with these ids where its address holds one."""
    bound = world.app.url_map.bind("localhost")
    for rule in world.rules():
        roles = policy(rule)
        numbers = {name for name in rule.arguments if name.endswith("_id")}
        if roles is None or actor.role not in roles or not numbers <= set(ids):
            continue
        values = {name: world.values(rule, name, "own", actor)[0] for name in rule.arguments - numbers}
        for place in range(max((len(ids[name]) for name in numbers), default=1)):
            chosen = values | {name: ids[name][min(place, len(ids[name]) - 1)] for name in numbers}
            path = bound.build(rule.endpoint, chosen, append_unknown=False)
            yield from ((rule, method, path) for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}))


def wrong(world, actor, ids, words, shared=()):
    """Return what an actor is told that is another council's, and every answer that is not that of nothing there."""
    found, asked = [], 0
    for rule, method, path in requests(world, actor, ids):
        answer = ask(actor, method, path)
        body = f"{answer.headers}{answer.get_data().decode(errors='replace')}".lower()  # a PDF is no text
        found += [f"{method} {path} tells {word}" for word in words if word.lower() in body]
        numbers = [name for name in rule.arguments if name.endswith("_id")]
        if numbers and path not in shared:
            asked += 1
            found += [] if answer.status_code == 404 else [f"{method} {path}: {answer.status_code}"]
    return found, asked


def shared_pages(neighbours):
    """Return the pages of what both councils can place in: they are shown to both, each without the other's people."""
    services, units = (neighbours.shared_ids[name] for name in ("service_id", "unit_id"))
    return {
        *(f"/broker/services/{number}{page}" for number in services for page in ("", "/follow-up", "/said")),
        *(f"/broker/units/{number}/nights{page}" for number in units for page in ("", "/print")),
        *(f"/{role}/units/{number}/numbers" for number in units for role in ("broker", "commissioner")),
        *(f"/commissioner/claims/{number}/peg" for number in units),
        *(f"/onboarding/services/{number}" for number in services),
        f"/onboarding/providers/{neighbours.world.tenants[SHARED].provider_id}/invite",
    }


@pytest.mark.parametrize("role", STAFF, ids=lambda role: role.value)
def test_the_staff_of_another_council_meet_nothing_of_this_one(world, neighbours, role):
    actor = neighbours.actors[role]
    tenants = world.tenants
    ids = {name: list(values) for name, values in world.council.items() if name.endswith("_id")}
    ids |= {name: [*tenants["A"].ids[name], *tenants["B"].ids[name]] for name in tenants["A"].ids}
    words = [
        *tenants["A"].own_words,
        *tenants["A"].persons_words,
        *tenants["B"].persons_words,
        "CanaryC",
        "spare@example",
    ]
    shared = shared_pages(neighbours)

    found, asked = wrong(world, actor, ids, words, shared)

    assert found == []
    assert asked >= {Role.BROKER: 20, Role.COMMISSIONER: 0, Role.ADMIN: 2}[role]


@pytest.mark.parametrize("role", STAFF, ids=lambda role: role.value)
def test_nobody_here_meets_anything_of_another_council(world, neighbours, role):
    actor = world.actors[role.value]
    ids = neighbours.ids | {name: neighbours.shared_ids[name] for name in ("service_id", "unit_id")}
    shared = shared_pages(neighbours)

    found, _ = wrong(world, actor, ids, neighbours.words, shared)

    assert found == []


def test_a_service_that_both_can_place_in_is_shown_to_both(world, neighbours):
    path = f"/broker/services/{neighbours.shared_ids['service_id'][0]}"
    for actor in (neighbours.actors[Role.BROKER], world.actors["broker"]):
        assert "House CanaryB" in ask(actor, "GET", path).get_data(as_text=True)
    other = f"/broker/services/{world.tenants['A'].ids['service_id'][0]}"
    broker = neighbours.actors[Role.BROKER]
    assert plain(ask(broker, "GET", other)) == plain(ask(broker, "GET", "/broker/services/987654"))


def test_each_council_reads_its_own_name_on_every_page(world, neighbours):
    page = ask(neighbours.actors[Role.BROKER], "GET", "/broker/").get_data(as_text=True)
    assert "Solihull Metropolitan Borough Council" in page
    assert "Coventry" not in page
    assert "Coventry City Council" in ask(world.actors["broker"], "GET", "/broker/").get_data(as_text=True)
