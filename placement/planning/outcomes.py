"""A finished run in the words of people: what it proposes, who has no place in the city and why."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from placement.domain.councils import Council
from placement.matching.judging.rules import CAUSES
from placement.matching.problem.documents import read_plan
from placement.matching.problem.plan import Plan, Unmatched
from placement.planning.keys import unit_id_of
from placement.records.councils import council_of
from placement.records.providers import Unit
from placement.records.referrals import Referral
from placement.records.runs import MatchRun, Proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalRow:
    """One proposal with its reasons."""

    proposal: Proposal
    is_in_city: bool
    why: tuple[str, ...]
    ask: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WithoutPlace:
    """A referral without a place in the city: causes as sentences, changes that would help, the nearest units."""

    referral: Referral
    met_out_of_city: bool
    causes: tuple[str, ...]
    changes: tuple[str, ...]
    nearest: tuple[tuple[Unit, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOutcome:
    """A run's answer, counted in people. `is_proven`: no other plan is better on any objective."""

    plan: Plan
    rows: tuple[ProposalRow, ...]
    missing: tuple[WithoutPlace, ...]
    asked: int
    in_city: int
    out_by_choice: int
    out_by_need: int
    unplaced: int
    is_proven: bool


def outcome_of(session: Session, run: MatchRun) -> RunOutcome:
    """Return what a finished run answered."""
    assert run.documents is not None
    assert run.documents.plan is not None
    plan = read_plan(_text(run.documents.plan))
    referrals = _referrals(session, [need["id"] for need in run.documents.instance["needs"]])
    units = _units(session, plan)
    words, council = {match.need: match for match in plan.matches}, council_of(session)
    rows = tuple(_row(proposal, words, council) for proposal in run.proposals if proposal.referral.reference in words)
    missing = tuple(_missing(each, referrals[each.need], units) for each in plan.unmatched if each.need in referrals)
    in_city = sum(council.has(units[unit_id_of(match.unit)].service.authority) for match in plan.matches)
    out_by_need = sum(each.met_out_of_city for each in plan.unmatched)
    return RunOutcome(
        plan=plan,
        rows=rows,
        missing=missing,
        asked=len(run.documents.instance["needs"]),
        in_city=in_city,
        out_by_choice=len(plan.matches) - in_city - out_by_need,
        out_by_need=out_by_need,
        unplaced=sum(not each.met_out_of_city for each in plan.unmatched),
        is_proven=plan.status == "optimal",
    )


def cause_sentence(rule: str, units: int) -> str:
    """Return “212 units lack an essential need”, or “1 unit lacks an essential need”."""
    one, many = CAUSES[rule]
    return f"1 unit {one}" if units == 1 else f"{units:,} units {many}"


def _row(proposal: Proposal, words: Mapping[str, Any], council: Council) -> ProposalRow:
    match = words[proposal.referral.reference or ""]
    return ProposalRow(
        proposal=proposal,
        is_in_city=council.has(proposal.unit.service.authority),
        why=match.why,
        ask=match.ask,
    )


def _missing(unmatched: Unmatched, referral: Referral, units: Mapping[int, Unit]) -> WithoutPlace:
    return WithoutPlace(
        referral=referral,
        met_out_of_city=unmatched.met_out_of_city,
        causes=tuple(cause_sentence(cause.rule, cause.units) for cause in unmatched.causes),
        changes=tuple(change.say for change in unmatched.change),
        nearest=tuple((units[unit_id_of(near.unit)], near.refused_by) for near in unmatched.nearest[:3]),
    )


def _referrals(session: Session, references: Sequence[str]) -> dict[str, Referral]:
    rows = select(Referral).where(Referral.reference.in_(references)).options(selectinload(Referral.person))
    return {referral.reference or "": referral for referral in session.scalars(rows)}


def _units(session: Session, plan: Plan) -> dict[int, Unit]:
    keys = {match.unit for match in plan.matches} | {near.unit for each in plan.unmatched for near in each.nearest}
    rows = select(Unit).where(Unit.id.in_([unit_id_of(key) for key in keys])).options(selectinload(Unit.service))
    return {unit.id: unit for unit in session.scalars(rows)}


def _text(document: Mapping[str, Any]) -> str:
    return json.dumps(document)
