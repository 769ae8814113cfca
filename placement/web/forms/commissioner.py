"""What a commissioner asks of the gap map: a GET form, so that the filters stand in the address."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm

from placement.domain.features import FEATURES
from placement.domain.kinds import KINDS
from placement.reports.asked import LEVEL_LABELS, PERIOD_LABELS, Level, Period
from placement.reports.demand import AskedFor
from placement.web.forms import fields

_NEEDS = [(feature.slug, feature.label) for feature in FEATURES]
_KINDS = [(kind.slug, kind.label) for kind in KINDS]


DEFAULTS = {"need": "", "also": "", "kind": "", "period": Period.OPEN.value, "level": Level.WARD.value}


class GapForm(FlaskForm):
    """Which needs, kind, period and level of area."""

    class Meta:
        csrf = False  # it changes nothing

    need = fields.select("Need", [("", "Any need"), *_NEEDS])
    also = fields.select("And also", [("", "Nothing else"), *_NEEDS])
    kind = fields.select("Kind of referral", [("", "Any kind"), *_KINDS])
    period = fields.select("Referrals", [(each.value, PERIOD_LABELS[each]) for each in Period])
    level = fields.select("Areas", [(each.value, LEVEL_LABELS[each]) for each in Level])

    def chosen(self, name: str) -> str:
        """Return what was chosen, or the first choice where it is none of them."""
        field: Any = self[name]
        return str(field.choices[0][0] if field.errors else field.data)

    def show_counts(self, known: AskedFor) -> None:
        """Write beside each choice how many referrals of the period ask for it."""
        for name, counts in (("need", known.needs), ("also", known.needs), ("kind", known.kinds)):
            choices = self[name].choices
            self[name].choices = [
                choices[0],
                *((slug, f"{label} ({counts.get(slug, 0)})") for slug, label in choices[1:]),
            ]
