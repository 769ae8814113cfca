"""Every setting stands in the README, and one that makes no sense is refused in words."""

import re

import pytest

from placement.jobs.mail import Console, Smtp
from placement.jobs.notify import Notify
from placement.web.config import from_environment
from tests.conftest import ROOT

# Several settings in one line of the README, the first one in full.
LISTED = {
    "PLACEMENT_SMTP": ("_PORT", "_USER", "_PASSWORD", "_TLS"),
    "PLACEMENT_NOTIFY": ("_TEMPLATE",),
}


def _source():
    return "\n".join(path.read_text() for path in sorted((ROOT / "placement/web").glob("*.py")))


def test_every_setting_stands_in_the_readme():
    read = set(re.findall(r'"((?:PLACEMENT|DATABASE)_[A-Z_]+|PORT)"', _source()))
    told = (ROOT / "README.md").read_text()
    assert len(read) > 8
    short = {f"`{first}{end}" for first, ends in LISTED.items() for end in ends}
    assert {name for name in read if f"`{name}" not in told and f"`{name}" not in short} == set()
    assert all(f"`{end}" in told for ends in LISTED.values() for end in ends)


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


UUID = "26785a09-ab16-4eb0-8407-a37497a57506"
NOTIFY = {"PLACEMENT_NOTIFY_KEY": f"live-{UUID}-{UUID}", "PLACEMENT_NOTIFY_TEMPLATE": UUID}
SMTP = {"PLACEMENT_SMTP_HOST": "mail.example.org", "PLACEMENT_MAIL_FROM": "placement@example.org"}
URL = {"PLACEMENT_URL": "https://places.example.org/"}


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        (SMTP, "PLACEMENT_URL"),
        (NOTIFY, "PLACEMENT_URL"),
        (SMTP | {"PLACEMENT_URL": "places.example.org"}, "PLACEMENT_URL"),
        (SMTP | URL | {"PLACEMENT_MAIL_FROM": ""}, "PLACEMENT_MAIL_FROM"),
        (SMTP | URL | {"PLACEMENT_SMTP_PORT": "0"}, "PLACEMENT_SMTP_PORT"),
        (SMTP | URL | NOTIFY, "not both"),
        (NOTIFY | URL | {"PLACEMENT_NOTIFY_KEY": "live-1"}, "PLACEMENT_NOTIFY_KEY"),
        (NOTIFY | URL | {"PLACEMENT_NOTIFY_TEMPLATE": "1"}, "PLACEMENT_NOTIFY_TEMPLATE"),
    ],
)
def test_a_way_of_sending_that_cannot_be_is_refused_by_its_name(tmp_path, settings, name):
    with pytest.raises(SystemExit, match=name) as refused:
        from_environment({"PLACEMENT_HOME": str(tmp_path)} | settings)
    assert UUID not in str(refused.value)


def test_mail_goes_out_the_way_that_is_set_and_in_earnest_is_never_printed(tmp_path):
    home = {"PLACEMENT_HOME": str(tmp_path)}
    assert isinstance(from_environment(home).mailing.port, Console)
    assert isinstance(from_environment(home | SMTP | URL).mailing.port, Smtp)
    assert isinstance(from_environment(home | NOTIFY | URL).mailing.port, Notify)
    assert from_environment(home | NOTIFY | URL).mailing.address == "https://places.example.org"
    assert from_environment(home | {"PLACEMENT_HTTPS": "1"}).mailing is None


def test_no_secret_stands_in_what_a_setting_prints(tmp_path):
    home = {"PLACEMENT_HOME": str(tmp_path), "PLACEMENT_SECRET_KEY": "canary " * 9}
    canary = {"PLACEMENT_SMTP_USER": "u", "PLACEMENT_SMTP_PASSWORD": "canary", "DATABASE_URL": "sqlite:///canary"}
    assert "canary" not in repr(from_environment(home | SMTP | URL | canary))
    assert UUID not in repr(from_environment(home | NOTIFY | URL)).replace(f"template='{UUID}'", "")
