"""Places out of service: what is closed, closing some, and opening them again."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from placement.domain.clocks import today
from placement.domain.errors import Invalid, Question, ToConfirm
from placement.market import closures as market_closures
from placement.market import services as market
from placement.records.providers import Service
from placement.web.access import current_actor
from placement.web.forms.binding import show_error
from placement.web.forms.confirming import confirmed
from placement.web.forms.fields import options
from placement.web.forms.provider import ClosureForm
from placement.web.pages.provider import blueprint
from placement.web.transactions import committing, now, reading


@blueprint.route("/services/<int:service_id>/closures", methods=["GET", "POST"])
def closures(service_id: int) -> ResponseReturnValue:
    """Show what is out of service and ask for more."""
    service = market.service(reading(), service_id, actor=current_actor())
    form = _form(service)
    if request.method != "POST":
        return _page(service, form)
    if not form.validate():
        return _page(service, form), 422
    try:
        _close(form)
    except ToConfirm as error:
        return _page(service, form, error.questions), error.status
    except Invalid as error:
        show_error(form, error)
        return _page(service, form), 422
    flash("These places are out of service.")
    return redirect(url_for("provider.closures", service_id=service_id))


@blueprint.post("/services/closures/<int:closure_id>/reopen")
def reopen(closure_id: int) -> ResponseReturnValue:
    """Open closed places again."""
    with committing() as unit:
        closure = market_closures.closure(unit, closure_id, actor=current_actor())
        market_closures.cancel_closure(unit, closure, by=current_actor(), now=now())
        service_id = closure.unit.service_id
    flash("These places are open again. Check that the vacancies are right.")
    return redirect(url_for("provider.closures", service_id=service_id))


def _form(service: Service) -> ClosureForm:
    form = ClosureForm()
    form.unit.choices = options([(str(unit.id), unit.name) for unit in service.units])
    if request.method != "POST":
        form.start_on.data = today(now())
        form.unit.data = str(service.units[0].id) if len(service.units) == 1 else None
    return form


def _close(form: ClosureForm) -> None:
    with committing() as session:
        market_closures.close_places(
            session,
            market.unit(session, int(form.unit.data), actor=current_actor()),
            start_on=form.start_on.data or today(now()),
            end_on=form.end_on.data,
            places=form.places.data,
            reason=form.reason.data,
            by=current_actor(),
            now=now(),
            confirmed=confirmed(),
        )


def _page(service: Service, form: ClosureForm, questions: Sequence[Question] = ()) -> str:
    service = market.service(reading(), service.id, actor=current_actor())
    closed = market_closures.closures(reading(), service.units, today=today(now()))
    names = {unit.id: unit.name for unit in service.units}
    return render_template(
        "provider/closures.html", service=service, form=form, closures=closed, names=names, questions=questions
    )
