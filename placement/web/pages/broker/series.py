"""A referral for several stays: which services could take which of them, and reserving them together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from placement.brokerage.outside import managers
from placement.brokerage.referrals import referral as referral_with
from placement.brokerage.series import ChosenStay, booked_stays
from placement.domain.councils import COUNCIL
from placement.domain.errors import Invalid, NoLongerVacant, NotFound, OutOfStep
from placement.domain.states import OPEN
from placement.domain.text import amount
from placement.market.services import unit as unit_with
from placement.planning.proposals import newest_proposals
from placement.planning.proposals import proposal as proposal_with
from placement.planning.series import accept_series as accept_stays
from placement.planning.series import chosen_in, chosen_of, left_without, series_options
from placement.records.pages import cut
from placement.records.referrals import Referral
from placement.records.runs import Proposal
from placement.web.access import current_actor
from placement.web.formatting import short_day
from placement.web.forms.binding import show_error
from placement.web.forms.hidden import first_id
from placement.web.forms.placement import BEST, AcceptSeriesForm
from placement.web.pages.broker import blueprint
from placement.web.pages.broker.deciding import row_href
from placement.web.pages.broker.runs import table_args
from placement.web.paging import place
from placement.web.transactions import committing, now, reading


def to_series(referral: Referral) -> ResponseReturnValue | None:
    """Return the way to the pages of a series from a page about one stay; None where there is just one stay."""
    if not referral.is_recurring:
        return None
    return redirect(url_for("broker.series", referral_id=referral.id))


@blueprint.get("/referrals/<int:referral_id>/series")
def series(referral_id: int) -> ResponseReturnValue:
    """Show each stay and what has become of it, and the services by the stays that they could take."""
    found = _series(referral_id)
    is_open = found.state in OPEN
    options = series_options(reading(), found, now=now()) if is_open else ()
    return render_template(
        "broker/series.html",
        referral=found,
        stays=booked_stays(reading(), found),
        page=cut(options, [each.unit.id for each in options], at=place("services")),
        is_open=is_open,
        proposal=newest_proposals(reading(), [found.id], actor=current_actor()).get(found.id) if is_open else None,
    )


@blueprint.route("/referrals/<int:referral_id>/series/accept", methods=["GET", "POST"])
def accept_series(referral_id: int) -> ResponseReturnValue:
    """Check the stays one by one, and reserve those that are ticked, all of them or none."""
    found, proposal, offered = _offered(referral_id)
    form = (
        AcceptSeriesForm()
        if request.method == "POST"
        else AcceptSeriesForm(formdata=None, data=_ticked(offered, proposal))
    )
    form.offer_stays([(key(each), _said(each)) for each in offered])
    form.offer_managers(managers(reading()))
    if form.validate_on_submit():
        try:
            return _reserve(form, found, offered, proposal)
        except NoLongerVacant as error:
            show_error(form, Invalid(str(error), field="stays"))
        except Invalid as error:
            show_error(form, error)
        found, proposal, offered = _offered(referral_id)
    page = render_template(
        "broker/accept_series.html",
        form=form,
        referral=found,
        units=list({each.unit.id: each.unit for each in offered}.values()),
        left=left_without(reading(), found, offered),
        is_in_city=all(COUNCIL[found.council].has(each.unit.service.authority) for each in offered),
        back=_back(found, proposal),
    )
    return page, 422 if form.errors else 200


def _offered(referral_id: int) -> tuple[Referral, Proposal | None, list[ChosenStay]]:
    """Return a series, the proposal that the address names, and the stays that it or one service offers."""
    found = _series(referral_id)
    proposal = _proposal(found)
    return found, proposal, chosen_of(proposal) if proposal else _of_unit(found)


def _reserve(
    form: AcceptSeriesForm, found: Referral, offered: Sequence[ChosenStay], proposal: Proposal | None
) -> ResponseReturnValue:
    wanted = [each for each in offered if key(each) in form.stays.data]
    run_id = proposal.run_id if proposal else None
    with committing() as session:
        kept = referral_with(session, found.id, actor=current_actor())
        again = proposal_with(session, proposal.run_id, proposal.id, actor=current_actor()) if proposal else None
        stays = [replace(each, unit=unit_with(session, each.unit.id, actor=current_actor())) for each in wanted]
        decision = form.decision_for(stays[0], run_id=run_id)
        accept_stays(session, kept, stays, decision, by=current_actor(), now=now(), proposal=again)
    flash(f"{amount(len(wanted), 'stay')} reserved. Each provider has been asked to confirm.")
    if proposal is not None and request.args.get("back") == "run":
        return redirect(row_href(proposal.run_id, found.id, table_args()))
    return redirect(url_for("broker.referral", referral_id=found.id))


def _series(referral_id: int) -> Referral:
    found = referral_with(reading(), referral_id, actor=current_actor())
    if not found.is_recurring:
        raise NotFound("This referral asks for one stay.")
    return found


def _proposal(found: Referral) -> Proposal | None:
    """Return the proposal that the address names by its run. Raises OutOfStep where it is decided or superseded."""
    run_id = first_id(request.args.get("run"))
    if run_id is None:
        return None
    proposal = newest_proposals(reading(), [found.id], actor=current_actor()).get(found.id)
    if proposal is None or proposal.run_id != run_id:
        raise OutOfStep("This proposal has been decided, or a newer run has taken its place.")
    return proposal


def _of_unit(found: Referral) -> list[ChosenStay]:
    """Return the stays that a service can take: the one that the address names, or else the one that takes most."""
    unit_id = first_id(request.args.get("unit"))
    options = series_options(reading(), found, now=now())
    option = next((each for each in options if unit_id in (each.unit.id, None)), None)
    if option is None:
        raise OutOfStep("No place can take a stay of this series as things stand.")
    return chosen_in(option)


def _ticked(offered: Sequence[ChosenStay], proposal: Proposal | None) -> dict[str, Any]:
    """Return what a good proposal needs no typing for: every stay, and the first reason."""
    return {"stays": [key(each) for each in offered], "why": BEST if proposal else None}


def key(stay: ChosenStay) -> str:
    """Return what a form calls a stay in a place: what is offered for it has another key once it changes."""
    return f"{stay.number}-{stay.unit.id}-{stay.start_on.isoformat()}"


def _said(stay: ChosenStay) -> str:
    nights = amount((stay.end_on - stay.start_on).days, "night")
    return f"{short_day(stay.start_on)} {stay.start_on.year}, {nights}: {stay.unit.service.name}, {stay.unit.name}"


def _back(found: Referral, proposal: Proposal | None) -> str:
    if proposal is not None and request.args.get("back") == "run":
        return row_href(proposal.run_id, found.id, table_args())
    return url_for("broker.series", referral_id=found.id)
