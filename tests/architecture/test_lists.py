"""A list that is cut off says so: rows are limited in one place, which counts them all."""

import ast

from tests.conftest import ROOT

PAGES = "placement/records/pages.py"


def cuts(text):
    """Return the lines that keep some rows of a question without counting the others: `.limit(…)` of more than one."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "limit":
            one = len(node.args) == 1 and isinstance(node.args[0], ast.Constant) and node.args[0].value == 1
            found += [] if one else [node.lineno]
        if isinstance(node, ast.FunctionDef):
            names = [each.arg for each in (*node.args.args, *node.args.kwonlyargs)]
            found += [node.lineno] if {"session", "limit"} <= set(names) else []
    return found


def test_rows_are_limited_in_one_place():
    product = {str(path.relative_to(ROOT)): path.read_text() for path in (ROOT / "placement").rglob("*.py")}
    assert {name: found for name, text in product.items() if (found := cuts(text)) and name != PAGES} == {}
    assert cuts(product[PAGES])


def test_a_list_that_is_cut_off_elsewhere_is_seen():
    assert cuts("session.scalars(rows.limit(200)).all()") == [1]
    assert cuts("def referrals(session, *, limit=200): ...") == [1]
    assert cuts("rows.limit(size)") == [1]
    assert cuts("session.scalar(rows.limit(1))") == []
