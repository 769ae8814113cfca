"""A database that is away, full or held: there is a page, readiness says so, no value is logged, and it comes back."""

from __future__ import annotations

import logging
import os
import sqlite3
import subprocess
import sys
from dataclasses import replace

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError, OperationalError

from placement.domain.people import Role
from placement.jobs.queue import open_queue
from placement.jobs.solving import solve_run
from placement.records.sessions import open_url, told
from placement.web.factory import create_app
from tests.builders import a_person
from tests.conftest import ROOT, settings
from tests.jobs.markets import an_easy_market
from tests.jobs.test_solving import requested, the_run
from tests.web_client import Browser, signed_in

SECRET_NAME = "Zebedee Quillfeather"


@pytest.fixture
def away(app, store, monkeypatch):
    """Return what takes the database away, and what brings it back."""
    engine, connect = store.engine, store.engine.pool._creator

    def go():
        def refuse(*_given):
            raise (
                sqlite3.OperationalError("unable to open database file")
                if engine.dialect.name == "sqlite"
                else (__import__("psycopg").OperationalError("connection refused"))
            )

        engine.dispose()
        engine.pool._creator = refuse

    def come_back():
        engine.pool._creator = connect

    yield go, come_back
    come_back()


def test_while_the_database_is_away_there_is_a_page_and_afterwards_everything_is_as_before(app, away, caplog):
    go, come_back = away
    browser = signed_in(app, Role.BROKER)
    go()
    with caplog.at_level(logging.ERROR):
        for path in ("/broker/", "/", "/sign-in", "/password"):
            answer = browser.get(path)
            assert answer.status_code == 503, path
            assert answer.headers["Retry-After"]
            assert "The service cannot be used just now" in answer.get_data(as_text=True)
        ready = browser.get("/health/ready")
    assert (ready.status_code, ready.json) == (503, {"ready": False, "reason": "database"})
    assert browser.get("/health/live").status_code == 200
    assert "database not usable, mark" in caplog.text
    come_back()
    assert browser.get("/broker/").status_code == 200, "still signed in"
    assert browser.get("/health/ready").json == {"ready": True}


def test_a_held_database_is_not_ready_and_is_again_when_it_is_let_go(app, store, database):
    if database.engine == "sqlite":
        store.engine.dispose()
        holder = create_engine(database.url, connect_args={"isolation_level": None})
        begin = "BEGIN IMMEDIATE"
    else:
        holder, begin = create_engine(database.url), "LOCK TABLE alembic_version"
    browser = Browser(app)
    with holder.connect() as connection:
        connection.exec_driver_sql(begin)
        answer = browser.get("/health/ready")
        assert answer.status_code == 503
        connection.rollback()
    assert browser.get("/health/ready").status_code == 200
    holder.dispose()


FULL = """
import resource, signal, sys
from pathlib import Path
from tests.conftest import Clock, settings
from placement.web.factory import create_app
home = Path(sys.argv[1])
app = create_app(settings(f"sqlite:///{home / 'placement.db'}", home, Clock()))
client = app.test_client()
assert client.get("/health/ready").status_code == 200
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (1024, hard))
for path in ("/health/ready", "/sign-in", "/health/live"):
    print(client.get(path).status_code)
resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
print(client.get("/health/ready").status_code)
"""


def test_a_disk_that_takes_no_more_is_not_ready_but_pages_are_shown(sqlite_template, tmp_path):
    """The process may write no more of a file than a kilobyte: SQLite's log cannot grow, nor the compiled templates."""
    (tmp_path / "placement.db").write_bytes(sqlite_template.read_bytes())
    ran = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path)],
        cwd=ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stdout.split() == ["503", "200", "200", "200"], ran.stderr


def test_templates_that_cannot_be_kept_are_compiled_every_time(database, tmp_path, clock):
    gone = tmp_path / "gone"
    app = create_app(replace(settings(database.url, tmp_path, clock), template_cache=gone))
    assert app.test_client().get("/sign-in").status_code == 200
    app.extensions["placement_store"].engine.dispose()


@pytest.fixture
def a_refusal(store):
    """Return an error about a person, as the engine raises it."""
    with store.writing() as session:
        a_person(session, case_number=SECRET_NAME)
    with pytest.raises(DBAPIError) as refused, store.writing() as session:
        a_person(session, case_number=SECRET_NAME)
    return refused.value


def test_what_is_told_of_a_refusal_names_nobody(a_refusal):
    assert SECRET_NAME not in told(a_refusal)
    assert SECRET_NAME not in str(a_refusal).partition("DETAIL")[0]
    assert "Error" in told(a_refusal) or "Violation" in told(a_refusal)


def test_a_failed_job_leaves_no_name_in_a_log_or_with_the_run(store, clock, tmp_path, caplog, monkeypatch, a_refusal):
    run_id = requested(store, an_easy_market)

    def fail(*_given, **_named):
        raise a_refusal

    monkeypatch.setattr("placement.planning.runs.publish_run", fail)
    queue = open_queue(tmp_path, secret="a secret that is only for tests, long enough", store=store, clock=clock)
    queue.solve(run_id)
    with caplog.at_level(logging.DEBUG):
        queue.huey.execute(queue.huey.dequeue())
    assert "from the database" in the_run(store, run_id).failure
    assert SECRET_NAME not in the_run(store, run_id).failure
    assert "the job solve ended" in caplog.text
    assert SECRET_NAME not in caplog.text
    assert solve_run(store, run_id, clock=clock) is False


def test_a_statement_that_takes_too_long_on_postgresql_is_ended(database):
    if database.engine == "sqlite":
        return
    store = open_url(database.url)
    for factory in (store.read, store.write):
        with factory() as session:
            found = {
                name: session.scalar(text(f"SHOW {name}"))
                for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
            }
        assert found == {
            "statement_timeout": "30s",
            "lock_timeout": "4s",
            "idle_in_transaction_session_timeout": "30s",
        }
    with store.write() as session:
        session.execute(text("SET LOCAL statement_timeout = '10ms'"))
        with pytest.raises(OperationalError, match="statement timeout"):
            session.execute(text("SELECT pg_sleep(5)"))
    store.engine.dispose()
