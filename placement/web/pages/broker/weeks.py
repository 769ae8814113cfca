"""The market week by week: what is free in every unit in each of the next eight weeks, as a page and as a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from placement.domain.clocks import today
from placement.domain.features import FEATURE, Strength, label_of
from placement.domain.people import ADULT, OLDEST, age_on
from placement.domain.periods import Period
from placement.domain.services import SERVICE_TYPE, rating_label
from placement.domain.text import readable
from placement.market.narrowing import NARROWED_BY, WeekFilters, choices_of
from placement.market.search import Filters
from placement.market.weeks import UnitWeek, UnitWeeks, WeekGrid, week_grid
from placement.records.facets import Facet
from placement.records.referrals import Referral
from placement.reports.exports import Column, csv_file
from placement.web.access import current_actor
from placement.web.formatting import day as day_words
from placement.web.formatting import service_type_label
from placement.web.forms.weeks import WeeksForm
from placement.web.pages.broker import blueprint
from placement.web.paging import place
from placement.web.standings import standing_of
from placement.web.transactions import now, reading

CHOSEN = tuple(NARROWED_BY)
MOST_NEEDS = 20
EVERY = 1_000_000


@blueprint.get("/services/weeks")
def weeks() -> ResponseReturnValue:
    """Show a page of the grid. Filters stand in the address."""
    form = _form()
    filters = _filters(form)
    grid = week_grid(reading(), filters, actor=current_actor(), now=now(), at=place())
    form.show_counts(grid.offered, filters.needs)
    return render_template(
        "broker/weeks.html",
        form=form,
        filters=filters,
        grid=grid,
        page=grid.page,
        args=args_of(filters),
        with_args=lambda name, value: args_of(filters, **{name: value}),
        typed=list(_typed(filters)),
        chosen=CHOSEN,
        day=today(now()),
    )


@blueprint.get("/services/weeks.csv")
def weeks_file() -> ResponseReturnValue:
    """Send the whole grid as CSV, for the filters in the address."""
    filters, day = _filters(_form()), today(now())
    grid = week_grid(reading(), filters, actor=current_actor(), now=now(), size=EVERY)
    said = "; ".join(_said(filters, grid)) or "all of them"
    last_line = f"Services week by week: {said}. As of {day.isoformat()}. Not for publication."
    content = csv_file(_columns(grid), grid.page.rows, last_line=last_line)
    name = f"services-by-week-{day.isoformat()}.csv"
    return Response(content, mimetype="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}"'})


def args_of(filters: WeekFilters, **changed: Any) -> dict[str, Any]:
    """Return the arguments of an address that asks the same, or the same with some of it changed."""
    asked = {
        "words": filters.words,
        "type": filters.service_type,
        "need": list(filters.needs),
        "age": filters.age,
        **{name: getattr(filters, name) for name in CHOSEN},
    }
    return {name: value for name, value in (asked | changed).items() if value}


@blueprint.app_template_global()
def weeks_like(filters: Filters) -> str:
    """Return where the grid stands for what a list of services was narrowed by."""
    asked = WeekFilters(
        words=filters.words,
        service_type=filters.service_type,
        needs=filters.needs,
        where="in" if filters.only_in_city else "",
        places="free" if filters.only_free else "",
    )
    return url_for("broker.weeks", **args_of(asked))


@blueprint.app_template_global()
def weeks_href(referral: Referral) -> str:
    """Return where the grid stands for what a referral asks; the address says nothing of whose it is."""
    person = referral.person
    age = age_on(person.born_on, referral.earliest_on or today(now())) if person.born_on else None
    asked = WeekFilters(
        needs=tuple(referral.slugs(Strength.ESSENTIAL)),
        age=age if age is not None and ADULT <= age <= OLDEST else None,
        kind=referral.kind,
        where="" if referral.wants_out_of_city else "in",
        gender=person.gender.value if person.gender else "",
    )
    return url_for("broker.weeks", **args_of(asked))


def _form() -> WeeksForm:
    form = WeeksForm(request.args)
    form.validate()
    return form


def _filters(form: WeeksForm) -> WeekFilters:
    """Return what an address asks; an answer that is none of the choices counts as not given."""
    asked = request.args
    needs = dict.fromkeys(slug for slug in (*asked.getlist("need"), asked.get("also")) if slug in FEATURE)
    given = {name: asked.get(name, "") for name in CHOSEN}
    return WeekFilters(
        words=readable(asked.get("words", ""))[:80],
        service_type=asked.get("type", "") if asked.get("type") in SERVICE_TYPE else "",
        needs=tuple(needs)[:MOST_NEEDS],
        age=None if form.age.errors else form.age.data,
        **{name: slug for name, slug in given.items() if slug in choices_of(name)},
    )


def _typed(filters: WeekFilters) -> Iterator[tuple[str, str]]:
    """Yield what is asked for beside the choices: its words, and the address without it."""
    if filters.words:
        yield f"“{filters.words}”", url_for("broker.weeks", **args_of(filters, words=""))
    if filters.service_type:
        yield service_type_label(filters.service_type), url_for("broker.weeks", **args_of(filters, type=""))
    for slug in filters.needs:
        others = [each for each in filters.needs if each != slug]
        yield label_of(slug), url_for("broker.weeks", **args_of(filters, need=others))
    if filters.age is not None:
        yield f"Aged {filters.age}", url_for("broker.weeks", **args_of(filters, age=None))


def _said(filters: WeekFilters, grid: WeekGrid) -> Iterator[str]:
    """Yield every filter in force, in words."""
    yield from (words for words, _ in _typed(filters))
    yield from (_choice(facet) for facet in grid.facets if facet.chosen)


def _choice(facet: Facet) -> str:
    chosen = next(option.label for option in facet.options if option.slug == facet.chosen)
    return f"{facet.label}: {chosen}"


def _columns(grid: WeekGrid) -> list[Column]:
    columns = [
        Column("Service", lambda row: row.unit.service.name),
        Column("Unit", lambda row: row.unit.name),
        Column("Type", lambda row: service_type_label(row.unit.service.service_type)),
        Column("Postcode", lambda row: row.unit.service.postcode),
        Column("In the city", lambda row: "Yes" if row.is_in_city else "No"),
        Column("CQC rating", lambda row: rating_label(row.unit.service.quality)),
        Column("Standing", _standing),
        Column("Places in all", lambda row: row.unit.capacity),
        Column("Numbers of", lambda row: today(row.report.reported_at) if row.report else "Never reported"),
        Column("Numbers may be wrong", lambda row: "Yes" if row.is_unsure else "No"),
    ]
    columns += [_column(number, week) for number, week in enumerate(grid.weeks)]
    return [*columns, Column("More on part of a week", _parts)]


def _column(number: int, week: Period) -> Column:
    return Column(f"Free every night, week from {week.start.isoformat()}", lambda row: _cell(row.weeks[number]))


def _cell(week: UnitWeek) -> str | int:
    return week.bar.value if week.bar else week.places


def _standing(row: UnitWeeks) -> str:
    found = standing_of(row.unit.service)
    return f"{found.status.label} since {day_words(found.start_on)}: {found.reason}" if found else ""


def _parts(row: UnitWeeks) -> str:
    told = (f"week from {week.nights.start.isoformat()}: {week.part_said}" for week in row.weeks if week.part)
    return "; ".join(told)
