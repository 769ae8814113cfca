"""The work list: every open referral with its clock, and what the newest run proposes for it; and finding any other."""

from __future__ import annotations

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from placement.brokerage.attention import StayToLookInto, stays_to_look_into
from placement.brokerage.finding import found_referrals
from placement.brokerage.referrals import ReferralCounts, referral_counts, referrals_page
from placement.domain.clocks import today
from placement.domain.kinds import KIND, KINDS
from placement.domain.states import OPEN, ReferralState
from placement.planning.proposals import newest_proposals
from placement.planning.runs import newest_finished
from placement.records.pages import Page, cut
from placement.records.searches import keep_search, kept_search
from placement.web.access import current_actor
from placement.web.forms.referral import FindForm
from placement.web.pages.broker import blueprint
from placement.web.paging import place
from placement.web.transactions import committing, now, reading

FIRST_STAYS = 6
OTHER_STATES = tuple(state for state in ReferralState if state not in OPEN)


@dataclass(frozen=True, slots=True)
class Tab:
    """One view of the list: its word in the address, its label and how many it holds."""

    slug: str
    label: str
    count: int


@blueprint.get("/")
def work_list() -> ResponseReturnValue:
    """Show referrals by deadline; `show` is a kind, or a state that is not being searched."""
    show = request.args.get("show", "")
    state = next((each for each in OTHER_STATES if each.value == show), None)
    kind = show if show in KIND and state is None else ""
    states = [state] if state else OPEN
    page = referrals_page(reading(), states, kind=kind, at=place(), actor=current_actor())
    counts = referral_counts(reading(), actor=current_actor(), now=now())
    return render_template(
        "broker/work_list.html",
        page=page,
        show=state.value if state else kind,
        is_open=state is None,
        tabs=_tabs(counts),
        late=counts.late,
        stays=_first_stays(),
        proposals=newest_proposals(reading(), [each.id for each in page.rows], actor=current_actor()),
        run=newest_finished(reading(), actor=current_actor()),
        find=FindForm(formdata=None),
    )


@blueprint.post("/find")
def find() -> ResponseReturnValue:
    """Keep what is searched for and lead to what is found: a name stands in no address."""
    form = FindForm()
    if not form.validate():
        return render_template("broker/found.html", find=form, page=None), 422
    with committing() as session:
        search = keep_search(session, form.words.data, by=current_actor(), now=now())
    return redirect(url_for("broker.found", search_id=search.id))


@blueprint.get("/found/<int:search_id>")
def found(search_id: int) -> ResponseReturnValue:
    """Show the referrals that a search finds, closed and withdrawn ones too."""
    search = kept_search(reading(), search_id, actor=current_actor())
    page = found_referrals(reading(), search.words, actor=current_actor(), at=place())
    form = FindForm(formdata=None, data={"words": search.words})
    return render_template("broker/found.html", find=form, page=page, search=search)


@blueprint.get("/stays")
def stays() -> ResponseReturnValue:
    """Show every stay to look into."""
    found = stays_to_look_into(reading(), today(now()), actor=current_actor())
    return render_template("broker/stays.html", page=cut(found, range(1, len(found) + 1), at=place()))


def _first_stays() -> Page[StayToLookInto]:
    found = stays_to_look_into(reading(), today(now()), actor=current_actor())
    return cut(found, range(1, len(found) + 1), size=FIRST_STAYS)


def _tabs(counts: ReferralCounts) -> list[Tab]:
    kinds = [Tab(kind.slug, kind.label, counts.open_by_kind[kind.slug]) for kind in KINDS]
    others = [Tab(state.value, state.label, counts.by_state[state]) for state in OTHER_STATES]
    return [Tab("", "All open", counts.open_by_kind.total()), *(tab for tab in kinds if tab.count), *others]
