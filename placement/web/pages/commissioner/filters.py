"""The filters of the gap map: from the address to a question, and from a question back to an address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from placement.domain.clocks import today
from placement.domain.errors import Invalid
from placement.reports.asked import Asked, DemandPeriod, Level
from placement.reports.catalogue import filters_in_words
from placement.reports.facets import FACET, FACETS, FacetGroup
from placement.web.forms.commissioner import DEFAULTS, GapForm
from placement.web.gazetteer import gazetteer
from placement.web.transactions import now


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A filter in force, and the address without it."""

    label: str
    remove: str


def gap_form() -> GapForm:
    """Return the form as the address fills it, checked."""
    form = GapForm(request.args, data=DEFAULTS)
    form.name_periods(today(now()))
    form.validate()
    for field in form:
        if field.errors:
            field.errors = [f"Choose from the list under “{field.label.text}”"]
    return form


def question(form: GapForm) -> Asked:
    """Return what a form asks; an answer that is none of the choices counts as not given."""
    need, places = form.chosen("need"), gazetteer()
    return Asked(
        now=now(),
        ward_set=places.ward_set,
        localities=places.localities,
        needs=tuple(sorted(FACET[FacetGroup.NEED, need].marks)) if need else (),
        kind=form.chosen("kind"),
        service_type=form.chosen("type"),
        period=DemandPeriod(form.chosen("period")),
        level=Level(form.chosen("level")),
    )


def strict_question() -> Asked:
    """Return what the address asks. Raises Invalid for a filter that does not exist: a file must not guess."""
    form = gap_form()
    if form.errors:
        raise Invalid("There is no such filter.")
    return question(form)


def query(asked: Asked, *, without: str = "") -> dict[str, Any]:
    """Return the arguments of an address that asks the same, less the one that is named and what is the default."""
    given = {
        "need": _NEED_OF.get(frozenset(asked.needs), ""),
        "type": asked.service_type,
        "kind": asked.kind,
        "period": asked.period.value,
        "level": asked.level.value,
    }
    return {name: value for name, value in given.items() if value != DEFAULTS[name] and name != without}


def chips(asked: Asked) -> list[Chip]:
    """Return a chip for each filter in force."""
    return [
        Chip(label=label, remove=url_for("commissioner.gaps", **query(asked, without=name)))
        for name, label in filters_in_words(asked).items()
    ]


_NEED_OF = {facet.marks: facet.slug for facet in FACETS if facet.group is FacetGroup.NEED}
