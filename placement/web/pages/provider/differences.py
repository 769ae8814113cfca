"""Two versions of a form side by side: theirs, that is stored by now, and yours, that was typed."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm

HIDDEN = {"HiddenField", "CSRFTokenField", "SubmitField"}


def differences(theirs: FlaskForm, yours: FlaskForm) -> list[tuple[str, str, str]]:
    """Return (question, their answer, your answer) for every question that was answered differently."""
    pairs = [(field, yours[field.name]) for field in theirs if field.type not in HIDDEN]
    return [
        (str(field.label.text), words(field), words(other)) for field, other in pairs if words(field) != words(other)
    ]


def words(field: Any) -> str:
    """Return an answer as a person reads it."""
    if hasattr(field, "choices"):
        chosen = field.data if isinstance(field.data, list) else [field.data]
        return ", ".join(label for value, label, *_ in field.iter_choices() if value in chosen) or "None"
    return str(field._value()) or "Empty"
