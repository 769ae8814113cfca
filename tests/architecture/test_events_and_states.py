"""What the tables of events and lifecycles promise holds for the whole product, read from its source."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

from placement.domain import states
from placement.domain.events import EVENT
from placement.domain.lifecycles import LIFECYCLES
from tests.conftest import ROOT

KINDS = {name for name, kind in inspect.getmembers(states, inspect.isclass) if issubclass(kind, states.State)}


def trees(folder: Path = ROOT / "placement") -> Iterator[tuple[Path, ast.AST]]:
    for path in sorted(folder.rglob("*.py")):
        yield path.relative_to(ROOT), ast.parse(path.read_text())


def called(node: ast.AST) -> str:
    """Return the last name of what is called: `record` for `self.record(…)`."""
    if not isinstance(node, ast.Call):
        return ""
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def unregistered(tree: ast.AST) -> list[str]:
    """Return the calls of `record` and `move` whose event, verb or details are not in the tables."""
    verbs: dict[str, set[str]] = {}
    for row in LIFECYCLES:
        for verb, move in row.moves.items():
            verbs.setdefault(verb, set()).add(move.event)
    wrong = []
    for node in ast.walk(tree):
        if called(node) not in ("record", "move"):
            continue
        named = [each.value for each in node.args[:3] if isinstance(each, ast.Constant)]
        details = {each.arg for each in node.keywords if each.arg} - {"by", "now"}
        for name in named:
            events = {name} if called(node) == "record" else verbs.get(name, set())
            if not any(event in EVENT and details <= EVENT[event].details for event in events):
                wrong.append(f"{node.lineno}: {name} {sorted(details)}")
    return wrong


def raw_states(tree: ast.AST) -> list[int]:
    """Return the lines that set a state of a row past its lifecycle."""
    targets = [
        target
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign)
        for whole in (node.targets if isinstance(node, ast.Assign) else [node.target])
        for target in ast.walk(whole)
    ]
    return [each.lineno for each in targets if isinstance(each, ast.Attribute) and each.attr == "state"]


def mixed(tree: ast.AST) -> list[int]:
    """Return the lines of dictionaries and sets that hold members of two kinds of state: equal values would merge."""
    lines = []
    for node in ast.walk(tree):
        members = node.keys if isinstance(node, ast.Dict) else node.elts if isinstance(node, ast.Set) else []
        kinds = {
            each.value.id
            for each in members
            if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name) and each.value.id in KINDS
        }
        lines += [node.lineno] if len(kinds) > 1 else []
    return lines


def test_every_event_that_the_product_writes_is_registered_with_its_details():
    assert [f"{path}:{line}" for path, tree in trees() for line in unregistered(tree)] == []
    assert unregistered(ast.parse("record(session, 'stole a place', row, by=by, now=now)"))
    assert unregistered(ast.parse("record(session, 'place_reserved', row, by=by, now=now, colour=1)"))
    assert unregistered(ast.parse("move(session, row, 'steal', by=by, now=now)"))


def test_every_event_in_the_table_is_written_somewhere():
    text = "\n".join(path.read_text() for path in (ROOT / "placement").rglob("*.py") if path.name != "events.py")
    assert [slug for slug in EVENT if f'"{slug}"' not in text] == []


def test_no_state_is_set_past_its_lifecycle():
    own = Path("placement/records/lifecycles.py")
    assert [f"{path}:{line}" for path, tree in trees() for line in raw_states(tree) if path != own] == []
    assert raw_states(ast.parse("a, placement.state = 1, 2")) == [1]


def test_no_dictionary_holds_states_of_two_kinds():
    assert [f"{path}:{line}" for path, tree in trees() for line in mixed(tree)] == []
    assert mixed(ast.parse("{ReferralState.WITHDRAWN: 'a', PlacementState.RELEASED: 'b'}")) == [1]
