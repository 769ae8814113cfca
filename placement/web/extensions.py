"""The Flask extensions, made once and bound to each application in the factory."""

from __future__ import annotations

from typing import cast

from flask import Flask, current_app
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect

from placement.records.files import FileStore, FolderStore
from placement.records.sealing import Seal
from placement.records.sessions import Store, open_store
from placement.records.tables import Base
from placement.web.config import ROOT, Config

# Flask-SQLAlchemy gives the engine and the migrations' metadata; sessions come from records.sessions.
db = SQLAlchemy(model_class=Base, disable_autonaming=True)
migrate = Migrate(directory=str(ROOT / "migrations"), render_as_batch=False, compare_type=True)
csrf = CSRFProtect()
login = LoginManager()


def init_store(app: Flask) -> None:
    """Open the two session factories over this application's engine."""
    with app.app_context():
        app.extensions["placement_store"] = open_store(db.engine)


def store() -> Store:
    """Return the current application's database."""
    return cast(Store, current_app.extensions["placement_store"])


def file_store() -> FileStore:
    """Return where the current application keeps files: a folder of its home."""
    return FolderStore(config().files)


def seal() -> Seal:
    """Return what closes and opens the secrets of the current application."""
    return Seal(config().secret_key)


def config() -> Config:
    """Return the current application's settings."""
    return cast(Config, current_app.extensions["placement_config"])
