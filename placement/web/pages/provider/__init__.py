"""Providers: vacancies, services and the people who are placed with them."""

from typing import Any

from flask import Blueprint, abort

from placement.web.access import guard

blueprint = Blueprint("provider", __name__, url_prefix="/provider")
guard(blueprint)
MOST_ID = 2**31 - 1


@blueprint.url_value_preprocessor
def _refuse_numbers_that_no_record_can_have(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    if any(isinstance(value, int) and value > MOST_ID for value in (values or {}).values()):
        abort(404)


# The modules bind their routes to the blueprint.
from placement.web.pages.provider import closures, home, placements, services, units, vacancies  # noqa: E402, F401
