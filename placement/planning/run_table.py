"""A finished run as the table that a broker decides from: a row a person, the soonest deadline first.

What the run answered was written once, when it was published; what has become of each proposal since is as it is now.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, and_, exists, func, or_, select, true
from sqlalchemy.orm import Session, joinedload, selectinload

from placement.brokerage.holds import holds_of
from placement.brokerage.work import soonest_first
from placement.domain.people import Actor
from placement.domain.states import OPEN, UNDECIDED, HoldState, ProposalState
from placement.domain.text import amount
from placement.planning.differences import ask_first_about
from placement.planning.outcomes import cause_sentence
from placement.records.councils import council_of
from placement.records.facets import Conditions, Facet, facets_of
from placement.records.holds import PlaceHold
from placement.records.outcomes import ProposalRival, ProposalStay, UnmetCause, UnmetNearest, UnmetNeed
from placement.records.pages import START, Page, PlaceInList, page_of
from placement.records.providers import Service, Unit
from placement.records.referrals import Referral
from placement.records.runs import MatchRun, Proposal
from placement.records.visibility import one, visible_referrals

SHOW = "show"
MOST_CAUSES = 3
SAME_FOR_ALL = 3  # of so few people with one cause it may well matter that it is the same


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """One person in a run: what is proposed for them, or why nothing is, or (outside the city) both.

    `is_open`: the referral is still searched for. `causes` are the few that tell this person from the others, `every`
    all of them.
    """

    referral: Referral
    proposal: Proposal | None
    unmet: UnmetNeed | None
    hold: PlaceHold | None
    is_in_city: bool
    causes: tuple[str, ...]
    every: tuple[str, ...]

    @property
    def stays_found(self) -> int:
        """How many stays of a series have a place in the proposal."""
        return sum(stay.unit_id is not None for stay in self.proposal.stays) if self.proposal else 0

    @property
    def series(self) -> str:
        """Of a series, how much of it is proposed: “4 of 5 stays, same house”; of anything else nothing."""
        if self.proposal is None or not self.proposal.stays:
            return ""
        houses = {stay.unit.service_id for stay in self.proposal.stays if stay.unit}
        told = f"{self.stays_found} of {amount(len(self.proposal.stays), 'stay')}"
        if self.stays_found < 2:
            return told
        return f"{told}, {'same house' if len(houses) == 1 else f'{len(houses)} houses'}"

    @property
    def ask_first(self) -> tuple[str, ...]:
        """The needs that the provider of the proposed place wants to be asked about first, as it says now."""
        return ask_first_about(self.referral, self.proposal.unit) if self.proposal else ()

    @property
    def is_open(self) -> bool:
        """Whether somebody still searches for this person."""
        return self.referral.state in OPEN

    @property
    def stands(self) -> str:
        """In words, what has become of what the run said."""
        if self.proposal is not None and self.proposal.state not in UNDECIDED:
            return self.proposal.state.label
        if not self.is_open:
            return self.referral.state.label
        return "To decide" if self.proposal is not None else "What would help"

    @property
    def nearest(self) -> tuple[tuple[Unit, str], ...]:
        """The units that fell short of least, with the fact in words; what no call can mend comes last."""
        told = [each for each in self.unmet.nearest if each.says] if self.unmet else []
        told.sort(key=lambda each: "status" in each.refused_by.split())
        return tuple((near.unit, near.says) for near in told)

    @property
    def waits(self) -> bool:
        """Whether a proposal waits for a decision; one that was put off does again once its place is held no more."""
        return self.is_open and not self.is_held and self.proposal is not None and self.proposal.state in UNDECIDED

    @property
    def is_held(self) -> bool:
        """Whether the place that is proposed is held for this person."""
        return self.hold is not None and self.proposal is not None and self.hold.unit_id == self.proposal.unit_id


def run_page(session: Session, run: MatchRun, show: str, *, at: PlaceInList = START, actor: Actor) -> Page[RunRow]:
    """Return a page of the people in a run, narrowed to one of the choices of `run_facet`."""
    rows = _people(run, actor).where(_conditions(session)[show][1]).options(joinedload(Referral.person))
    page = page_of(session, rows, *soonest_first(), at=at)
    return page.with_rows(_rows(session, run, page.rows))


def person_of(session: Session, run: MatchRun, referral_id: int, *, actor: Actor) -> RunRow:
    """Return what a run says of one person. Raises NotFound if it says nothing."""
    rows = _people(run, actor).where(Referral.id == referral_id).options(joinedload(Referral.person))
    (row,) = _rows(session, run, [one(session, rows, "person in this run")])
    return row


def _rows(session: Session, run: MatchRun, referrals: Sequence[Referral]) -> list[RunRow]:
    ids = [each.id for each in referrals]
    proposals, unmet = _proposals(session, run, ids), _unmet(session, run, ids)
    holds, shared, council = holds_of(session, ids), _shared_causes(session, run), council_of(session)

    def row(referral: Referral) -> RunRow:
        proposal, missing = proposals.get(referral.id), unmet.get(referral.id)
        causes = missing.causes if missing else []
        telling = [each for each in causes if (each.rule, each.units) not in shared]
        return RunRow(
            referral=referral,
            proposal=proposal,
            unmet=missing,
            hold=holds.get(referral.id),
            is_in_city=proposal is not None and all(map(council.has, _authorities(proposal))),
            causes=_told(telling[-MOST_CAUSES:]),
            every=_told(causes),
        )

    return [row(each) for each in referrals]


def _authorities(proposal: Proposal) -> set[str]:
    stays = {stay.unit.service.authority for stay in proposal.stays if stay.unit}
    return stays or {proposal.unit.service.authority}


def run_facet(session: Session, run: MatchRun, show: str, *, actor: Actor) -> Facet:
    """Return what the people in a run can be narrowed to, with true counts."""
    (facet,) = facets_of(session, _people(run, actor), {SHOW: ("Show", _conditions(session))}, {SHOW: show})
    return facet


def sound_choice(session: Session, show: str) -> str:
    """Return a choice of `run_facet`, the first one for anything else that an address may say."""
    return show if show in _conditions(session) else ""


def _people(run: MatchRun, actor: Actor) -> Select[Referral]:
    proposed = and_(Proposal.referral_id == Referral.id, Proposal.run_id == run.id)
    without = and_(UnmetNeed.referral_id == Referral.id, UnmetNeed.run_id == run.id)
    rows = visible_referrals(actor).outerjoin(Proposal, proposed).outerjoin(UnmetNeed, without)
    rows = rows.outerjoin(Unit, Unit.id == Proposal.unit_id).outerjoin(Service, Service.id == Unit.service_id)
    return rows.where(or_(Proposal.id.is_not(None), UnmetNeed.id.is_not(None)))


def _conditions(session: Session) -> Conditions:
    is_open, state = Referral.state.in_(OPEN), Proposal.state
    is_held = exists().where(
        PlaceHold.referral_id == Referral.id, PlaceHold.unit_id == Proposal.unit_id, PlaceHold.state == HoldState.HELD
    )
    outside = and_(Proposal.id.is_not(None), Service.authority.not_in(council_of(session).authorities))
    return {
        "": ("Everybody", true()),
        "decide": ("Needs a decision", and_(is_open, state.in_(UNDECIDED), ~is_held)),
        "held": ("Place held", and_(is_open, state.in_(UNDECIDED), is_held)),
        "out": ("Out of city", outside),
        "none": ("No place", Proposal.id.is_(None)),
        "done": ("Decided", or_(state.in_((ProposalState.ACCEPTED, ProposalState.REJECTED)), ~is_open)),
    }


def _proposals(session: Session, run: MatchRun, ids: Sequence[int]) -> dict[int, Proposal]:
    deep = (
        selectinload(Proposal.reasons),
        selectinload(Proposal.questions),
        selectinload(Proposal.stays).joinedload(ProposalStay.unit).joinedload(Unit.service),
        selectinload(Proposal.rivals).joinedload(ProposalRival.referral).joinedload(Referral.person),
        joinedload(Proposal.unit).joinedload(Unit.service),
    )
    rows = select(Proposal).where(Proposal.run_id == run.id, Proposal.referral_id.in_(ids))
    return {each.referral_id: each for each in session.scalars(rows.options(*deep))}


def _unmet(session: Session, run: MatchRun, ids: Sequence[int]) -> dict[int, UnmetNeed]:
    deep = (
        selectinload(UnmetNeed.causes),
        selectinload(UnmetNeed.changes),
        selectinload(UnmetNeed.nearest).joinedload(UnmetNearest.unit).joinedload(Unit.service),
    )
    rows = select(UnmetNeed).where(UnmetNeed.run_id == run.id, UnmetNeed.referral_id.in_(ids))
    return {each.referral_id: each for each in session.scalars(rows.options(*deep))}


def _shared_causes(session: Session, run: MatchRun) -> frozenset[tuple[str, int]]:
    """Return the causes that are the same for everybody without a place: they say nothing about any of them."""
    people = session.scalar(select(func.count()).where(UnmetNeed.run_id == run.id)) or 0
    rows = select(UnmetCause.rule, UnmetCause.units).join(UnmetNeed, UnmetNeed.id == UnmetCause.unmet_id)
    counted = rows.where(UnmetNeed.run_id == run.id).group_by(UnmetCause.rule, UnmetCause.units)
    same = session.execute(counted.having(func.count() == people)) if people >= SAME_FOR_ALL else ()
    return frozenset((rule, units) for rule, units in same)


def _told(causes: Sequence[UnmetCause]) -> tuple[str, ...]:
    return tuple(cause_sentence(cause.rule, cause.units) for cause in causes)


def swap_words(changes: Mapping[str, int]) -> list[str]:
    """Return what giving a place to somebody else would do to each objective, as the run weighed it."""
    told = [words(changes[slug]) for slug, words in TIERS.items() if changes.get(slug)]
    if others := changes.get("others", 0):
        told.append("takes " + ("another place" if others == 1 else f"{others} other places") + " away")
    return told or ["changes nothing that the run weighs"]


def _points(of_what: str) -> Callable[[int], str]:
    return lambda change: f"{amount(abs(change), 'point')} {'more' if change > 0 else 'less'} {of_what}"


TIERS: Mapping[str, Callable[[int], str]] = {
    "in_city": _points("need met in the city"),
    "placed": _points("need met anywhere"),
    "fit": _points("fit"),
    "cost": lambda change: f"£{abs(change):,} {'more' if change > 0 else 'less'} cost",
}
"""The objectives in words, in their order; the fixed lot is nothing to tell."""
