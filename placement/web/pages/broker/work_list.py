"""The work list: every open referral with its clock, and what the newest run proposes for it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue

from placement.brokerage.attention import attention
from placement.brokerage.referrals import open_referrals, referrals_in
from placement.domain.clocks import today
from placement.domain.kinds import KIND, KINDS
from placement.domain.states import ReferralState
from placement.planning.proposals import newest_proposals
from placement.planning.runs import newest_finished
from placement.web.access import current_actor
from placement.web.pages.broker import blueprint
from placement.web.transactions import now, reading

OTHER_STATES = (ReferralState.DRAFT, ReferralState.ON_HOLD, ReferralState.PLACED)


@dataclass(frozen=True, slots=True)
class Tab:
    """One view of the list: its word in the address, its label and how many it holds."""

    slug: str
    label: str
    count: int | None


@blueprint.get("/")
def work_list() -> ResponseReturnValue:
    """Show referrals by deadline; `show` is a kind, or a state that is not being searched."""
    waiting = open_referrals(reading(), actor=current_actor())
    show = request.args.get("show", "")
    state = next((each for each in OTHER_STATES if each.value == show), None)
    if state is not None:
        rows = referrals_in(reading(), state, actor=current_actor())
    else:
        rows = [each for each in waiting if show not in KIND or each.kind == show]
    return render_template(
        "broker/work_list.html",
        rows=rows,
        show=show if show in KIND or state else "",
        is_open=state is None,
        tabs=_tabs(Counter(each.kind for each in waiting)),
        late=sum(1 for each in waiting if each.place_by and each.place_by < now()),
        attention=attention(reading(), today(now()), actor=current_actor()),
        proposals=newest_proposals(reading(), actor=current_actor()),
        run=newest_finished(reading(), actor=current_actor()),
    )


def _tabs(counts: Counter[str]) -> list[Tab]:
    kinds = [Tab(kind.slug, kind.label, counts[kind.slug]) for kind in KINDS if counts[kind.slug]]
    others = [Tab(state.value, state.label, None) for state in OTHER_STATES]
    return [Tab("", "All open", counts.total()), *kinds, *others]
