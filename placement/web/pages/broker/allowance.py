"""The nights of a person in a year against their allowance, and allowing more."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from placement.brokerage import allowance as brokerage
from placement.brokerage.outside import managers
from placement.brokerage.referrals import referral as referral_with
from placement.domain.allowance import COUNTING, Ledger
from placement.domain.clocks import today
from placement.domain.errors import Invalid, NotFound
from placement.records.referrals import Referral
from placement.web.access import current_actor
from placement.web.forms.allowance import AllowForm, AskForNightsForm
from placement.web.forms.binding import show_error
from placement.web.forms.typed_form import TypedForm
from placement.web.pages.broker import blueprint
from placement.web.transactions import committing, now, reading


@blueprint.route("/referrals/<int:referral_id>/allowance", methods=["GET", "POST"])
def allowance(referral_id: int) -> ResponseReturnValue:
    """Show how many nights are booked, used and left; a manager can allow more of them."""
    _, years = _known(referral_id)
    form = AllowForm()
    form.offer(years)
    if form.validate_on_submit():
        year = next(known.year for known in years if known.year.start.isoformat() == form.year.data)
        said = {"nights": form.nights.data, "reason": form.reason.data or ""}
        try:
            with committing() as session:
                kept = referral_with(session, referral_id, actor=current_actor())
                brokerage.grant(session, kept, year, **said, by=current_actor(), now=now())
        except Invalid as error:
            show_error(form, error)
        else:
            flash("The nights are allowed. They count for every respite stay of this person in that year.")
            return redirect(url_for("broker.allowance", referral_id=referral_id))
    return _page(referral_id, form if form.errors else None)


@blueprint.post("/referrals/<int:referral_id>/allowance/ask")
def ask_for_nights(referral_id: int) -> ResponseReturnValue:
    """Make it a manager's task to allow more nights."""
    form = AskForNightsForm()
    form.offer(managers(reading()))
    if form.validate():
        try:
            with committing() as session:
                kept = referral_with(session, referral_id, actor=current_actor())
                brokerage.ask_manager(session, kept, form.manager(), by=current_actor(), now=now())
        except Invalid as error:
            show_error(form, error)
        else:
            flash("The manager has been asked.")
            return redirect(url_for("broker.allowance", referral_id=referral_id))
    return _page(referral_id, form)


def _known(referral_id: int) -> tuple[Referral, list[Ledger]]:
    found = referral_with(reading(), referral_id, actor=current_actor())
    years = brokerage.ledgers_of(reading(), found, today(now()))
    if not years:
        raise NotFound("This kind of referral has no allowance of nights.")
    return found, years


def _page(referral_id: int, faulty: TypedForm | None) -> ResponseReturnValue:
    found, years = _known(referral_id)
    able = managers(reading())
    allow = faulty if isinstance(faulty, AllowForm) else AllowForm(formdata=None)
    ask = faulty if isinstance(faulty, AskForNightsForm) else AskForNightsForm(formdata=None)
    allow.offer(years)
    ask.offer(able)
    page = render_template(
        "broker/allowance.html",
        referral=found,
        years=years,
        counting=COUNTING,
        over=brokerage.asked_beyond(reading(), found, today(now())),
        grants=brokerage.grants_of(reading(), found.person_id),
        may=any(each.id == current_actor().user_id for each in able),
        allow=allow,
        ask=ask,
        faulty=faulty,
    )
    return page, 422 if faulty else 200
