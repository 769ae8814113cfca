"""Between forms and actions: an action's refusal shown beside the question it answers."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField

from placement.domain.errors import Invalid


def show_error(form: FlaskForm, error: Invalid) -> None:
    """Put a refusal beside its field, or beside the first one that is shown if it names none of this form's."""
    shown = (field for field in form if not isinstance(field, HiddenField))
    field = form._fields.get(error.field or "") or next(shown)
    field.errors = [*field.errors, str(error)]
