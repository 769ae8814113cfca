"""What must be answered: something that can be seen was typed, something was chosen."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms.validators import StopValidation


class Entered:
    """Refuses an answer that holds nothing, once it has been read: blanks alone are nothing, in whatever alphabet.

    WTForms' own look at what was sent, before it is read, and so take a no-break space for a name. An answer that
    could not be read keeps the message that says why.
    """

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, form: FlaskForm, field: Any) -> None:
        if not field.errors and (field.data is None or field.data == "" or field.data == []):
            raise StopValidation(self.message)
