"""A form of the product: what was typed can be shown in it again without being judged or done."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_wtf import FlaskForm

from placement.web.forms.marks import SHOWN_AGAIN


def is_shown_again() -> bool:
    """Return whether a form is sent only so that its page shows it again, with what was typed."""
    return request.method == "POST" and SHOWN_AGAIN in request.form


class TypedForm(FlaskForm):
    """A form that does not hold, and finds no fault, while it is only shown again."""

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Return whether every answer holds; of a form that is only shown again, none is looked at."""
        return not is_shown_again() and bool(super().validate(*args, **kwargs))
