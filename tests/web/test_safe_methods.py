"""R21: looking changes nothing, and nothing is changed without the token of the form's own session."""

from __future__ import annotations

from tests.web.world import ACTORS, SIGNED_IN, ask, everything, policy


def test_looking_at_every_page_as_everybody_changes_nothing_in_the_database(world):
    """By GET, and by HEAD, which must come to the same."""
    before, count = everything(world.engine), 0
    for name in ACTORS:
        actor = world.actors[name]
        for rule in world.rules():
            if "GET" in rule.methods:
                for path in [path for kind in ("own", "missing") for path in world.paths(rule, kind, actor)[:1]]:
                    full, head = ask(actor, "GET", path), ask(actor, "HEAD", path)
                    assert full.status_code < 500, path
                    assert head.status_code == full.status_code, path
                    assert set(head.headers.keys()) == set(full.headers.keys()), path
                    assert head.get_data() == b""
                    count += 1
    assert count > 300
    assert everything(world.engine) == before


def test_no_unsafe_request_without_its_own_token_reaches_a_page(world):
    """A token that is missing, spoilt, empty or somebody else's, for everybody who may use the page."""
    before, refused = everything(world.engine), 0
    for actor in (world.actors[name] for name in SIGNED_IN):
        other = world.actors["broker" if actor.name != "broker" else "admin"]
        tokens = [{}, {"csrf_token": ""}, {"csrf_token": actor.token[:-1] + "!"}, {"csrf_token": other.token}]
        for rule in world.rules():
            for method in rule.methods - {"GET", "HEAD", "OPTIONS"}:
                if actor.may_see(rule):
                    path = world.paths(rule, "own", actor)[0]
                    for data in tokens:
                        answer = actor.browser.client.open(path, method=method, data=data, buffered=True)
                        assert answer.status_code == 400, (method, path, data)
                        refused += 1
    assert refused > 100
    assert everything(world.engine) == before


def test_nobody_who_is_signed_out_changes_anything_with_a_token_that_is_good(world):
    before = everything(world.engine)
    for actor in (world.actors[name] for name in ACTORS if name not in SIGNED_IN):
        for rule in world.rules():
            for method in rule.methods - {"GET", "HEAD", "OPTIONS"}:
                if policy(rule):
                    answer = ask(actor, method, world.paths(rule, "own", actor)[0])
                    assert answer.location.startswith("/sign-in")
    assert everything(world.engine) == before


def test_a_token_in_the_address_is_no_token(world):
    actor = world.actors["broker"]
    answer = actor.browser.client.post(f"/broker/runs?csrf_token={actor.token}", buffered=True)
    assert answer.status_code == 400
