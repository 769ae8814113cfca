"""Over which past period a commissioner asks what more places would have been worth."""

from __future__ import annotations

from placement.domain.periods import Period
from placement.reports.quarters import Quarters
from placement.web.forms import fields
from placement.web.forms.typed_form import TypedForm

QUARTER, YEAR = "quarter", "year"


class ValuePeriodForm(TypedForm):
    """The period: a GET form, so that it stands in the address."""

    class Meta:
        csrf = False  # it changes nothing

    period = fields.select("Period", [(QUARTER, "The last quarter"), (YEAR, "The last four quarters")], default=QUARTER)

    @property
    def chosen(self) -> str:
        """Which period; an answer that is none of the choices counts as not given."""
        return QUARTER if self.period.errors else str(self.period.data)

    def span(self, known: Quarters) -> Period:
        """Return the days that it means."""
        return known.year if self.chosen == YEAR else known.last
