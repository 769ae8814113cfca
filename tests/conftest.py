"""Real databases, a fixed clock, a real application. Every test that asks for `store` or `app` runs on both engines."""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask_migrate import upgrade
from hypothesis import settings as property_settings

from placement.records import accounts
from placement.records.sessions import Store
from placement.web.config import Config
from placement.web.factory import create_app
from tests import pgtmp
from tests.exploring import tried
from tests.sharing import Sharing

pytest_plugins = ["tests.transactions"]
ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = Path(tempfile.mkdtemp(prefix="placement-templates-"))
atexit.register(shutil.rmtree, TEMPLATES, ignore_errors=True)
# The right cost of a password hash is a third of a second; a suite that signs in a thousand times cannot pay it.
# `tests/records/test_accounts.py` looks at the real one.
accounts.use_hasher(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
property_settings.register_profile("ours", tried(100))
property_settings.load_profile("ours")
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)  # a Monday
ENGINES = ("sqlite", "postgresql")
SHARED = Path(os.environ.get("PLACEMENT_SHARED_DATA") or ROOT.parent / "shared" / "data")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Sharing:
    return Sharing(config, log)


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


CLOCK = Clock()


@dataclass
class Database:
    """One migrated, empty database of one engine."""

    engine: str
    url: str


def settings(url: str, home: Path, clock: Clock) -> Config:
    """Return the settings of a test application; templates are compiled once a test session."""
    return Config(
        home=home,
        database_url=url,
        secret_key="a secret that is only for tests, long enough",
        clock=clock,
        template_cache=TEMPLATES,
    )


def migrated(url: str, home: Path) -> None:
    """Bring a database to the newest revision."""
    app = create_app(settings(url, home, Clock()))
    with app.app_context():
        upgrade()
        from placement.web.extensions import db

        db.engine.dispose()


@pytest.fixture(scope="session")
def field_cases() -> Path:
    """Return the folder of small files made after bug reports, or skip where somebody does not have them."""
    folder = SHARED / "field"
    if not folder.is_dir():
        pytest.skip("The field cases are absent: set PLACEMENT_SHARED_DATA to the folder that holds them")
    return folder


@pytest.fixture(scope="session")
def pg_server() -> Iterator[str]:
    if pgtmp.bin_folder() is None:
        pytest.fail("PostgreSQL is not installed: `make test` installs it, or set PG_BINDIR")
    with pgtmp.server() as connection:
        yield connection


@pytest.fixture(scope="session")
def pg_template(pg_server: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    with psycopg.connect(f"{pg_server} dbname=postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE template_placement")
    migrated(pg_url(pg_server, "template_placement"), tmp_path_factory.mktemp("pg-home"))
    return pg_server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("sqlite-home")
    path = home / "template.db"
    migrated(f"sqlite:///{path}", home)
    return path


def pg_url(connection: str, name: str) -> str:
    """Return an SQLAlchemy URL for a database of the throw-away server."""
    folder = connection.split("host=")[1].split()[0]
    return f"postgresql+psycopg://postgres@/{name}?host={folder}"


@contextlib.contextmanager
def fresh_database(engine: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[Database]:
    """Yield a migrated, empty database and remove it afterwards; the same folder gives the same address again."""
    if engine == "sqlite":
        path = folder / "placement.db"
        for left in folder.glob("placement.db*"):
            left.unlink()
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield Database("sqlite", f"sqlite:///{path}")
        return
    server = request.getfixturevalue("pg_template")
    name = f"test_{os.getpid()}_{abs(hash(folder)) % 10**9}"
    with psycopg.connect(f"{server} dbname=postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template_placement")
        try:
            yield Database("postgresql", pg_url(server, name))
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {engine: tmp_path_factory.mktemp(engine) for engine in ENGINES}


@pytest.fixture(params=ENGINES)
def database(request: pytest.FixtureRequest, homes: dict[str, Path]) -> Iterator[Database]:
    with fresh_database(request.param, request, homes[request.param]) as database:
        yield database


@pytest.fixture
def clock() -> Clock:
    CLOCK.now = NOW
    return CLOCK


@pytest.fixture(scope="session")
def made() -> dict[str, Flask]:
    """The application of each address: it is made once, its database is a new one for every test."""
    return {}


@pytest.fixture
def app(database: Database, homes: dict[str, Path], made: dict[str, Flask], clock: Clock) -> Iterator[Flask]:
    if database.url not in made:
        made[database.url] = create_app(settings(database.url, homes[database.engine], clock))
        made[database.url].config["TESTING"] = True
    yield made[database.url]
    made[database.url].extensions["placement_store"].engine.dispose()


@pytest.fixture
def store(app: Flask) -> Store:
    found: Store = app.extensions["placement_store"]
    return found
