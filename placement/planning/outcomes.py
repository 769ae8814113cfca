"""A finished run in the words of people: what it proposes, who has no place in the city and why.

The rows are written once, when the run is published; a page reads them and never the documents of the run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.domain.series import StayWindow
from placement.market.vacancies import DUE_AFTER
from placement.matching.explaining.explain import first_refusals
from placement.matching.explaining.rivals import Rival
from placement.matching.judging.rules import CAUSES, RULE
from placement.matching.problem.facts import Need, need_of
from placement.matching.problem.instance import Instance
from placement.matching.problem.plan import Match, Nearest, Plan, Unmatched
from placement.matching.table.units import UnitTable
from placement.planning.keys import unit_id_of
from placement.records.outcomes import (
    ProposalQuestion,
    ProposalReason,
    ProposalRival,
    ProposalStay,
    RunAnswer,
    RunObjective,
    UnmetCause,
    UnmetChange,
    UnmetNearest,
    UnmetNeed,
)
from placement.records.referrals import Referral
from placement.records.runs import MatchRun, Proposal

OPTIMAL = "optimal"
LONGEST_SAYING = 500  # as the column is
STALE = "stale"
"""The cause that a run tells beside the engine's: a unit would fit, but what is free in it is not known any more."""
SENTENCES_OF_CAUSES: Mapping[str, tuple[str, str]] = {
    **CAUSES,
    STALE: (
        "has no place that is known to be free: not confirmed for 7 days",
        "have no place that is known to be free: not confirmed for 7 days",
    ),
}
_OLD_HOURS = DUE_AFTER / timedelta(hours=1)


def write_outcome(session: Session, run: MatchRun, instance: Instance, plan: Plan) -> None:
    """Write what a run answered, beside its proposals, which are in the session by now."""
    inside = {unit.id for unit in instance.units if unit.authority == instance.city}
    # People are counted: a series counts once, as met in the city where any of its stays is.
    met, in_city = {match.need for match in plan.matches}, {m.need for m in plan.matches if m.unit in inside}
    by_need = {each.need for each in plan.unmatched if each.met_out_of_city} - in_city
    run.answer = RunAnswer(
        is_proven=plan.status == OPTIMAL,
        seconds=plan.seconds,
        asked=len(instance.needs),
        in_city=len(in_city),
        out_by_choice=len(met - in_city - by_need),
        out_by_need=len(by_need),
        unplaced=len({each.need for each in plan.unmatched} - met),
    )
    run.objectives = [
        RunObjective(position=position, slug=each.slug, value=each.value, bound=each.bound)
        for position, each in enumerate(plan.objectives)
    ]
    referrals = _referrals(session, plan)
    table = UnitTable(instance)
    needs = {need.id: need for need in table.stays.instance.needs}
    # A row a referral without any place in the city: of a series, what keeps its first stay from one.
    first = {each.need: each for each in reversed(plan.unmatched) if each.need not in in_city}
    run.unmet = [
        _unmet(each, referrals[each.need], needs[each.name], table)
        for each in plan.unmatched
        if each.need in referrals and first.get(each.need) is each
    ]


def write_rivals(session: Session, run: MatchRun, rivals: Mapping[str, Sequence[Rival]]) -> None:
    """Write who else wanted each place that a run proposes; a need is told by its reference."""
    rivals = _of_whole_series(rivals)
    names = {rival.need for each in rivals.values() for rival in each} | set(rivals)
    rows = select(Referral.reference, Referral.id).where(Referral.reference.in_(names))
    numbers = {row[0]: row[1] for row in session.execute(rows)}
    session.flush()
    proposed = session.scalars(select(Proposal).where(Proposal.run_id == run.id)).all()
    of_referral = {proposal.referral_id: proposal for proposal in proposed}
    for holder, found in rivals.items():
        if holder not in numbers or (proposal := of_referral.get(numbers[holder])) is None:
            continue
        proposal.rivals = [
            ProposalRival(
                position=place,
                referral_id=numbers[rival.need],
                changes={tier.slug: tier.change for tier in rival.swap} | {"others": len(rival.others)},
            )
            for place, rival in enumerate(found)
            if rival.need in numbers
        ]


