"""WTForms fields with GOV.UK widgets, and a few shapes of our own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    Field,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # its stubs are those of 3.2

from placement.web.forms.widgets import Checkbox, Checkboxes, Date, Password, Radios, Select, Submit, Text, TextArea

Choices = Sequence[tuple[str, str]]


class ThreeBoxDateField(DateField):
    """A date from three boxes, with messages that say what to mend."""

    widget = Date()
    data: Any  # a date once it is valid, None before

    def __init__(self, label: str, validators: Any = None, hint: str = "", **kwargs: Any) -> None:
        super().__init__(label, validators, format="%d %m %Y", description=hint, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        parts = [part.strip() for part in valuelist]
        if not any(parts):
            self.data = None
            return
        try:
            super().process_formdata([part.zfill(2) for part in parts])
        except ValueError:
            raise ValueError("Enter a real date, for example 27 3 2026") from None
        if self.data and not 1900 <= self.data.year <= 2100:
            raise ValueError("Enter a year between 1900 and 2100")


class WholeNumberField(IntegerField):
    """A whole number; the message says so."""

    widget = Text()

    def process_formdata(self, valuelist: list[str]) -> None:
        text = (valuelist[0] if valuelist else "").strip().replace(",", "")
        if not text:
            self.data = None
            return
        if not text.isascii() or not text.removeprefix("-").isdigit() or len(text) > 9:
            self.data = None
            raise ValueError("Enter a whole number, for example 12")
        self.data = int(text)


class PoundsField(Field):
    """Money a week, kept in pence."""

    widget = Text()
    data: int | None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return (
            "" if self.data is None else f"{self.data // 100}" + (f".{self.data % 100:02}" if self.data % 100 else "")
        )

    def process_formdata(self, valuelist: list[str]) -> None:
        text = (valuelist[0] if valuelist else "").strip().lstrip("£").replace(",", "").strip()
        whole, _, rest = text.partition(".")
        if not text:
            self.data = None
        elif not (
            text.isascii() and whole.isdigit() and len(whole) <= 6 and (not rest or (rest.isdigit() and len(rest) <= 2))
        ):
            self.data = None
            raise ValueError("Enter pounds, for example 1250 or 1250.50")
        else:
            self.data = int(whole) * 100 + int(rest.ljust(2, "0") if rest else 0)


class MilesField(Field):
    """A distance in miles."""

    widget = Text()
    data: float | None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:g}"

    def process_formdata(self, valuelist: list[str]) -> None:
        text = (valuelist[0] if valuelist else "").strip()
        self.data = None
        if text:
            try:
                number = float(text)
            except ValueError:
                number = -1
            if not 0 < number <= 500:
                raise ValueError("Enter a number of miles between 0.1 and 500")
            self.data = number


def text(label: str, validators: Any = (), hint: str = "", **kwargs: Any) -> Any:
    """Return a one-line field; spaces around what was typed do not count."""
    return StringField(label, list(validators), [_strip], description=hint, widget=Text(), **kwargs)


def area(label: str, validators: Any = (), hint: str = "", **kwargs: Any) -> Any:
    """Return a field of several lines."""
    return TextAreaField(label, list(validators), [_strip], description=hint, widget=TextArea(), **kwargs)


def password(label: str, validators: Any = (), hint: str = "") -> Any:
    """Return a password field."""
    return PasswordField(label, list(validators), description=hint, widget=Password())


def options(choices: Choices) -> list[SelectChoice]:
    """Return (value, words) pairs as WTForms wants them."""
    return [SelectChoice(value, words) for value, words in choices]


def radios(label: str, choices: Choices, validators: Any = (), hint: str = "", **kwargs: Any) -> Any:
    """Return radios over (value, words) pairs; the message for none chosen is a sentence."""
    kwargs.setdefault("validate_choice", True)
    return _Radio(label, list(validators), choices=options(choices), description=hint, widget=Radios(), **kwargs)


def select(
    label: str,
    choices: Choices,
    validators: Any = (),
    hint: str = "",
    *,
    default: str = "",
    validate_choice: bool = True,
) -> Any:
    """Return a drop-down over (value, words) pairs."""
    return SelectField(
        label,
        list(validators),
        choices=options(choices),
        description=hint,
        widget=Select(),
        default=default,
        validate_choice=validate_choice,
    )


def checkboxes(label: str, choices: Choices, validators: Any = (), hint: str = "", **kwargs: Any) -> Any:
    """Return checkboxes over (value, words) pairs."""
    return SelectMultipleField(
        label, list(validators), choices=options(choices), description=hint, widget=Checkboxes(), **kwargs
    )


def checkbox(label: str, validators: Any = (), hint: str = "") -> Any:
    """Return one checkbox."""
    return BooleanField(label, list(validators), description=hint, widget=Checkbox())


def submit(label: str) -> Any:
    """Return the form's button."""
    return SubmitField(label, widget=Submit())


class _Radio(RadioField):
    """Radios for which nothing chosen is no answer, so that the form says what to choose."""

    def pre_validate(self, form: FlaskForm) -> None:
        if self.data in (None, "", "None"):
            self.data = None
            return
        super().pre_validate(form)


def _strip(value: str | None) -> str | None:
    return value.strip() if value else value
