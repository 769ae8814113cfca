"""WTForms fields for shapes of our own: a date in three boxes, whole numbers, money, miles, one or some of a few."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_wtf import FlaskForm
from wtforms import DateField, Field, IntegerField, RadioField, SelectMultipleField

from placement.domain.typed import is_above, pence, whole_number

GONE = "Something that you chose cannot be chosen any more. Look at what is marked, then send it again"
"""Of radios and boxes: what could be chosen when the page was shown may have gone since."""


class ThreeBoxDateField(DateField):
    """A date from three boxes, with messages that say what to mend."""

    data: Any  # a date once it is valid, None before

    def __init__(self, label: str, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, format="%d %m %Y", **kwargs)

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
    """A whole number; the message says so, or what the largest one is."""

    def __init__(self, label: str, validators: Any = None, *, most: int | None = None, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.most = most

    def process_formdata(self, valuelist: list[str]) -> None:
        text = (valuelist[0] if valuelist else "").strip()
        self.data = whole_number(text)
        if self.most is not None and is_above(text, self.most):
            raise ValueError(f"The largest number is {self.most:,}")
        if text and self.data is None:
            raise ValueError("Enter a whole number, for example 12")


class PoundsField(Field):
    """Money a week, kept in pence."""

    data: int | None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return (
            "" if self.data is None else f"{self.data // 100}" + (f".{self.data % 100:02}" if self.data % 100 else "")
        )

    def process_formdata(self, valuelist: list[str]) -> None:
        text = (valuelist[0] if valuelist else "").strip()
        self.data = pence(text)
        if text and self.data is None:
            raise ValueError("Enter pounds, for example 1250 or 1250.50")


class MilesField(Field):
    """A distance in miles."""

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


class OneOfField(RadioField):
    """Radios for which nothing chosen is no answer, so that the form says what to choose; a choice may have a hint."""

    def __init__(self, *args: Any, hints: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, invalid_choice_message=GONE, **kwargs)  # type: ignore[call-arg]  # stubs are those of 3.2
        self.hints = dict(hints or {})

    def pre_validate(self, form: FlaskForm) -> None:
        if self.data in (None, "", "None"):
            self.data = None
            return
        super().pre_validate(form)


class SomeOfField(SelectMultipleField):
    """Checkboxes; a choice may have a hint."""

    hints: Mapping[str, str] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, invalid_choice_message=GONE, **kwargs)  # type: ignore[call-arg]  # as above
