"""Whom to ask about a place, and choosing one that said yes: where the ranked list meets the requests to providers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.brokerage.anonymised import Anonymised, anonymised_referral
from placement.brokerage.deadlines import answer_due
from placement.brokerage.offers.ending import choose_offer
from placement.brokerage.offers.finding import offer
from placement.brokerage.offers.sending import Asking, send_offers
from placement.brokerage.placements import confirm
from placement.brokerage.reservations import Decision, require_searching
from placement.domain.clocks import deadline, today
from placement.domain.errors import NotFound
from placement.domain.kinds import KIND, WorkingDays
from placement.domain.people import Actor
from placement.domain.periods import Period
from placement.domain.states import OfferState
from placement.matching.waves.planning import Answers, Prior, prior_of, together, waves
from placement.planning.eligibility import PairJudgement
from placement.planning.shortlists import ListedMatch, accept
from placement.records.offers import Offer
from placement.records.placements import Placement
from placement.records.providers import Unit
from placement.records.referrals import Referral
from placement.records.settings import number


def later_at(referral: Referral, *, now: datetime) -> datetime:
    """Return when the second wave goes out: when about half of the first one's time is over."""
    clock = KIND[referral.kind].reply_within
    if isinstance(clock, WorkingDays):
        return deadline(now, WorkingDays(days=max(1, clock.days // 2)))
    return deadline(now, clock / 2)


def anonymised_need(referral: Referral, *, now: datetime) -> Anonymised:
    """Return what every provider that is asked will read."""
    start = max(today(now), referral.earliest_on or today(now))
    return anonymised_referral(referral, Period.lasting(start, referral.nights), day=today(now))


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Whom to ask now and whom later, with the chance that somebody says yes in time, from `answers` requests so far.

    `said` is how each unit has answered requests of this kind, by its id.
    """

    first: tuple[ListedMatch, ...]
    later: tuple[ListedMatch, ...]
    chance: float
    answers: int
    said: Mapping[int, Answers]


def suggested(session: Session, referral: Referral, listed: Sequence[ListedMatch], *, now: datetime) -> Suggestion:
    """Return the fewest to ask at once, in the order of the list, and the fewest more for later; in the city only.

    Few: so many that somebody says yes in time with the chance that an administrator has set.
    """
    inside = [each for each in listed if each.is_in_city]
    said = answers_so_far(session, referral.kind)
    until, later = _minutes(now, answer_due(referral, now)), _minutes(now, later_at(referral, now=now))
    prior = prior_of(said.values(), unknown=Prior(minutes=until))  # unknown: half of the time, twice counted
    ranked = [said.get(each.unit.id, Answers()) for each in inside]
    wanted = number(session, "chance_of_yes") / 100
    found = waves(ranked, until, wanted=wanted, second_after=later / until, prior=prior)
    return Suggestion(
        first=tuple(inside[number] for number in found.first),
        later=tuple(inside[number] for number in found.second),
        chance=found.chance,
        answers=sum(one.yes + one.no for one in said.values()),
        said=said,
    )


def answers_so_far(session: Session, kind: str) -> dict[int, Answers]:
    """Return how each unit has answered requests about referrals of a kind, by its id; one question."""
    rows = select(Offer.unit_id, Offer.state, Offer.sent_at, Offer.answered_at, Offer.reply_by).join(Offer.referral)
    asked = rows.where(Referral.kind == kind, Offer.sent_at.is_not(None)).order_by(Offer.id)
    found: dict[int, list[Answers]] = defaultdict(list)
    for unit, state, sent_at, answered_at, until in session.execute(asked):
        if sent_at is None:
            continue
        if state is OfferState.EXPIRED:
            found[unit].append(Answers(waited=(_minutes(sent_at, until),)))
        elif answered_at is not None:
            is_no = state is OfferState.DECLINED
            found[unit].append(Answers(yes=not is_no, no=is_no, took=(_minutes(sent_at, answered_at),)))
    return {unit: together(each) for unit, each in found.items()}


def _minutes(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds() / 60


def ask(
    session: Session,
    referral: Referral,
    matches: Sequence[ListedMatch],
    *,
    later: Sequence[ListedMatch] = (),
    later_at: datetime | None = None,
    by: Actor,
    now: datetime,
) -> list[Offer]:
    """Ask the providers of these matches, and those of `later` at that instant unless somebody has said yes by then.

    The list was made before the write began; a request promises nothing, so what has changed since only costs a no.
    Raises what `brokerage.offers.sending.send_offers` raises.
    """
    askings = [_asking(session, each, 1, now) for each in matches]
    askings += [_asking(session, each, 2, later_at or now) for each in later]
    return send_offers(session, referral, askings, reply_by=answer_due(referral, now), by=by, now=now)


def yes_of(session: Session, offer_id: int, referral: Referral, unit: Unit, *, actor: Actor) -> Offer:
    """Return the request about this referral to this unit. Raises NotFound for any other."""
    found = offer(session, offer_id, actor=actor)
    if (found.referral_id, found.unit_id) != (referral.id, unit.id):
        raise NotFound("There is no such request.")
    return found


def choose(
    session: Session,
    yes: Offer,
    decision: Decision,
    *,
    by: Actor,
    now: datetime,
    confirmed: Collection[str] | None = None,
    before: PairJudgement | None = None,
) -> Placement:
    """Reserve the place of a provider that has said yes, at its price, and thank the others.

    An offer with a price is the provider's word: its place is confirmed at once. One that is only interested is asked
    to confirm. Raises OutOfStep if the offer is no yes any more, and what `shortlists.accept` raises.
    """
    require_searching(session, yes.referral, by=by)
    has_offered = choose_offer(session, yes, by=by, now=now)
    placement = accept(session, yes.referral, yes.unit, decision, by=by, now=now, confirmed=confirmed, before=before)
    yes.placement = placement
    if has_offered:
        placement.weekly_pence = yes.weekly_pence
        confirm(session, placement, by=by, now=now)
    return placement


def _asking(session: Session, match: ListedMatch, wave: int, due_at: datetime) -> Asking:
    unit = session.get_one(Unit, match.unit.id)
    return Asking(unit=unit, rank=match.rank, start_on=match.start_on, end_on=match.end_on, wave=wave, due_at=due_at)
