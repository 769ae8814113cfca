"""Claims of providers that wait for the council: which they are, deciding on one, and decisions with their undoing."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from placement.domain.claims import VERDICT_LABELS, Claim, ClaimVerdict, Footing
from placement.domain.errors import Invalid
from placement.domain.features import feature_words, in_order
from placement.domain.unit_words import evidence_words
from placement.market import claims as market
from placement.market import services
from placement.market.units import lock_unit
from placement.records.claims import ClaimRuling
from placement.records.providers import Unit
from placement.web.access import current_actor
from placement.web.formatting import day
from placement.web.forms.binding import show_error
from placement.web.forms.claims import ClaimForm
from placement.web.forms.hidden import first_id
from placement.web.pages.commissioner import blueprint
from placement.web.paging import place
from placement.web.transactions import committing, now, reading


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingUnit:
    """A unit, and what it claims that waits for the council."""

    unit: Unit
    waiting: tuple[str, ...]


@blueprint.get("/claims")
def claims() -> ResponseReturnValue:
    """Show the claims that nobody counts on until the council has verified them."""
    page = market.claims_page(reading(), actor=current_actor(), at=place())
    return render_template("commissioner/claims.html", page=page, units=[_waiting(unit) for unit in page.rows])


@blueprint.get("/claims/decided")
def claims_decided() -> ResponseReturnValue:
    """Show every decision on a claim, newest first, with a way to undo the one that stands."""
    page = market.rulings_page(reading(), at=place())
    return render_template(
        "commissioner/claims_decided.html", page=page, standing=market.standing_ids(reading(), page.rows)
    )


@blueprint.route("/claims/<int:unit_id>/<slug>", methods=["GET", "POST"])
def claim(unit_id: int, slug: str) -> ResponseReturnValue:
    """Decide on one claim, with everything that was decided on it before."""
    unit = services.unit(reading(), unit_id, actor=current_actor())
    found, history = market.claim_of(unit, slug), market.rulings(reading(), unit, slug)
    form = ClaimForm(data={"seen": market.newest_id(reading(), unit, slug)})
    if form.validate_on_submit():
        try:
            _rule(unit_id, slug, form)
        except Invalid as error:
            show_error(form, error)
        else:
            verdict = VERDICT_LABELS[ClaimVerdict(form.verdict.data)].lower()
            flash(f"{unit.service.name}, {unit.name}: {feature_words(slug)} is {verdict}.")
            return redirect(url_for("commissioner.claims"))
    page = render_template(
        "commissioner/claim.html",
        unit=unit, claim=found, behind=_behind(found), history=history, form=form,
        standing=market.newest_id(reading(), unit, slug),
    )  # fmt: skip
    return page, 422 if form.errors else 200


@blueprint.post("/claims/rulings/<int:ruling_id>/undo")
def undo_ruling(ruling_id: int) -> ResponseReturnValue:
    """Take a decision back: what stood behind the claim before stands again."""
    with committing() as session:
        unit = services.unit(session, market.ruling(session, ruling_id).unit_id, actor=current_actor())
        lock_unit(session, unit)
        ruling = market.ruling(session, ruling_id)
        market.undo_ruling(session, ruling, by=current_actor(), now=now())
        words = f"{unit.service.name}, {unit.name}: {feature_words(ruling.slug)} is as it was before that decision."
    flash(words)
    return redirect(url_for("commissioner.claims_decided"))


def _rule(unit_id: int, slug: str, form: ClaimForm) -> ClaimRuling:
    with committing() as session:
        kept = services.unit(session, unit_id, actor=current_actor())
        lock_unit(session, kept)
        return market.rule_on_claim(
            session, kept, slug, ClaimVerdict(form.verdict.data),
            note=form.note.data, seen=first_id(form.seen.data), by=current_actor(), now=now(),
        )  # fmt: skip


def _waiting(unit: Unit) -> WaitingUnit:
    waiting = (claim.slug for claim in unit.claims if claim.footing is Footing.WAITS)
    return WaitingUnit(unit=unit, waiting=in_order(waiting))


def _behind(claim: Claim) -> str:
    words = evidence_words(claim, day(claim.evidence_on))
    return f"{words[:1].upper()}{words[1:]}"
