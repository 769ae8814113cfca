"""Embargoes and other statuses of providers: those that hold, those that are over, setting one and ending one."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from placement.domain.clocks import today
from placement.domain.errors import Invalid
from placement.market import standings as market
from placement.market.services import set_standing
from placement.records.pages import cut
from placement.records.providers import Standing
from placement.reports.sign_ins import provider, providers
from placement.web.access import current_actor
from placement.web.formatting import day
from placement.web.forms.binding import show_error
from placement.web.forms.standings import EndStandingForm, StandingForm
from placement.web.pages.commissioner import blueprint
from placement.web.paging import place
from placement.web.transactions import committing, now, reading


@blueprint.get("/standings")
def standings() -> ResponseReturnValue:
    """Show what holds for which provider, what is to come, and what is over."""
    known, present = market.standings_of_all(reading()), today(now())
    over = [each for each in known if each.period.is_over(present)]
    return render_template(
        "commissioner/standings.html",
        holding=[each for each in known if not each.period.is_over(present)],
        over=cut(over, [each.id for each in over], at=place()),
    )


@blueprint.route("/standings/new", methods=["GET", "POST"])
def new_standing() -> ResponseReturnValue:
    """Say what holds for a provider from a day."""
    form = StandingForm()
    form.offer(providers(reading()))
    if request.method != "POST":
        form.start_on.data = today(now())
    if form.validate_on_submit():
        try:
            flash(_set(form))
        except Invalid as error:
            show_error(form, error)
        else:
            return redirect(url_for("commissioner.standings"))
    return render_template("commissioner/new_standing.html", form=form), 422 if form.errors else 200


@blueprint.route("/standings/<int:standing_id>/end", methods=["GET", "POST"])
def end_standing(standing_id: int) -> ResponseReturnValue:
    """Say from which day one of them no longer holds."""
    found = market.standing(reading(), standing_id)
    form = EndStandingForm()
    if request.method != "POST":
        form.end_on.data = found.end_on or max(today(now()), found.start_on)
    if form.validate_on_submit():
        try:
            flash(_end(standing_id, form))
        except Invalid as error:
            show_error(form, error)
        else:
            return redirect(url_for("commissioner.standings"))
    return render_template("commissioner/end_standing.html", form=form, standing=found), 422 if form.errors else 200


def _set(form: StandingForm) -> str:
    with committing() as session:
        whose = provider(session, int(form.provider.data))
        status = next(each for each in market.SET_BY_HAND if each.value == form.status.data)
        set_standing(
            session,
            whose,
            status,
            start_on=form.start_on.data,
            cause=form.cause.data,
            reason=form.reason.data,
            review_on=form.review_on.data,
            by=current_actor(),
            now=now(),
        )
        return f"{whose.name}: {status.label.lower()} from {day(form.start_on.data)}."


def _end(standing_id: int, form: EndStandingForm) -> str:
    with committing() as session:
        ending: Standing = market.standing(session, standing_id)
        market.end_standing(session, ending, form.end_on.data, by=current_actor(), now=now())
        return f"{ending.provider.name}: “{ending.status.label}” no longer holds from {day(ending.end_on)}."
