"""The national tracker: what a council's extracts call things, and how it counts a provider's units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms.validators import Length

from placement.domain.tracker import BED_CATEGORIES, COLUMN_MAP, INCLUDED
from placement.records.providers import Unit
from placement.records.tracker import MOST_WORDS
from placement.web.forms import fields
from placement.web.forms.looks import Look
from placement.web.forms.shared import SharedForm

IN_VACANCIES = {"reserved": "Reserved beds", "closed": "Beds that nobody can be admitted to"}


def _words() -> Mapping[str, Any]:
    longest = Length(max=MOST_WORDS, message=f"Enter at most {MOST_WORDS:,} characters")
    asked: dict[str, Any] = {
        row.slug: fields.area(row.label, [longest], row.hint, look=Look(rows=3))
        for row in COLUMN_MAP
        if row is not INCLUDED
    }
    boxes = fields.checkboxes(INCLUDED.label, list(IN_VACANCIES.items()), hint=INCLUDED.hint, look=Look(is_small=True))
    return asked | {INCLUDED.slug: boxes}


@fields.having(_words)
class ColumnMapForm(SharedForm):
    """What extracts call each thing, a line each."""

    send = fields.submit("Save")

    @property
    def values(self) -> dict[str, tuple[str, ...]]:
        """Return what was entered, by slug."""
        said = {row.slug: _lines(self[row.slug].data) for row in COLUMN_MAP if row is not INCLUDED}
        return said | {INCLUDED.slug: tuple(each for each in IN_VACANCIES if each in (self[INCLUDED.slug].data or ()))}


def as_shown(words: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Return a map as its form shows it."""
    return {slug: list(each) if slug == INCLUDED.slug else "\n".join(each) for slug, each in words.items()}


def categories_form(units: Sequence[Unit]) -> type[SharedForm]:
    """Return the form that asks how the tracker counts each unit: fields such as `category-12`."""

    def asked() -> dict[str, Any]:
        choices = [("", "Not counted"), *BED_CATEGORIES.items()]
        return {f"category-{unit.id}": fields.select(unit.name, choices) for unit in units}

    @fields.having(asked)
    class CategoriesForm(SharedForm):
        """How each unit is counted."""

        send = fields.submit("Save")

    return CategoriesForm


def _lines(text: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (line.strip() for line in (text or "").split("\n")))))
