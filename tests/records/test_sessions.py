"""Reads that cannot write, writes that take their lock first and leave nothing behind on an error."""

import threading
from contextlib import suppress

import pytest
from sqlalchemy import create_engine, insert, select, text, update
from sqlalchemy.exc import DBAPIError, OperationalError, StatementError

from placement.records.providers import Provider
from placement.records.sessions import PRAGMAS, TRIES, open_url, retried
from placement.records.vacancies import Closure
from tests.builders import a_provider
from tests.conftest import NOW

ADD = insert(Provider).values(name="A provider that may not be stored")


def stored(store):
    with store.reading() as session:
        return list(session.scalars(select(Provider.name).order_by(Provider.id)))


def test_a_read_unit_cannot_write(store):
    with store.reading() as session, pytest.raises(DBAPIError, match=r"readonly|read-only"):
        session.execute(ADD)
    with store.read() as session:
        session.add(Provider(name="A provider that may not be stored"))
        with pytest.raises(DBAPIError, match=r"readonly|read-only"):
            session.commit()
    assert stored(store) == []


def test_a_connection_that_has_read_can_write_again_and_the_other_way_round(store):
    """The pool hands one connection to both kinds of unit: neither may leave its mode behind."""
    for number in range(3):
        with store.writing() as session:
            a_provider(session, name=f"Provider {number}")
        with store.reading() as session, pytest.raises(DBAPIError):
            session.execute(ADD)
    assert stored(store) == ["Provider 0", "Provider 1", "Provider 2"]


def test_an_exception_leaves_nothing_behind(store):
    with suppress(ZeroDivisionError), store.writing() as session:
        a_provider(session)
        session.flush()
        raise ZeroDivisionError
    assert stored(store) == []


def test_a_refused_statement_leaves_nothing_of_its_unit_behind(store):
    with suppress(DBAPIError), store.writing() as session:
        a_provider(session, name="First", cqc_id="1-1")
        a_provider(session, name="Second", cqc_id="1-1")
    assert stored(store) == []


def test_a_read_unit_sees_one_moment_from_its_first_question_to_its_last(store, database):
    other = open_url(database.url)
    with store.reading() as session:
        before = session.scalars(select(Provider.id)).all()
        with other.writing() as writer:
            a_provider(writer)
        assert session.scalars(select(Provider.id)).all() == before == []
    assert len(stored(store)) == 1
    other.engine.dispose()


def test_sqlite_answers_with_the_settings_that_were_asked_for(store, database):
    if database.engine != "sqlite":
        with store.write() as session:
            assert session.scalar(text("SHOW lock_timeout")) == "4s"
        with store.read() as session:
            assert session.scalar(text("SHOW transaction_read_only")) == "on"
            assert session.scalar(text("SHOW transaction_isolation")) == "repeatable read"
        return
    for factory, query_only in ((store.read, 1), (store.write, 0)):
        with factory() as session:
            found = {name: session.scalar(text(f"PRAGMA {name}")) for name, _ in PRAGMAS}
            assert found == dict(PRAGMAS)
            assert session.scalar(text("PRAGMA query_only")) == query_only


def test_a_write_unit_has_its_lock_before_its_first_statement(store, database):
    if database.engine == "sqlite":
        impatient = create_engine(database.url, connect_args={"isolation_level": None, "timeout": 0})
        with store.write() as session:
            session.connection()  # nothing but BEGIN
            with impatient.connect() as other, pytest.raises(OperationalError, match="locked"):
                other.exec_driver_sql("BEGIN IMMEDIATE")
            with store.read() as reader:  # readers do not wait for a writer
                assert reader.scalars(select(Provider.id)).all() == []
        impatient.dispose()
    else:  # rows are locked instead, and tests/races shows that they are the right ones
        with store.write() as session:
            assert session.scalar(text("SHOW transaction_read_only")) == "off"
            assert session.scalar(text("SHOW transaction_isolation")) == "read committed"


def test_a_writer_waits_for_the_one_before_it_and_sees_what_it_stored(store, database):
    late, seen, begins = open_url(database.url), [], threading.Event()

    def count():
        begins.set()
        with late.writing() as session:
            locked = select(Provider).with_for_update().order_by(Provider.id)
            seen.append([provider.name for provider in session.scalars(locked)])

    with store.writing() as session:
        a_provider(session, name="Before")
    with store.writing() as session:
        session.execute(update(Provider).values(name="After"))
        thread = threading.Thread(target=count)
        thread.start()
        assert begins.wait(10)
    thread.join(20)
    late.engine.dispose()
    assert seen == [["After"]]


def test_a_unit_is_tried_again_only_when_the_database_itself_asks_for_it(store):
    tries = []

    def locked(_session):
        tries.append(1)
        raise OperationalError("UPDATE", {}, Exception("database is locked"))

    def broken(session):
        tries.append(1)
        session.execute(text("SELECT nothing FROM nowhere"))

    with pytest.raises(OperationalError):
        retried(store, locked)
    assert len(tries) == TRIES
    tries.clear()
    with pytest.raises(DBAPIError):
        retried(store, broken)
    assert len(tries) == 1


def test_an_instant_without_a_time_zone_is_refused(store):
    naive = {"unit_id": 1, "start_on": NOW.date(), "reason": "", "created_at": NOW.replace(tzinfo=None)}
    with pytest.raises(StatementError, match="time zone"), store.writing() as session:
        session.execute(insert(Closure).values(naive | {"created_by": ""}))
