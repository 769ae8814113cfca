"""Planning reads in one place and translates in others, which know no database."""

import ast
from pathlib import Path

import pytest

PLANNING = Path(__file__).resolve().parents[2] / "placement" / "planning"
PURE = ("asked_first", "facts", "hours", "keys", "living", "needs", "translating", "units")
PURE_RECORDS = {"Steps"}  # what availability answers, and no row


def names(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from ((node.module, alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)


@pytest.mark.parametrize("module", PURE)
def test_what_translates_imports_no_database_and_no_rows(module):
    tree = ast.parse((PLANNING / f"{module}.py").read_text())
    taken = {(source, name) for source, name in names(tree) if source.split(".")[0] != "placement"}
    ours = {(source, name) for source, name in names(tree) if source.startswith("placement.")}

    assert not {source for source, _ in taken if source.split(".")[0] == "sqlalchemy"}
    assert {name for source, name in ours if source.startswith("placement.records")} <= PURE_RECORDS
    assert "Session" not in {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


@pytest.mark.parametrize("module", PURE)
def test_what_translates_is_told_by_no_module_of_planning_that_asks_the_database(module):
    tree = ast.parse((PLANNING / f"{module}.py").read_text())
    asked = {source.rsplit(".", 1)[1] for source, _ in names(tree) if source.startswith("placement.planning.")}

    assert asked <= set(PURE)
