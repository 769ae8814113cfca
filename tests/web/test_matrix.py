"""R17 and R18: every route × method × actor × object, from the application's own list of routes and one rule."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest
from werkzeug.routing import IntegerConverter

from placement.domain.people import Role
from placement.web.access import POLICY
from tests.web.world import ACTORS, MISSING, SIGNED_IN, TENANTS, ask, looked, plain, policy, pushed
from tests.web_client import Browser

FINE = {"GET": {200, 302, 409}, "POST": {200, 302, 409, 422}}
# A page that shows the template of another: everything else shows the one of its own name.
BORROWED = {
    "provider.new_pool": {"provider/pool.html"},
    "answer.link": {"answer/link.html", "answer/over.html"},
    "update.link": {"update/link.html", "update/over.html"},
    "update.new": {"update/over.html"},
    "join.invitation": {"join/invitation.html", "join/over.html"},
    "account.by_link": {"account/by_link.html", "account/link_over.html"},
    "account.set_up_step": {"account/set_up_step.html", "account/paper_codes.html"},
    "broker.sheet_for_person_pdf": {"broker/sheet_for_person.html"},
    "broker.proof_pdf": {"broker/proof.html"},
    "commissioner.position_pdf": {"commissioner/position.html"},
}


NEEDS_A_RIGHT = {"broker.sign_off", "broker.allowance"}  # a manager's, which the broker of this world has not got


def expected(actor, seen):
    """The one rule: who is not signed in signs in, another role is refused, what is not one's own is not there."""
    allowed = policy(seen.rule)
    if allowed is not None and actor.role is None:
        return {302}
    if allowed is not None and actor.role not in allowed:
        return {403}
    if seen.kind == "own":
        return FINE[seen.method] | ({403} if seen.method == "POST" and seen.rule.endpoint in NEEDS_A_RIGHT else set())
    return {404}


def test_every_route_belongs_to_a_blueprint_with_a_policy(world):
    endpoints = {rule.endpoint for rule in world.rules()} - {"static"}
    assert [endpoint for endpoint in endpoints if "." not in endpoint] == []
    assert {endpoint.split(".")[0] for endpoint in endpoints} <= set(POLICY)
    public = {"account", "answer", "health", "join", "update"}
    assert {name for name, roles in POLICY.items() if roles is None} == public


def test_every_number_in_an_address_is_a_number_and_every_blueprint_asks_its_guard(world):
    for rule in world.rules():
        for name in rule.arguments:
            assert isinstance(rule._converters[name], IntegerConverter) == name.endswith("_id"), rule.rule
    for blueprint in POLICY:
        guards = [each.__qualname__ for each in world.app.before_request_funcs.get(blueprint, [])]
        assert "guard.<locals>._check" in guards, blueprint


@pytest.mark.parametrize("name", ACTORS)
def test_every_page_answers_every_actor_by_the_one_rule(world, name):
    check_statuses(world.actors[name], looked(world, name))


@pytest.mark.parametrize("name", ACTORS)
def test_every_unsafe_request_is_answered_to_every_actor_by_the_one_rule(world, name):
    check_statuses(world.actors[name], pushed(world, name))


def check_statuses(actor, answers):
    asked, wrong = Counter(seen.kind for seen in answers), []
    for seen in answers:
        wanted, status = expected(actor, seen), seen.answer.status_code
        if status not in wanted:
            wrong.append(f"{seen.method} {seen.path} ({seen.kind}): {status}, not one of {sorted(wanted)}")
        elif wanted == {302} and not seen.answer.location.startswith("/sign-in"):
            wrong.append(f"{seen.method} {seen.path} leads to {seen.answer.location}")
    assert wrong == []
    assert asked["own"] > 20
    assert asked["missing"] > 20


