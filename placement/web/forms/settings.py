"""The numbers that a council works with: a field a row of SETTINGS."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from placement.domain.settings import SETTINGS, Tunable
from placement.web.forms import fields
from placement.web.forms.entered import Entered
from placement.web.forms.looks import Look
from placement.web.forms.shared import SharedForm

MOST_NARROW = 999


def _numbers() -> Mapping[str, Any]:
    return {row.slug: _number(row) for row in SETTINGS}


def _number(row: Tunable) -> Any:
    look = Look(width=5 if row.most > MOST_NARROW else 3, suffix=row.unit)
    return fields.number(row.label, [Entered("Enter a number")], row.hint, look=look)


@fields.having(_numbers)
class SettingsForm(SharedForm):
    """Every setting."""

    send = fields.submit("Save")

    @property
    def values(self) -> dict[str, int]:
        """Return what was entered, by slug."""
        return {row.slug: self[row.slug].data for row in SETTINGS}
