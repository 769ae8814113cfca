"""Every setting stands in the README, and one that makes no sense is refused in words."""

import re

import pytest

from placement.web.config import from_environment
from tests.conftest import ROOT


def test_every_setting_stands_in_the_readme():
    read = set(re.findall(r'"((?:PLACEMENT|DATABASE)_[A-Z_]+|PORT)"', (ROOT / "placement/web/config.py").read_text()))
    told = (ROOT / "README.md").read_text()
    assert len(read) > 8
    assert {name for name in read if f"`{name}" not in told} == set()


@pytest.mark.parametrize(("name", "value"), [("PORT", "web"), ("PLACEMENT_PROXIES", "yes"), ("PLACEMENT_COUNCIL", "x")])
def test_a_setting_that_cannot_be_is_refused_by_its_name(tmp_path, name, value):
    with pytest.raises(SystemExit, match=name):
        from_environment({"PLACEMENT_HOME": str(tmp_path), name: value})


def test_the_names_it_answers_to_are_its_own_unless_it_is_told_others(tmp_path):
    home = {"PLACEMENT_HOME": str(tmp_path)}
    assert "localhost" in from_environment(home).hosts
    assert from_environment(home | {"PLACEMENT_HOST": "0.0.0.0"}).hosts == ()
    assert from_environment(home | {"PLACEMENT_HOSTS": "a.example, b.example"}).hosts == ("a.example", "b.example")


def test_only_the_default_home_with_its_own_database_is_the_default_home(tmp_path, monkeypatch):
    monkeypatch.setattr("placement.web.config.ROOT", tmp_path)
    assert from_environment({}).is_default_home
    assert from_environment({"PLACEMENT_HOME": str(tmp_path / "instance")}).is_default_home
    assert not from_environment({"PLACEMENT_HOME": str(tmp_path / "elsewhere")}).is_default_home
    assert not from_environment({"DATABASE_URL": "sqlite://"}).is_default_home