def _of_whole_series(rivals: Mapping[str, Sequence[Rival]]) -> dict[str, list[Rival]]:
    """Return who wanted the places of each referral, whichever of its stays: each rival once, and never itself."""
    found: dict[str, list[Rival]] = {}
    for holder, each in rivals.items():
        need = need_of(holder)
        told = found.setdefault(need, [])
        for rival in each:
            whose = need_of(rival.need)
            if whose != need and whose not in {known.need for known in told}:
                told.append(replace(rival, need=whose))
    return found


def proposed_stays(windows: Sequence[StayWindow], matches: Sequence[Match], first_night: date) -> list[ProposalStay]:
    """Return what a run found for each planned stay of a series; nothing for a referral that asks for none.

    A match is told by its night, not its number: a stay may have been given a place since the run began.
    """
    starts = {first_night + timedelta(days=match.start): match for match in matches}
    found = {
        window.number: (match, start) for window in windows for start, match in starts.items() if window.holds(start)
    }
    if not found and len(windows) == 1 and starts:  # its window has passed, and it is planned all the same
        ((start, match), *_) = starts.items()
        found = {windows[0].number: (match, start)}
    return [
        ProposalStay(
            number=window.number,
            earliest_on=window.earliest_on,
            latest_on=window.latest_on,
            nights=window.nights,
            unit_id=unit_id_of(found[window.number][0].unit) if window.number in found else None,
            start_on=found[window.number][1] if window.number in found else None,
        )
        for window in windows
    ]


def tell(proposal: Proposal, match: Match) -> Proposal:
    """Give a proposal the reasons and the questions of its match."""
    proposal.reasons = [ProposalReason(position=place, sentence=words) for place, words in enumerate(match.why)]
    proposal.questions = [ProposalQuestion(position=place, slug=slug) for place, slug in enumerate(match.ask)]
    return proposal


def cause_sentence(rule: str, units: int) -> str:
    """Return “212 places lack an essential need”, or “1 place lacks an essential need”."""
    one, many = SENTENCES_OF_CAUSES[rule]
    return f"1 place {one}" if units == 1 else f"{units:,} places {many}"


def told_causes(unmatched: Unmatched, need: Need, table: UnitTable) -> list[tuple[str, int]]:
    """Return the causes as (rule, units) in the order of the rules, telling those that are full from those not known.

    A unit that never reported, or not for seven days, has no free place on the nights needed as far as anybody knows;
    it stands as STALE before the units whose numbers can be believed, so that the last cause is the one that decided.
    """
    full = first_refusals(need, table).get("nights", ())
    old = sum(unit.age_hours >= _OLD_HOURS for unit in full)
    told = []
    for cause in unmatched.causes:
        unknown = old if cause.rule == "nights" else 0
        told += [(rule, units) for rule, units in ((STALE, unknown), (cause.rule, cause.units - unknown)) if units]
    return told


def _unmet(unmatched: Unmatched, referral: Referral, need: Need, table: UnitTable) -> UnmetNeed:
    causes = told_causes(unmatched, need, table)
    return UnmetNeed(
        referral_id=referral.id,
        is_met_out_of_city=unmatched.met_out_of_city,
        causes=[UnmetCause(position=place, rule=rule, units=units) for place, (rule, units) in enumerate(causes)],
        changes=[
            UnmetChange(position=place, rule=change.rule, sentence=change.say)
            for place, change in enumerate(unmatched.change)
        ],
        nearest=[
            UnmetNearest(
                position=place,
                unit_id=unit_id_of(near.unit),
                refused_by=" ".join(near.refused_by),
                says=_said(near, need, table)[:LONGEST_SAYING],
            )
            for place, near in enumerate(unmatched.nearest)
        ],
    )


def _said(near: Nearest, need: Need, table: UnitTable) -> str:
    unit = table.setting.units[near.unit]
    return "; ".join(RULE[slug].short(need, unit, table.setting).words for slug in near.refused_by)


def _referrals(session: Session, plan: Plan) -> Mapping[str, Referral]:
    references = [each.need for each in plan.unmatched]
    rows = select(Referral).where(Referral.reference.in_(references))
    return {referral.reference or "": referral for referral in session.scalars(rows)}
