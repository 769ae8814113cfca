"""The two session factories: reads that cannot write, and writes that take their lock first.

Measured on SQLite: the driver's own default let 499 of 500 races for a last bed double-book; BEGIN IMMEDIATE none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, TimeoutError
from sqlalchemy.orm import Session, sessionmaker

from placement.records.councils import scope
from placement.records.scope import narrow

MODE = "placement_mode"
PRAGMAS = (
    ("foreign_keys", 1),
    ("journal_mode", "wal"),
    ("synchronous", 2),
    ("busy_timeout", 10000),
    ("trusted_schema", 0),
)
# A page that waits longer has lost its reader; a transaction that nobody goes on with holds up everybody else's.
TIMEOUTS = "-c statement_timeout=30s -c lock_timeout=4s -c idle_in_transaction_session_timeout=30s"
NOT_USABLE = (DBAPIError, TimeoutError)
"""What is raised where a database is away, full or locked, or every connection to it is taken."""
TRIES = 3
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Store:
    """One database and its two ways in."""

    engine: Engine
    read: sessionmaker[Session]
    write: sessionmaker[Session]

    @contextmanager
    def reading(self, council: str | None = None) -> Iterator[Session]:
        """Open a read-only unit, of one council's rows where one is named, and end it."""
        with self.read() as session:
            scope(session, council)
            yield session
            session.rollback()

    @contextmanager
    def writing(self, council: str | None = None) -> Iterator[Session]:
        """Open a write unit, of one council's rows where one is named; commit it at the end, or roll it all back."""
        with self.write() as session, session.begin():
            scope(session, council)
            yield session


def open_store(engine: Engine) -> Store:
    """Put the hooks on an engine and return its two session factories. Safe to call once per engine."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "begin", _begin_postgresql)
    return Store(engine, _factory(engine, "read"), _factory(engine, "write"))


def open_url(url: str) -> Store:
    """Open the database at an SQLAlchemy URL, outside the web."""
    return open_store(create_engine(url, **engine_options(url)))


def engine_options(url: str) -> dict[str, Any]:
    """Return the options of create_engine for a URL, the same in the web, the worker and the tests."""
    if make_url(url).get_backend_name() == "sqlite":
        return {"connect_args": {"isolation_level": None, "timeout": 10}, "hide_parameters": True}
    return {
        "pool_pre_ping": True,
        "pool_size": 5,
        "max_overflow": 15,
        "pool_timeout": 5,
        "hide_parameters": True,
        "connect_args": {"connect_timeout": 5, "options": TIMEOUTS},
    }


def retried(store: Store, work: Callable[[Session], T], *, council: str | None = None) -> T:
    """Run a whole unit of work, again from the start if the database itself asks for that (deadlock, busy)."""
    for attempt in range(1, TRIES + 1):
        try:
            with store.writing(council) as session:
                return work(session)
        except DBAPIError as error:
            if attempt == TRIES or not _worth_retrying(error):
                raise
    raise AssertionError("unreachable")


def told(error: Exception) -> str:
    """Return what may be said of an error in a log or a record: its kind and the engine's code.

    The message of a database quotes what it was given, and that may be about a person.
    """
    if not isinstance(error, DBAPIError):
        return f"{type(error).__name__}: {error}"
    code = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None)
    return f"{type(error.orig).__name__}{f' {code}' if code else ''} from the database"


def _factory(engine: Engine, mode: str) -> sessionmaker[Session]:
    factory = sessionmaker(engine.execution_options(**{MODE: mode}), expire_on_commit=False)
    narrow(factory)
    return factory


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for name, value in PRAGMAS:
        cursor.execute(f"PRAGMA {name} = {value}")
        got = cursor.execute(f"PRAGMA {name}").fetchone()[0]
        if got != value and not (name == "journal_mode" and got == "memory"):
            raise RuntimeError(f"SQLite refused PRAGMA {name} = {value} (it answered {got})")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(MODE, "write") == "write"
    connection.exec_driver_sql(f"PRAGMA query_only = {0 if writes else 1}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _begin_postgresql(connection: Connection) -> None:
    if connection.get_execution_options().get(MODE, "write") == "read":
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")


def _worth_retrying(error: DBAPIError) -> bool:
    code = getattr(error.orig, "sqlstate", None) or ""
    return code in {"40001", "40P01"} or "database is locked" in str(error.orig)
