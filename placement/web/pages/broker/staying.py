"""A stay while it lasts: held, released, in hospital, under notice, elsewhere, and what was tapped by mistake."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from placement.brokerage import longer_holds
from placement.brokerage import placements as brokerage
from placement.brokerage.referring_on import refer_on
from placement.domain.clocks import today
from placement.domain.errors import AlreadyPlaced, Invalid, NoLongerVacant, OutOfStep
from placement.domain.states import PlacementState
from placement.market.services import unit as unit_with
from placement.planning import swaps, transfers
from placement.records.placements import Placement
from placement.web.access import current_actor
from placement.web.formatting import moment, stay
from placement.web.forms.binding import show_error
from placement.web.forms.fields import options
from placement.web.forms.staying import AwayForm, HoldForm, NoticeForm, ReleaseForm, SwapForm, TransferForm
from placement.web.forms.typed_form import TypedForm
from placement.web.pages.broker import blueprint
from placement.web.pages.staying import (
    Does,
    asked_step,
    comes_back,
    gives_notice,
    goes_away,
    takes_notice_back,
    takes_step_back,
    tap,
)
from placement.web.standings import named
from placement.web.transactions import committing, now, reading


def _step(
    placement_id: int, form: TypedForm, template: str, words: tuple[str, str], does: Does, said: str
) -> ResponseReturnValue:
    def page() -> str:
        found = brokerage.placement(reading(), placement_id, actor=current_actor())
        return render_template(template, form=form, placement=found, title=words[0], button=words[1])

    there = url_for("broker.placement", placement_id=placement_id)
    return asked_step(placement_id, form, does, said, leads_to=there, page=page)


@blueprint.route("/placements/<int:placement_id>/release", methods=["GET", "POST"])
def release(placement_id: int) -> ResponseReturnValue:
    """Give a reserved or confirmed place back, and say why; the search goes on."""
    form = ReleaseForm()

    def does(session: Any, stay: Placement) -> None:
        brokerage.release(session, stay, reason=form.reason.data, by=current_actor(), now=now())

    said = "The place is released and the provider is told. Unless the person has another, the search goes on."
    return _step(placement_id, form, "broker/release.html", ("Release the place", "Release the place"), does, said)


@blueprint.route("/placements/<int:placement_id>/hold", methods=["GET", "POST"])
def hold_longer(placement_id: int) -> ResponseReturnValue:
    """Hold a reserved place for longer."""
    form = HoldForm()

    def does(session: Any, stay: Placement) -> None:
        by, at = current_actor(), now()
        longer_holds.hold_longer(session, stay, longer=form.longer.data, reason=form.reason.data, by=by, now=at)

    said = "The place is held for longer, and the provider is told."
    return _step(
        placement_id, form, "broker/hold_longer.html", ("Hold the place for longer", "Hold the place"), does, said
    )


@blueprint.route("/placements/<int:placement_id>/away", methods=["GET", "POST"])
def away(placement_id: int) -> ResponseReturnValue:
    """Write down that the person is in hospital."""
    form = AwayForm(data={"since": today(now())})
    said = "The person is in hospital. The place is kept, and you are asked to review it."
    return _step(placement_id, form, "broker/away.html", ("In hospital", "Keep the place"), goes_away(form), said)


@blueprint.post("/placements/<int:placement_id>/back")
def back(placement_id: int) -> ResponseReturnValue:
    """Write down that the person is back from hospital."""
    tap(placement_id, comes_back)
    flash("The person is back.")
    return redirect(url_for("broker.placement", placement_id=placement_id))


@blueprint.route("/placements/<int:placement_id>/notice", methods=["GET", "POST"])
def notice(placement_id: int) -> ResponseReturnValue:
    """Write down that notice was given."""
    form = NoticeForm()
    said = "The notice is written down. The place is free for others from the day after the last night."
    words = ("Notice given", "Write the notice down")
    return _step(placement_id, form, "broker/notice.html", words, gives_notice(form), said)


@blueprint.post("/placements/<int:placement_id>/no-notice")
def no_notice(placement_id: int) -> ResponseReturnValue:
    """Take a notice back."""
    tap(placement_id, takes_notice_back)
    flash("The notice is taken back. The stay ends when it was to end before.")
    return redirect(url_for("broker.placement", placement_id=placement_id))


@blueprint.post("/placements/<int:placement_id>/take-back")
def take_step_back(placement_id: int) -> ResponseReturnValue:
    """Take an arrival or a departure back that was recorded by mistake."""
    before = brokerage.placement(reading(), placement_id, actor=current_actor()).state
    tap(placement_id, takes_step_back)
    flash(f"The {'departure' if before is PlacementState.ENDED else 'arrival'} is taken back.")
    return redirect(url_for("broker.placement", placement_id=placement_id))


@blueprint.post("/placements/<int:placement_id>/move-on")
def move_on(placement_id: int) -> ResponseReturnValue:
    """Begin the referral that looks for what comes after this stay."""
    with committing() as session:
        found = brokerage.placement(session, placement_id, actor=current_actor())
        referral = refer_on(session, found, by=current_actor(), now=now())
        referral_id, reference = referral.id, referral.reference
    flash(f"{reference} looks for what comes next. It is filled in from the last one: check it.")
    return redirect(url_for("broker.referral", referral_id=referral_id))


@blueprint.route("/placements/<int:placement_id>/transfer", methods=["GET", "POST"])
def transfer(placement_id: int) -> ResponseReturnValue:
    """Let a person go on living in another unit."""
    found = brokerage.placement(reading(), placement_id, actor=current_actor())
    form, status = TransferForm(data={"start_on": today(now())}), 200
    try:
        places = transfers.places_to_move_to(reading(), found, on=_asked_for(form), now=now())
    except OutOfStep as error:
        if request.method == "POST":
            raise
        return render_template("broker/transfer.html", form=form, placement=found, places=[], impossible=str(error))
    form.unit.choices = options([(str(each.unit.id), _where(each)) for each in places if not each.refused])
    if form.validate_on_submit():
        try:
            return _transferred(placement_id, form)
        except Invalid as error:
            show_error(form, error)
        except (NoLongerVacant, AlreadyPlaced) as error:
            status = error.status
            form.unit.errors = [*form.unit.errors, str(error)]
    page = render_template("broker/transfer.html", form=form, placement=found, places=places)
    return page, status if status != 200 else 422 if form.errors else 200


def _where(place: transfers.TransferTo) -> str:
    unit = place.unit
    return f"{unit.name}, same service" if place.is_same_service else f"{named(unit.service)}, {unit.name}"


def _asked_for(form: TransferForm) -> date:
    """Return the day that the places are looked at for: the one asked for, if it can be read."""
    asked: date | None = form.start_on.data
    return max(asked or today(now()), today(now()))


def _transferred(placement_id: int, form: TransferForm) -> ResponseReturnValue:
    with committing() as session:
        stay = brokerage.placement(session, placement_id, actor=current_actor())
        unit = unit_with(session, int(form.unit.data), actor=current_actor())
        moved = transfers.transfer(
            session, stay, unit, on=form.start_on.data, reason=form.reason.data, by=current_actor(), now=now()
        )
        until = moment(moved.expires_at)
    flash(f"The transfer is planned. The provider has until {until} to confirm it.")
    return redirect(url_for("broker.placement", placement_id=moved.id))


@blueprint.route("/placements/<int:placement_id>/swap", methods=["GET", "POST"])
def swap(placement_id: int) -> ResponseReturnValue:
    """Let two people exchange their booked stays."""
    found = brokerage.placement(reading(), placement_id, actor=current_actor())
    form, status = SwapForm(), 200
    others = swaps.stays_to_swap_with(reading(), found, actor=current_actor(), now=now())
    form.other.choices = options([(str(each.stay.id), _whose(each.stay)) for each in others if not each.refused])
    if form.validate_on_submit():
        try:
            return _swapped(placement_id, int(form.other.data))
        except Invalid as error:
            show_error(form, error)
        except (NoLongerVacant, AlreadyPlaced) as error:
            status = error.status
            form.other.errors = [*form.other.errors, str(error)]
    page = render_template("broker/swap.html", form=form, placement=found, others=others)
    return page, status if status != 200 else 422 if form.errors else 200


def _whose(other: Placement) -> str:
    nights = stay(other.start_on, other.end_on)
    return f"{other.person.name}, {other.referral.reference}: {named(other.unit.service)}, {other.unit.name}, {nights}"


def _swapped(placement_id: int, other_id: int) -> ResponseReturnValue:
    with committing() as session:
        one, other = (
            brokerage.placement(session, number, actor=current_actor()) for number in (placement_id, other_id)
        )
        swaps.swap(session, one, other, by=current_actor(), now=now())
        until = moment(min(each.expires_at for each in (one, other) if each.expires_at))
    flash(f"The stays are swapped, and both providers are asked. The first answer is due by {until}.")
    return redirect(url_for("broker.placement", placement_id=placement_id))
