"""A macro stands for nothing that every template knows by the same name: it would hide it from the whole file."""

import re

import pytest

from tests.architecture.test_looks import TEMPLATES

KNOWN = {
    *("request", "session", "g", "config", "url_for", "get_flashed_messages", "current_user"),
    *("council", "menu", "menu_beside", "menu_word", "actor", "now", "notices", "may_change", "is_for_me"),
}


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_macro_hides_what_every_template_knows(path):
    assert KNOWN & set(re.findall(r"\{%-? macro (\w+)\(", path.read_text())) == set()
