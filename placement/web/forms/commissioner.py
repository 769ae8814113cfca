"""What a commissioner asks of the gap map: a GET form, so that the filters stand in the address."""

from __future__ import annotations

from datetime import date
from typing import Any

from placement.domain.kinds import KINDS
from placement.domain.services import SERVICE_TYPES
from placement.reports.asked import LEVEL_LABELS, DemandPeriod, Level, period_words
from placement.reports.facets import FACETS, FacetGroup
from placement.web.forms import fields
from placement.web.forms.typed_form import TypedForm

_NEEDS = [(facet.slug, facet.label) for facet in FACETS if facet.group is FacetGroup.NEED]
_TYPES = [(each.slug, each.label) for each in SERVICE_TYPES]
_KINDS = [(kind.slug, kind.label) for kind in KINDS]


DEFAULTS = {"need": "", "type": "", "kind": "", "period": DemandPeriod.OPEN.value, "level": Level.WARD.value}


class GapForm(TypedForm):
    """Which need, type of service, kind, period and level of area."""

    class Meta:
        csrf = False  # it changes nothing

    need = fields.select("Need", [("", "Any need"), *_NEEDS])
    type = fields.select("Type of service", [("", "Any type"), *_TYPES])
    kind = fields.select("Kind of referral", [("", "Any kind"), *_KINDS])
    period = fields.select("When", [(each.value, each.value) for each in DemandPeriod])
    level = fields.select("Areas", [(each.value, LEVEL_LABELS[each]) for each in Level])

    def name_periods(self, day: date) -> None:
        """Write what each period is, seen from a day."""
        self.period.choices = fields.options([(each.value, _named(each, day)) for each in DemandPeriod])

    def chosen(self, name: str) -> str:
        """Return what was chosen, or the default where it is none of the choices."""
        field: Any = self[name]
        return DEFAULTS[name] if field.errors else str(field.data)


_CALLED = {
    DemandPeriod.PRESENT: "This quarter",
    DemandPeriod.LAST: "Last quarter",
    DemandPeriod.YEAR: "Last four quarters",
}


def _named(period: DemandPeriod, day: date) -> str:
    words = period_words(period, day)
    return f"{_CALLED[period]}: {words}" if period in _CALLED else words
