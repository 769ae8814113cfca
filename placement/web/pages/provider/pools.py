"""Pools that units share: making one, changing it, ending it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from placement.domain.errors import Invalid, Question, ToConfirm
from placement.market import pools as market_pools
from placement.market import services as market
from placement.market.pools import units_to_share
from placement.records.events import newest_line
from placement.records.providers import Service, SharedCap
from placement.web.access import current_actor
from placement.web.forms import fields
from placement.web.forms.binding import show_error
from placement.web.forms.confirming import confirmed
from placement.web.forms.places import PoolForm
from placement.web.meeting import BothChanged, both_page, meet, other_save, tell
from placement.web.pages.provider import blueprint
from placement.web.transactions import committing, now, reading

SAID = ("shared_cap_added", "shared_cap_changed")
FEWEST = 2
"""Units of a pool: with fewer, the unit's own number says the same."""


@blueprint.route("/services/<int:service_id>/pools/new", methods=["GET", "POST"])
def new_pool(service_id: int) -> ResponseReturnValue:
    """Ask what units share."""
    service = market.service(reading(), service_id, actor=current_actor())
    form = _form(service, None)
    if form.validate_on_submit():
        try:
            with committing() as session:
                market_pools.add_shared_cap(
                    session, units_to_share(session, _chosen(form), actor=current_actor()),
                    name=form.name.data, places=form.places.data, by=current_actor(), now=now(), confirmed=confirmed(),
                )  # fmt: skip
            flash(f"{form.name.data}: saved.")
            return redirect(url_for("provider.places", service_id=service_id))
        except ToConfirm as error:
            return _page(service, None, form, error.questions), error.status
        except Invalid as error:
            show_error(form, error)
    return _page(service, None, form), 422 if form.errors else 200


@blueprint.route("/services/pools/<int:cap_id>", methods=["GET", "POST"])
def pool(cap_id: int) -> ResponseReturnValue:
    """Show what units share, and change it."""
    found = market_pools.shared_cap(reading(), cap_id, actor=current_actor())
    form = _form(found.service, found)
    if form.validate_on_submit():
        try:
            with committing() as session:
                cap = market_pools.shared_cap(session, cap_id, actor=current_actor())
                market_pools.lock_shared_cap(session, cap)
                form = _form(cap.service, cap)  # what is stored by now stands in it beside what was typed
                words = meet(form, other_save(newest_line(session, SAID, subject=cap)))
                market_pools.change_shared_cap(
                    session, cap, units_to_share(session, _chosen(form), actor=current_actor()),
                    name=form.name.data, places=form.places.data, by=current_actor(), now=now(), confirmed=confirmed(),
                )  # fmt: skip
        except BothChanged as error:
            return both_page(error)
        except ToConfirm as error:
            return _page(found.service, found, form, error.questions), error.status
        except Invalid as error:
            show_error(form, error)
        else:
            flash(f"{form.name.data}: saved.")
            tell(words)
            return redirect(url_for("provider.places", service_id=found.service_id))
    return _page(found.service, found, form), 422 if form.errors else 200


@blueprint.post("/services/pools/<int:cap_id>/end")
def end_pool(cap_id: int) -> ResponseReturnValue:
    """Let units share this no more."""
    with committing() as session:
        cap = market_pools.shared_cap(session, cap_id, actor=current_actor())
        market_pools.lock_shared_cap(session, cap)
        service_id, name = cap.service_id, cap.name
        market_pools.end_shared_cap(session, cap, by=current_actor(), now=now())
    flash(f"{name}: not shared any more. Each unit has its own places now.")
    return redirect(url_for("provider.places", service_id=service_id))


def _form(service: Service, cap: SharedCap | None) -> PoolForm:
    stored = {"name": cap.name, "places": cap.places, "units": [str(unit.id) for unit in cap.units]} if cap else {}
    form = PoolForm(data=stored)
    form.units.choices = fields.options([(str(unit.id), unit.name) for unit in service.units])
    return form


def _chosen(form: PoolForm) -> list[int]:
    if len(form.units.data) < FEWEST:
        raise Invalid("Choose two units or more.", field="units")
    return [int(number) for number in form.units.data]


def _page(service: Service, cap: SharedCap | None, form: PoolForm, questions: Sequence[Question] = ()) -> str:
    return render_template("provider/pool.html", service=service, cap=cap, form=form, questions=questions)