@pytest.mark.parametrize("name", ["provider A", "provider B"])
def test_what_belongs_to_another_provider_is_answered_exactly_like_what_does_not_exist(world, name):
    answers = defaultdict(lambda: defaultdict(list))
    for seen in (*looked(world, name), *pushed(world, name)):
        if seen.kind != "own" and world.actors[name].may_see(seen.rule):
            answers[f"{seen.method} {seen.rule.rule}"][seen.kind].append(plain(seen.answer))
    compared = {route: kinds for route, kinds in answers.items() if "foreign" in kinds}
    assert len(compared) > 8
    for route, kinds in compared.items():
        assert [kinds["missing"][0]] * len(kinds["foreign"]) == kinds["foreign"], route
        assert [kinds["missing"][0]] * len(kinds["missing"]) == kinds["missing"], route


@pytest.mark.parametrize("name", ["provider A", "provider B", "commissioner", "admin", "anonymous"])
def test_nobody_reads_what_belongs_to_somebody_else(world, name):
    """Every answer, of every method, to every object: bodies and headers."""
    secret = [word.lower() for tenant in TENANTS for word in secrets(world, world.actors[name], tenant)]
    answers = [(seen, seen.text) for seen in (*looked(world, name), *pushed(world, name))]
    # Who holds a link reads the house that it is about, and still nobody's name.
    linked = {word.lower() for word in world.tenants["A"].own_words} if name == "anonymous" else set()
    leaks = [
        (seen.method, seen.path, word)
        for seen, words in answers
        for word in secret
        if word in words and not (word in linked and seen.path.startswith(("/answer", "/update")))
    ]
    assert leaks == []
    assert len(secret) > 50


def secrets(world, actor, tenant):
    """Providers read no person at all and nothing of one another; commissioners and administrators read no person."""
    found = world.tenants[tenant]
    if actor.role in (Role.COMMISSIONER, Role.ADMIN):
        return [word for word in found.persons_words if not word.startswith("Secret")]
    return found.persons_words + (found.own_words if actor.tenant != tenant else [])


def test_a_broker_does_read_the_words_that_nobody_else_may(world):
    """Otherwise the test above would pass on empty pages."""
    actor, read = world.actors["broker"], ""
    for tenant in world.tenants.values():
        read += ask(actor, "GET", f"/broker/services/{tenant.ids['service_id'][0]}").get_data(as_text=True)
        for stay in tenant.ids["placement_id"]:
            read += ask(actor, "GET", f"/broker/placements/{stay}").get_data(as_text=True)
    for tenant in world.tenants.values():
        assert tenant.own_words[1] in read
        assert sum(word in read for word in tenant.persons_words) >= 5


def test_each_page_shows_the_template_of_its_own_name(world):
    shown = defaultdict(set)
    for seen in (seen for name in ("anonymous", *SIGNED_IN) for seen in looked(world, name)):
        if seen.kind == "own" and seen.answer.status_code == 200:
            shown[seen.endpoint].update(seen.templates)
    wrong = {
        endpoint: names
        for endpoint, names in shown.items()
        if not names <= BORROWED.get(endpoint, {endpoint.replace(".", "/") + ".html"})
    }
    assert wrong == {}
    assert sum(bool(names) for names in shown.values()) > 20


def test_a_method_that_a_route_does_not_know_is_refused(world):
    actor = world.actors["provider A"]
    for rule in world.rules():
        path = world.paths(rule, "own", actor)[0]
        known = world.app.url_map.bind("localhost").allowed_methods(path)
        for method in {"PUT", "PATCH", "DELETE", "POST"} - set(known):
            assert ask(actor, method, path).status_code == 405, (method, path)


def test_numbers_that_no_record_can_have_are_not_found(world):
    for number in (MISSING, 2**31, 2**63, 10**40, -1, "1e3"):
        assert ask(world.actors["broker"], "GET", f"/broker/referrals/{number}").status_code == 404
        assert ask(world.actors["provider A"], "GET", f"/provider/placements/{number}").status_code == 404


def test_every_role_starts_on_a_page_that_it_may_see(world):
    for name in ("broker", "provider A", "commissioner", "admin"):
        actor = world.actors[name]
        start = ask(actor, "GET", "/").location
        assert ask(actor, "GET", start).status_code == 200
        assert POLICY[start.split("/")[1]] == {actor.role}


def test_signing_out_without_being_signed_in_leads_to_signing_in(world):
    nobody = Browser(world.app)
    assert nobody.post("/sign-out", page="/sign-in").location == "/sign-in"
