"""For one referral: every unit in order, and every refusal of the others. Search and "just taken" ask here.

The order and the refusals are the engine's own (`matching.ranking`), so that a list and a run never disagree about
what fits; what a run adds is who else needs the same place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from placement.brokerage.overriding import overridden, override_of
from placement.brokerage.placements import live_placements_of
from placement.brokerage.reservations import Decision, require_nights, require_searching, require_vacant, reserve
from placement.domain.claims import Footing, on
from placement.domain.clocks import today
from placement.domain.errors import Invalid, require_confirmed
from placement.domain.features import in_order, with_covered
from placement.domain.kinds import KIND
from placement.domain.people import Actor
from placement.domain.periods import Period
from placement.domain.sections import not_asked_in_short, not_asked_words
from placement.domain.services import SERVICE_TYPE
from placement.domain.unit_words import not_met
from placement.matching.judging import ranking as engine
from placement.matching.judging.ranking import RankedUnit, ranked
from placement.matching.judging.rules import RULES
from placement.matching.problem.facts import Need, UnitFacts
from placement.matching.problem.instance import Instance
from placement.planning.asked_first import unsure
from placement.planning.differences import differences, left_to_the_person, to_ask_first, unlike_the_choice
from placement.planning.eligibility import PairJudgement, still_refused
from placement.planning.kept_out import KEPT_OUT, KeptOut, why_kept_out
from placement.planning.keys import unit_id_of
from placement.planning.outcomes import cause_sentence
from placement.planning.proposals import decide_proposal, undecided
from placement.planning.snapshot import instance_of
from placement.records.availability import newest_reports
from placement.records.doubted import doubted, doubted_features
from placement.records.placements import Placement
from placement.records.providers import Service, Unit
from placement.records.referrals import Referral
from placement.records.runs import Proposal
from placement.records.vacancies import VacancyReport

ESSENTIAL = "essential"
"""The rule that demands every essential need, of which the records know more to say than the engine does."""
FOR_RESERVE = ("nights", "pool", "crises", "hold")
"""Whether a place is still free is for `reserve` to say, which holds the lock; what is held back, a human may give."""

TERM_WORDS = {"extra": "To be asked first"}
"""What is added for a pair has one reason here, which the engine does not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedMatch:
    """A unit that no rule refuses. `rank` counts from 1; `terms` are the labelled points of its fit.

    `must_haves`, `wishes_met` and `wishes_unmet` are slugs of features, `types_unmet` of types of service that are
    wished for. At `doubted_at` the provider said that it has no vacancy, and has not reported since; of `doubted`,
    asked for here and recorded of the unit, it has said since that it cannot offer them. About `ask_first`, asked for
    here, it wants to be asked before anybody counts on it.
    """

    rank: int
    unit: Unit
    report: VacancyReport | None
    doubted_at: datetime | None
    doubted: tuple[str, ...]
    ask_first: tuple[str, ...]
    is_in_city: bool
    miles: float | None
    must_haves: tuple[str, ...]
    wishes_met: tuple[str, ...]
    wishes_unmet: tuple[str, ...]
    types_unmet: tuple[str, ...]
    start_on: date
    end_on: date | None
    points: int
    terms: tuple[tuple[str, int], ...]
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedMatch:
    """A unit and every rule that refuses it, with the fact in words for each. `is_near`: a call might mend them all.

    `doubted_at` is as of a listed match.
    `kept_out` says who has ruled it out or declined, where that still counts.
    """

    unit: Unit
    report: VacancyReport | None
    doubted_at: datetime | None
    is_in_city: bool
    miles: float | None
    rules: tuple[str, ...]
    short: tuple[str, ...]
    is_near: bool
    kept_out: KeptOut | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortlist:
    """All units for one referral, as the records stand; `not_asked` says in words what nobody knows yet."""

    listed: tuple[ListedMatch, ...]
    refused: tuple[RefusedMatch, ...]
    ask: tuple[str, ...]
    not_asked: str = ""
    not_asked_in_short: str = ""

    def causes(self) -> list[tuple[str, str]]:
        """Return, in the rules’ order, how many units each rule is the first to refuse, as a sentence."""
        first = Counter(refused.rules[0] for refused in self.refused)
        return [(rule.slug, cause_sentence(rule.slug, first[rule.slug])) for rule in RULES if first[rule.slug]]

    def in_city_causes(self) -> dict[str, int]:
        """Return, in the rules’ order, how many units of the city each rule is the first to refuse."""
        first = Counter(each.rules[0] for each in self.refused if each.is_in_city)
        return {rule.slug: first[rule.slug] for rule in RULES if first[rule.slug]}

    @property
    def near(self) -> tuple[RefusedMatch, ...]:
        """Return the units in the city that only a little keeps from being offered, those that lack least first."""
        return tuple(each for each in self.refused if each.is_near and each.is_in_city)

    def of(self, unit_id: int) -> ListedMatch | None:
        """Return the entry of one unit if no rule refuses it."""
        return next((each for each in self.listed if each.unit.id == unit_id), None)


