"""What a commissioner asks of the gap map: a GET form, so that the filters stand in the address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from placement.domain.features import FEATURES
from placement.domain.kinds import KINDS
from placement.reports.asked import LEVEL_LABELS, PERIOD_LABELS, DemandPeriod, Level
from placement.reports.demand import AskedFor
from placement.web.forms import fields
from placement.web.forms.typed_form import TypedForm

_ANY_NEED, _NOTHING_ELSE, _ANY_KIND = ("", "Any need"), ("", "Nothing else"), ("", "Any kind")
_NEEDS = [(feature.slug, feature.label) for feature in FEATURES]
_KINDS = [(kind.slug, kind.label) for kind in KINDS]


DEFAULTS = {"need": "", "also": "", "kind": "", "period": DemandPeriod.OPEN.value, "level": Level.WARD.value}


class GapForm(TypedForm):
    """Which needs, kind, period and level of area."""

    class Meta:
        csrf = False  # it changes nothing

    need = fields.select("Need", [_ANY_NEED, *_NEEDS])
    also = fields.select("And also", [_NOTHING_ELSE, *_NEEDS])
    kind = fields.select("Kind of referral", [_ANY_KIND, *_KINDS])
    period = fields.select("Referrals", [(each.value, PERIOD_LABELS[each]) for each in DemandPeriod])
    level = fields.select("Areas", [(each.value, LEVEL_LABELS[each]) for each in Level])

    def chosen(self, name: str) -> str:
        """Return what was chosen, or the default where it is none of the choices."""
        field: Any = self[name]
        return DEFAULTS[name] if field.errors else str(field.data)

    def show_counts(self, known: AskedFor) -> None:
        """Write beside each choice how many referrals of the period ask for it."""
        self.need.choices = fields.options([_ANY_NEED, *_counted(_NEEDS, known.needs)])
        self.also.choices = fields.options([_NOTHING_ELSE, *_counted(_NEEDS, known.needs)])
        self.kind.choices = fields.options([_ANY_KIND, *_counted(_KINDS, known.kinds)])


def _counted(choices: fields.Choices, counts: Mapping[str, int]) -> list[tuple[str, str]]:
    return [(slug, f"{label} ({counts.get(slug, 0)})") for slug, label in choices]
