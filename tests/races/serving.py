"""The application as gunicorn serves it to the races: the clock of the tests, the database of the race."""

import os
from pathlib import Path

from tests.conftest import Clock, settings


def application():  # type: ignore[no-untyped-def]
    """Return the application over the database that the environment names."""
    from placement.web.factory import create_app

    return create_app(settings(os.environ["RACE_DATABASE_URL"], Path(os.environ["RACE_HOME"]), Clock()))
