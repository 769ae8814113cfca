"""The filters of the gap map: from the address to a question, and from a question back to an address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

from flask import request, url_for

from placement.domain.errors import Invalid
from placement.domain.features import label_of
from placement.domain.kinds import KIND
from placement.reports.asked import PERIOD_LABELS, Asked, DemandPeriod, Level
from placement.reports.demand import AskedFor
from placement.web.forms.commissioner import DEFAULTS, GapForm
from placement.web.forms.typed_form import TypedForm
from placement.web.gazetteer import gazetteer
from placement.web.transactions import now


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A filter in force, how many referrals it meets by itself, and the address without it."""

    label: str
    count: int
    remove: str


F = TypeVar("F", bound=TypedForm)


def gap_form() -> GapForm:
    """Return the form as the address fills it, checked."""
    return checked(GapForm(request.args, data=DEFAULTS))


def checked(form: F) -> F:
    """Return a form of drop-downs with what it finds wrong, said as what is to be done."""
    form.validate()
    for field in form:
        if field.errors:
            field.errors = [f"Choose from the list under “{field.label.text}”"]
    return form


def question(form: GapForm) -> Asked:
    """Return what a form asks; an answer that is none of the choices counts as not given."""
    chosen = [form.chosen("need"), form.chosen("also")]
    places = gazetteer()
    return Asked(
        now=now(),
        ward_set=places.ward_set,
        localities=places.localities,
        needs=tuple(dict.fromkeys(slug for slug in chosen if slug)),
        kind=form.chosen("kind"),
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
    """Return the arguments of an address that asks the same, less one answer and what is the default anyway."""
    need, also = (*(slug for slug in asked.needs if slug != without), "", "")[:2]
    given = {
        "need": need,
        "also": also,
        "kind": asked.kind,
        "period": "" if asked.period is DemandPeriod.OPEN else asked.period.value,
        "level": "" if asked.level is Level.WARD else asked.level.value,
    }
    return {name: value for name, value in given.items() if value and value != without}


def chips(asked: Asked, known: AskedFor) -> list[Chip]:
    """Return a chip for each filter in force."""
    found = [(slug, label_of(slug), known.needs.get(slug, 0)) for slug in asked.needs]
    found += [(slug, KIND[slug].label, known.kinds.get(slug, 0)) for slug in [asked.kind] if slug]
    if asked.period is not DemandPeriod.OPEN:
        found.append((asked.period.value, PERIOD_LABELS[asked.period], known.total))
    return [
        Chip(label=label, count=count, remove=url_for("commissioner.gaps", **query(asked, without=value)))
        for value, label, count in found
    ]
