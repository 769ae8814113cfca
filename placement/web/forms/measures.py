"""For which span a measure is asked: a GET form, so that it stands in the address."""

from __future__ import annotations

from collections.abc import Sequence

from placement.reports.kpis.measure import YEAR, MeasureSpan
from placement.web.forms import fields
from placement.web.forms.typed_form import TypedForm


class MeasurePeriodForm(TypedForm):
    """Which quarter, or all four."""

    class Meta:
        csrf = False  # it changes nothing

    period = fields.select("Period", [(YEAR, "")], default=YEAR)

    def offer(self, spans: Sequence[MeasureSpan]) -> None:
        """Let one of the spans be chosen."""
        self.period.choices = fields.options([(span.slug, span.words) for span in spans])

    @property
    def slug(self) -> str:
        """The span that is asked for; an answer that is none of the choices counts as not given."""
        return YEAR if self.period.errors else str(self.period.data)
