"""A form over a stored record that somebody else may change while it is filled in: it carries what it showed.

What it carries is no proof of anything and gives no right: who forges it can do to another's change just what opening
the page again and saving would do.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import date
from typing import Any, ClassVar

from flask import request
from wtforms import Field, HiddenField, SelectMultipleField, SubmitField

from placement.domain.merging import Answer, Answers, Asked, Merged, merge, questions
from placement.web.forms.marks import BOTH, KEEP, THEIRS
from placement.web.forms.typed_form import TypedForm

LONGEST_SHOWN = 200_000  # characters


class SharedForm(TypedForm):
    """Its answers are merged with what is stored by now; `bonds` are those that are kept or left together.

    `named` says what such answers are called where the names of the single ones do not say it.

    Fill it with what is stored, on every request: WTForms keeps that beside what was typed.
    """

    bonds: ClassVar[tuple[Asked, ...]] = ()
    named: ClassVar[Mapping[Asked, str]] = {}
    shown = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._show_as_opened()

    def __delitem__(self, name: str) -> None:
        """Leave a question out, and what it would have shown."""
        super().__delitem__(name)
        self._show_as_opened()

    def _show_as_opened(self) -> None:
        if self.shown.raw_data is None:  # it is opened, not sent
            self.show({field.name: answer_of(field.data) for field in self.asked})

    @property
    def asked(self) -> list[Any]:
        """The fields that are questions, in their order."""
        return [each for each in self if not isinstance(each, HiddenField | SubmitField)]

    @property
    def stored(self) -> Answers:
        """What is stored by now."""
        return {field.name: answer_of(stored_in(field)) for field in self.asked}

    def show(self, answers: Answers) -> None:
        """Carry these answers as what the form shows."""
        said = {name: answer for name, answer in answers.items() if answer}
        self.shown.data = json.dumps(said, ensure_ascii=False, separators=(",", ":"))

    @property
    def questions(self) -> list[Asked]:
        """The names of the answers as they are asked about, in their order."""
        return list(questions([field.name for field in self.asked], self.bonds))

    def meet(self) -> Merged:
        """Merge what was typed with what is stored by now; what is theirs then stands in the form as well.

        What somebody has said about two answers counts as long as theirs is still the one that they were shown.
        """
        shown, stored = shown_in(self.shown.data), self.stored
        self._keep_as_said(shown or stored)
        typed = {field.name: answer_of(field.data) for field in self.asked}
        lists = [field.name for field in self.asked if isinstance(field, SelectMultipleField)]
        merged = merge(shown, stored, typed, lists=lists, bonds=self.bonds)
        for field in self.asked:
            if merged.answers[field.name] == stored[field.name]:
                _take(field, stored_in(field))
            elif isinstance(field, SelectMultipleField):
                _take(field, list(merged.answers[field.name]))
        return merged

    def show_asked(self, asked: Collection[Asked]) -> None:
        """Carry from now on what is stored of the answers that are asked about, and what was shown of every other."""
        stored = self.stored
        known = shown_in(self.shown.data)
        self.show({**(stored if known is None else known), **{name: stored[name] for each in asked for name in each}})

    def _keep_as_said(self, shown: Answers) -> None:
        """Let an answer be theirs, or both one after the other, where somebody has chosen so."""
        for question in self.questions:
            said = request.form.get(KEEP + question[0])
            for field in (self[name] for name in question):
                theirs = shown.get(field.name, ())
                if said == THEIRS and answer_of(field.data) != theirs:
                    field.data = theirs if isinstance(field, SelectMultipleField) else "".join(theirs)
                elif said == BOTH and theirs:
                    field.data = "\n\n".join(filter(None, (*theirs, field.data)))
                    field.raw_data = [field.data]


def answer_of(value: Any) -> Answer:
    """Return an answer in its one form; nothing said, in whatever shape, is the empty one."""
    if value is None or value is False or value == "":
        return ()
    if isinstance(value, list | tuple | set | frozenset):
        return tuple(sorted(map(str, value)))
    if isinstance(value, float):
        return (f"{value:g}",)
    return (value.isoformat() if isinstance(value, date) else str(value),)


def stored_in(field: Field) -> Any:
    """Return what a field was filled with, read as what is typed into it is read."""
    value = field.object_data
    for each in field.filters:
        with suppress(ValueError):
            value = each(value)
    return value


def shown_in(text: str | None) -> dict[str, Answer] | None:
    """Return what a form says that it showed; None where that cannot be read."""
    try:
        said = json.loads((text or "")[:LONGEST_SHOWN])
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, Mapping):
        return None
    return {name: tuple(map(str, words)) for name, words in said.items() if isinstance(words, list)}


def _take(field: Field, value: Any) -> None:
    field.raw_data = None
    field.process_data(value)
