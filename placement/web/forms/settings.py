"""The numbers that a council works with: a field a row of SETTINGS."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from placement.domain.settings import SETTINGS
from placement.web.forms import fields
from placement.web.forms.entered import Entered
from placement.web.forms.looks import Look
from placement.web.forms.typed_form import TypedForm


def _numbers() -> Mapping[str, Any]:
    return {
        row.slug: fields.number(row.label, [Entered("Enter a number")], row.hint, look=Look(width=3, suffix=row.unit))
        for row in SETTINGS
    }


@fields.having(_numbers)
class SettingsForm(TypedForm):
    """Every setting."""

    send = fields.submit("Save")

    @property
    def asked(self) -> list[Any]:
        """The fields, in the order of the table."""
        return [self[row.slug] for row in SETTINGS]

    @property
    def values(self) -> dict[str, int]:
        """Return what was entered, by slug."""
        return {row.slug: self[row.slug].data for row in SETTINGS}
