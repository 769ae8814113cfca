"""The menu of each role, and what stands side by side under one word of it."""

import re

import pytest

from placement.domain.people import Role
from placement.web.layout import BESIDE, MENUS
from tests.web_client import signed_in

LONGEST = 80
"""Characters of a menu that stand in one line at 1280 pixels."""


@pytest.mark.parametrize("role", MENUS)
def test_a_menu_is_one_line(role):
    assert sum(len(words) for _, words in MENUS[role]) <= LONGEST


def test_a_word_of_the_menu_leads_to_the_first_of_its_pages():
    entries = {endpoint for menu in MENUS.values() for endpoint, _ in menu}
    assert BESIDE.keys() <= entries
    assert all(pages[0][0] == entry for entry, pages in BESIDE.items())


def test_pages_beside_each_other_say_which_one_is_read_and_the_menu_says_the_word_for_all(app):
    commissioner = signed_in(app, Role.COMMISSIONER)
    for path in ("/commissioner/freshness", "/commissioner/claims", "/commissioner/standings", "/onboarding/"):
        page = commissioner.get(path).get_data(as_text=True)
        beside = re.search(r'<nav class="app-beside" aria-label="Providers">(.*?)</nav>', page, re.S).group(1)
        assert re.findall(r'href="([^"]*)" aria-current="page"', beside) == [path]
        assert re.search(r'aria-current="(page|true)"[^<]*>\s*(<strong[^>]*>)?Providers', page)


def test_no_other_page_has_anything_beside_it(app):
    for role, path in (
        (Role.COMMISSIONER, "/commissioner/needs"),
        (Role.ADMIN, "/onboarding/"),
        (Role.BROKER, "/broker/"),
    ):
        assert "app-beside" not in signed_in(app, role).get(path).get_data(as_text=True)
