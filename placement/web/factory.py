"""Make the application: settings, extensions, pages, commands. Each is a table or one call."""

from __future__ import annotations

import contextlib
from typing import Any

from flask import Flask
from govuk_frontend_wtf.main import WTFormsHelpers
from jinja2 import ChoiceLoader, FileSystemBytecodeCache, FileSystemLoader, PackageLoader, PrefixLoader
from jinja2.bccache import Bucket
from werkzeug.routing import IntegerConverter, Map

from placement.records.sessions import engine_options
from placement.web import (
    access,
    errors,
    formatting,
    keeping,
    layout,
    looking,
    ringing,
    security,
    sending,
    standings,
    transactions,
)
from placement.web.commands import COMMANDS
from placement.web.config import ROOT, Config, from_environment
from placement.web.extensions import csrf, db, init_store, migrate
from placement.web.pages import BLUEPRINTS


class RecordNumber(IntegerConverter):
    """A record's number in an address. What no column can hold is not found, rather than an error of the database."""

    def __init__(self, url_map: Map, **kwargs: Any) -> None:
        super().__init__(url_map, **{"max": 2**31 - 1, **kwargs})


class OptionalCache(FileSystemBytecodeCache):
    """Compiled templates in a folder, as long as it can be written: on a full disk pages are only slower."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a compiled template if that is possible."""
        with contextlib.suppress(OSError):
            super().dump_bytecode(bucket)

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take a compiled template from the folder if that is possible."""
        with contextlib.suppress(OSError):
            super().load_bytecode(bucket)


def create_app(settings: Config | None = None) -> Flask:
    """Return a new application; without settings they come from the environment."""
    settings = settings or from_environment()
    app = Flask(
        "placement",
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
        instance_path=str(settings.home),
    )
    app.extensions["placement_config"] = settings
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
    )
    app.url_map.converters["int"] = RecordNumber
    _templates(app, settings)
    db.init_app(app)
    migrate.init_app(app, db)
    security.init_app(app, settings)  # before csrf: a refusal carries the same headers as a page
    csrf.init_app(app)
    WTFormsHelpers(app)
    init_store(app)
    for room in (access, errors, formatting, keeping, layout, looking, ringing, sending, standings, transactions):
        room.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for command in COMMANDS:
        app.cli.add_command(command)
    return app


def _templates(app: Flask, settings: Config) -> None:
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True, "autoescape": True}
    if settings.template_cache:  # compiled once a copy, not once a process; a changed template is compiled again
        app.jinja_options["bytecode_cache"] = OptionalCache(str(settings.template_cache))
    app.jinja_loader = ChoiceLoader(
        [
            FileSystemLoader(str(ROOT / "templates")),
            PrefixLoader(
                {
                    "govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja"),
                    "govuk_frontend_wtf": PackageLoader("govuk_frontend_wtf"),
                }
            ),
        ]
    )
