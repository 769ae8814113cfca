"""What a commissioner asks of what is missing: a GET form, so that the filters stand in the address."""

from __future__ import annotations

from placement.geography.localities import Localities
from placement.reports.facets import FACETS, GROUP_LABELS, FacetGroup, NeedFacet
from placement.web.forms import fields
from placement.web.forms.typed_form import TypedForm

_ALL = [(group.value, f"All: {label.lower()}") for group, label in GROUP_LABELS.items()]
_ONE = [(f"{facet.group} {facet.slug}", facet.label) for facet in FACETS]


class WhatIsMissingForm(TypedForm):
    """Which rows, and which area."""

    class Meta:
        csrf = False  # it changes nothing

    what = fields.select("Need, kind or type", [*_ALL, *_ONE], default=FacetGroup.NEED.value)
    area = fields.select("Area", [("", "Every locality")])

    def offer(self, localities: Localities) -> None:
        """Let one of the localities be chosen."""
        areas = [(area.slug, area.name) for area in localities.areas]
        self.area.choices = fields.options([("", "Every locality"), *areas])

    @property
    def facets(self) -> list[NeedFacet]:
        """The rows that are asked for; an answer that is none of the choices counts as not given."""
        chosen = FacetGroup.NEED.value if self.what.errors else str(self.what.data)
        return [facet for facet in FACETS if chosen in (facet.group.value, f"{facet.group} {facet.slug}")]

    @property
    def locality(self) -> str:
        """The code of the area, empty for every one."""
        return "" if self.area.errors else str(self.area.data)

    @property
    def words(self) -> str:
        """The filters in words, as a heading, a file and its name say them."""
        what = {group.value: label for group, label in GROUP_LABELS.items()} | dict(_ONE)
        area = {choice.value: choice.label for choice in self.area.choices}
        chosen = FacetGroup.NEED.value if self.what.errors else str(self.what.data)
        return f"{what[chosen]}, {area[self.locality] if self.locality else 'every locality'}"
