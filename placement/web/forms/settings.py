"""The numbers that a council works with: a field a row of SETTINGS."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from placement.domain.settings import SETTINGS
from placement.web.forms import fields
from placement.web.forms.entered import Entered
from placement.web.forms.looks import Look
from placement.web.forms.shared import SharedForm


def _numbers() -> Mapping[str, Any]:
    return {
        row.slug: fields.number(row.label, [Entered("Enter a number")], row.hint, look=Look(width=3, suffix=row.unit))
        for row in SETTINGS
    }


@fields.having(_numbers)
class SettingsForm(SharedForm):
    """Every setting."""

    send = fields.submit("Save")

    @property
    def values(self) -> dict[str, int]:
        """Return what was entered, by slug."""
        return {row.slug: self[row.slug].data for row in SETTINGS}