def shortlist(session: Session, referral: Referral, *, now: datetime) -> Shortlist:
    """Rank every listed unit for one referral, as the records stand."""
    instance = instance_of(session, [referral], now=now)
    (need,) = instance.needs
    ranking = ranked(instance, need.id)
    units, reports = _units(session, instance), newest_reports(session)
    facts = {unit.id: unit for unit in instance.units}
    in_doubt, kept = doubted(session, reports), why_kept_out(session, referral)
    claims = doubted_features(session)
    return Shortlist(
        listed=tuple(
            _listed(each, need, facts[each.unit], units[unit_id_of(each.unit)], reports, in_doubt, claims, today(now))
            for each in ranking.options
        ),
        refused=tuple(
            _refused(each, need, units[unit_id_of(each.unit)], reports, in_doubt, kept) for each in ranking.refused
        ),
        ask=tuple(sorted(need.unknown)),
        not_asked=not_asked_words(referral.not_asked),
        not_asked_in_short=not_asked_in_short(referral.not_asked),
    )


def tried_in_city(every: Shortlist, day: date) -> str:
    """Return what the matcher found in the city for a referral, as evidence for a decision to leave it."""
    causes = every.in_city_causes()
    fits = sum(each.is_in_city for each in every.listed)
    looked_at = fits + sum(causes.values())
    lines = [f"On {day.day} {day:%B %Y} {looked_at} places in the city were looked at; {fits} fit."]
    lines += [f"{cause_sentence(slug, number)}." for slug, number in causes.items()]
    lines += [f"{each.unit.service.name}, {each.unit.name}: {'; '.join(each.short)}." for each in every.near[:3]]
    return "\n".join(lines)


def accept(
    session: Session,
    referral: Referral,
    unit: Unit,
    decision: Decision,
    *,
    by: Actor,
    now: datetime,
    confirmed: Collection[str] | None = None,
    before: PairJudgement | None = None,
) -> Placement:
    """Reserve a place that no rule refuses, and mark the run's proposal as accepted if it was this one.

    Raises Invalid, naming the rules, if one refuses; ToConfirm if the place differs from what was asked and the keys of
    these questions are not among the `confirmed` (None asks nothing); and what `brokerage.reservations.reserve` raises.

    `before` is what was judged of this pair and these nights before the write began, so that others wait less.
    """
    require_searching(session, referral, by=by)  # before the rules: a double click would hear of a wrong reason
    require_nights(decision, KIND[referral.kind], today(now))  # before the rules, which look at these nights
    # Before the rules, which take long: who comes too late holds up nobody. Where the person lives now may end by then.
    own = [stay.id for stay in live_placements_of(session, referral.person_id)]
    require_vacant(session, unit, decision, now=now, without=own, held_for=[referral.id])
    nights = Period(decision.start_on, decision.end_on)
    told = still_refused(session, referral, unit, nights, before, now=now)
    decided = overridden(override_of(session, referral, unit.id), told) if told else ()
    passed = {*FOR_RESERVE, *left_to_the_person(session, referral, unit), *decided}
    if refused := [words for slug, words in told.items() if slug not in passed]:
        raise Invalid(f"This place cannot be chosen: {'; '.join(refused)}.")
    unlike = [
        *differences(session, referral, decision, now=now),
        *to_ask_first(session, referral, unit),
        *unlike_the_choice(session, referral, unit),
    ]
    if confirmed is not None and unlike:
        # Nobody is asked about a place that is gone.
        require_vacant(session, unit, decision, now=now, held_for=[referral.id])
        require_confirmed(unlike, confirmed)
    kept = replace(decision, differs=" ".join(question.key.partition("-")[0] for question in unlike))
    placement = reserve(session, referral, unit, kept, by=by, now=now)
    _mark_accepted(session, referral, unit, decision, by, now)
    return placement


