"""A person's own answer about their ethnic group."""

from __future__ import annotations

from placement.domain.ethnicity import BROAD, ETHNIC_GROUPS, NOT_SAID
from placement.web.forms import fields
from placement.web.forms.looks import Look
from placement.web.forms.shared import SharedForm

NOT_ASKED = ("", "Not asked yet")


def _words(broad: str, label: str) -> str:
    return label if broad == NOT_SAID else f"{BROAD[broad].partition(',')[0]}: {label}"


class EthnicityForm(SharedForm):
    """One question, optional."""

    ethnicity = fields.radios(
        "What does the person say?",
        [*((row.slug, _words(row.broad, row.label)) for row in ETHNIC_GROUPS), NOT_ASKED],
        default="",
        look=Look(size="s", is_small=True),
    )
