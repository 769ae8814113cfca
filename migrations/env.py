"""Alembic's environment: the application's engine, foreign keys off while SQLite tables are rebuilt."""

from __future__ import annotations

from alembic import context
from flask import current_app

from placement.records.tables import Base
from placement.web.extensions import db

config = context.config


def run() -> None:
    """Run the migrations over the application's database, each in a transaction of its own."""
    with db.engine.connect() as connection:
        on_sqlite = connection.dialect.name == "sqlite"
        if on_sqlite:
            # Inside a transaction this pragma does nothing, without a word: it goes straight to the driver.
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            compare_type=True,
            transaction_per_migration=True,
            **current_app.extensions["migrate"].configure_args.get("extra", {}),
        )
        try:
            with context.begin_transaction():
                context.run_migrations()
        finally:
            if on_sqlite:
                connection.rollback()
                connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")


run()