def _mark_accepted(
    session: Session, referral: Referral, unit: Unit, decision: Decision, by: Actor, now: datetime
) -> None:
    if decision.run_id is None:
        return
    rows = undecided(by).where(Proposal.run_id == decision.run_id, Proposal.referral_id == referral.id)
    # Looked at under its lock: one that somebody rejects at this moment keeps nobody from the place.
    if proposal := session.scalars(rows.with_for_update(of=Proposal)).one_or_none():
        verb = "accept" if proposal.unit_id == unit.id else "reject"
        decide_proposal(session, proposal, verb, reason=decision.reason[:500], by=by, now=now)


def _listed(
    option: RankedUnit,
    need: Need,
    facts: UnitFacts,
    unit: Unit,
    reports: Mapping[int, VacancyReport],
    in_doubt: Mapping[int, datetime],
    claims: Mapping[int, Mapping[str, datetime]],
    day: date,
) -> ListedMatch:
    start, asks = day + timedelta(days=option.start), unsure(unit.offers, unit.asks_first)
    return ListedMatch(
        rank=option.rank,
        unit=unit,
        report=reports.get(unit.id),
        doubted_at=in_doubt.get(unit.id),
        doubted=in_order(claims.get(unit.id, {}).keys() & (need.must_haves | need.wishes)),
        ask_first=in_order(asks & (need.must_haves | need.wishes)),
        is_in_city=option.in_city,
        miles=option.miles,
        must_haves=in_order(need.must_haves),
        wishes_met=in_order((need.wishes & facts.offers) - asks),
        wishes_unmet=in_order(need.wishes - facts.offers - SERVICE_TYPE.keys()),
        types_unmet=tuple(sorted((need.wishes - facts.offers) & SERVICE_TYPE.keys())),
        start_on=start,
        end_on=Period.lasting(start, need.nights).end,
        points=option.tiers["fit"],
        terms=tuple((TERM_WORDS.get(term.slug, term.label), term.points) for term in option.terms),
        why=option.why,
    )


def _refused(
    refusal: engine.RefusedUnit,
    need: Need,
    unit: Unit,
    reports: Mapping[int, VacancyReport],
    in_doubt: Mapping[int, datetime],
    kept: Mapping[int, KeptOut],
) -> RefusedMatch:
    words = {KEPT_OUT: kept[unit.id].words} if unit.id in kept else {}
    missing = need.must_haves - with_covered(unit.may_offer)
    if said := not_met(unit.claims, missing):
        words[ESSENTIAL] = said
    told = zip(refusal.refused_by, refusal.short, strict=True)
    return RefusedMatch(
        unit=unit,
        report=reports.get(unit.id),
        doubted_at=in_doubt.get(unit.id),
        is_in_city=refusal.in_city,
        miles=refusal.miles,
        rules=refusal.refused_by,
        short=tuple(words.get(slug, short) for slug, short in told),
        kept_out=kept.get(unit.id),
        is_near=refusal.is_near and not missing & on(Footing.SAYS_NO, unit.claims),
    )


def _units(session: Session, instance: Instance) -> dict[int, Unit]:
    ids: Sequence[int] = [unit_id_of(unit.id) for unit in instance.units]
    rows = select(Unit).where(Unit.id.in_(ids))
    deep = (selectinload(Unit.service).selectinload(Service.provider), selectinload(Unit.features))
    return {unit.id: unit for unit in session.scalars(rows.options(*deep))}
