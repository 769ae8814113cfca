"""The questions that a form may ask, each drawn as the GOV.UK Design System does. A template only names them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, SelectField, StringField, SubmitField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # its stubs are those of 3.2

from placement.domain.errors import Invalid
from placement.domain.text import plain
from placement.web.forms.looks import PLAIN, Look
from placement.web.forms.shapes import (
    MilesField,
    OneOfField,
    PoundsField,
    SomeOfField,
    ThreeBoxDateField,
    WholeNumberField,
)
from placement.web.forms.widgets import (
    Checkbox,
    Checkboxes,
    ChoiceRow,
    Date,
    Password,
    Radios,
    Select,
    Submit,
    Text,
    TextArea,
)

Choices = Sequence[tuple[str, str]]
F = TypeVar("F", bound=FlaskForm)


def text(label: str, validators: Any = (), hint: str = "", *, look: Look = PLAIN) -> Any:
    """Return a one-line field, read as `domain.text` reads it: blanks around it do not count, hidden characters do."""
    return StringField(label, list(validators), [_one_line], description=hint, widget=Text(look))


def area(label: str, validators: Any = (), hint: str = "", *, look: Look = PLAIN) -> Any:
    """Return a field of several lines, read likewise."""
    return TextAreaField(label, list(validators), [_several_lines], description=hint, widget=TextArea(look))


def password(label: str, validators: Any = (), hint: str = "", *, look: Look = PLAIN) -> Any:
    """Return a password field."""
    return PasswordField(label, list(validators), description=hint, widget=Password(look))


def day(label: str, validators: Any = (), hint: str = "", *, look: Look = PLAIN) -> Any:
    """Return a date in three boxes."""
    return ThreeBoxDateField(label, list(validators), description=hint, widget=Date(look))


def number(label: str, validators: Any = (), hint: str = "", *, look: Look = PLAIN, most: int | None = None) -> Any:
    """Return a whole number, for which a phone shows digits; `most` is the largest that is believed."""
    drawn = Text(replace(look, inputmode="numeric"))
    return WholeNumberField(label, list(validators), description=hint, widget=drawn, most=most)


def pounds(label: str, validators: Any = (), hint: str = "", *, look: Look = PLAIN) -> Any:
    """Return an amount of money, kept in pence."""
    drawn = replace(look, inputmode="decimal", width=5, prefix="£")
    return PoundsField(label, list(validators), description=hint, widget=Text(drawn))


def miles(label: str, validators: Any = (), hint: str = "", *, look: Look = PLAIN) -> Any:
    """Return a distance."""
    drawn = replace(look, inputmode="decimal", width=4, suffix="miles")
    return MilesField(label, list(validators), description=hint, widget=Text(drawn))


def options(choices: Choices) -> list[SelectChoice]:
    """Return (value, words) pairs as WTForms wants them."""
    return [SelectChoice(value, words) for value, words in choices]


def radios(
    label: str, choices: Choices, validators: Any = (), hint: str = "", *, look: Look = PLAIN, **kwargs: Any
) -> Any:
    """Return radios over (value, words) pairs; the message for none chosen is a sentence."""
    return OneOfField(
        label, list(validators), choices=options(choices), description=hint, widget=Radios(look), **kwargs
    )


def choice(label: str, choices: Choices) -> Any:
    """Return one row of short choices, of which the one without a value stands for no answer."""
    return OneOfField(label, choices=options(choices), default="", widget=ChoiceRow())


def select(
    label: str, choices: Choices, validators: Any = (), hint: str = "", *, look: Look = PLAIN, **kwargs: Any
) -> Any:
    """Return a drop-down over (value, words) pairs."""
    kwargs.setdefault("default", "")
    return SelectField(
        label, list(validators), choices=options(choices), description=hint, widget=Select(look), **kwargs
    )


def checkboxes(label: str, choices: Choices, validators: Any = (), hint: str = "", *, look: Look = PLAIN) -> Any:
    """Return checkboxes over (value, words) pairs."""
    return SomeOfField(label, list(validators), choices=options(choices), description=hint, widget=Checkboxes(look))


def checkbox(label: str, validators: Any = (), hint: str = "", *, look: Look = PLAIN) -> Any:
    """Return one checkbox."""
    return BooleanField(label, list(validators), description=hint, widget=Checkbox(look))


def submit(label: str) -> Any:
    """Return the form's button."""
    return SubmitField(label, widget=Submit())


def having(more: Callable[[], Mapping[str, Any]]) -> Callable[[type[F]], type[F]]:
    """Give a form further fields, as many as a table has rows, after its own: the one way to do so."""

    def given(form: type[F]) -> type[F]:
        for name, field in more().items():
            setattr(form, name, field)
        return form

    return given


def _one_line(value: str | None) -> str | None:
    return _read(value, lines=False)


def _several_lines(value: str | None) -> str | None:
    return _read(value, lines=True)


def _read(value: str | None, *, lines: bool) -> str | None:
    try:
        return plain(value, lines=lines) if value else value
    except Invalid as error:  # WTForms shows a filter's ValueError beside the field, with what was typed still in it
        raise ValueError(str(error)) from error
