"""The Capacity Tracker: the four numbers of each home to be entered there, and how it counts a home's units."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from placement.domain.clocks import today
from placement.domain.errors import Invalid
from placement.domain.tracker import national_window
from placement.market import national as homes
from placement.market import services as market
from placement.market.imports.vacancies.columns import LABELS, NUMBERS
from placement.records.events import newest_line
from placement.records.providers import Service
from placement.records.tracker import categories_of, set_category
from placement.web.access import current_actor
from placement.web.forms.binding import show_error
from placement.web.forms.shared import SharedForm
from placement.web.forms.tracker import categories_form
from placement.web.meeting import BothChanged, both_page, meet, other_save, tell
from placement.web.pages.provider import blueprint
from placement.web.transactions import committing, now, reading


@blueprint.get("/services/national")
def national() -> ResponseReturnValue:
    """Show every home, and whether its numbers are due nationally."""
    day = today(now())
    return render_template(
        "provider/national.html",
        homes=homes.homes(reading(), actor=current_actor(), on=day),
        window=national_window(day),
        today=day,
    )


@blueprint.get("/services/<int:service_id>/national")
def national_home(service_id: int) -> ResponseReturnValue:
    """Show the four numbers of one home, to be copied, and what has changed since they were last entered."""
    day = today(now())
    service = market.service(reading(), service_id, actor=current_actor())
    return render_template(
        "provider/national_home.html",
        home=homes.home(reading(), service, on=day),
        labels={name: LABELS[name] for name in NUMBERS},
        window=national_window(day),
        today=day,
    )


@blueprint.post("/services/<int:service_id>/national/entered")
def keyed(service_id: int) -> ResponseReturnValue:
    """Note that these numbers were entered."""
    with committing() as session:
        service = market.service(session, service_id, actor=current_actor())
        market.lock_service(session, service)
        seen, day = request.form.get("seen", ""), today(now())
        homes.note_keyed(session, service, seen=seen, by=current_actor(), now=now(), on=day)
        name = service.name
    flash(f"{name}: entered in the Capacity Tracker. Next time you see what has changed since.")
    return redirect(url_for("provider.national"))


@blueprint.route("/services/<int:service_id>/national/categories", methods=["GET", "POST"])
def categories(service_id: int) -> ResponseReturnValue:
    """Ask under which bed category the tracker counts each unit of a home."""
    service = market.service(reading(), service_id, actor=current_actor())
    form = _form(service, categories_of(reading(), [unit.id for unit in service.units]))
    if form.validate_on_submit():
        try:
            words = _save(service_id)
        except BothChanged as error:
            return both_page(error)
        except Invalid as error:
            show_error(form, error)
        else:
            flash("Saved.")
            tell(words)
            return redirect(url_for("provider.national_home", service_id=service_id))
    page = render_template("provider/categories.html", service=service, form=form)
    return page, 422 if form.errors else 200


def _form(service: Service, known: dict[int, str]) -> SharedForm:
    data = {f"category-{unit.id}": known.get(unit.id, "") for unit in service.units}
    return categories_form(service.units)(data=data)


def _save(service_id: int) -> str:
    with committing() as session:
        service = market.service(session, service_id, actor=current_actor())
        market.lock_service(session, service)
        form = _form(service, categories_of(session, [unit.id for unit in service.units]))
        words = meet(form, other_save(newest_line(session, ("category_set",))))
        for unit in service.units:
            given = form[f"category-{unit.id}"].data or None
            set_category(session, unit, given, by=current_actor(), now=now())
    return words
