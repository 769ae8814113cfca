"""Asking providers about a place: sending, answering, choosing one and thanking the others.

Each step is one short write unit. Locks are taken in the order of `placements`: person, referral, unit, offer. A yes
is no placement: a broker chooses, and only then is a place reserved (`planning.asking`).
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session, selectinload

from placement.domain.clocks import today
from placement.domain.errors import Invalid, NotFound, OutOfStep
from placement.domain.people import SYSTEM, Actor, Role
from placement.domain.reasons import DECLINE
from placement.domain.states import ASKED, UNANSWERED, YESES, OfferState, ReferralState
from placement.records.events import record
from placement.records.lifecycles import move
from placement.records.messages import send_later
from placement.records.offers import Offer, OfferMessage
from placement.records.pages import START, Key, Page, PlaceInList, page_of
from placement.records.providers import Service, Unit
from placement.records.referrals import Decline, Person, Referral
from placement.records.tasks import ask_for, settle_task
from placement.records.telling import addresses_of_provider
from placement.records.users import User
from placement.records.visibility import one, visible_offers

CHASED_AFTER = 0.5  # of the time there is to answer
LINK_LASTS = timedelta(days=3)  # longer than a crisis has, and never beyond the time to answer by much
ENDED = {"thank": "offer_not_chosen", "withdraw": "offer_withdrawn"}
"""What the provider is written when a request ends by this verb."""
UNDER_WAY = (OfferState.LATER, *ASKED)
DEEP = (
    selectinload(Offer.referral).selectinload(Referral.person),
    selectinload(Offer.referral).selectinload(Referral.needs),
    selectinload(Offer.unit).selectinload(Unit.service).selectinload(Service.provider),
    selectinload(Offer.thread),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """One unit to be asked: its rank in the list that the broker saw, the nights, and when (wave 1: now)."""

    unit: Unit
    rank: int
    start_on: date
    end_on: date | None
    wave: int = 1
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a provider offers: pounds a week in pence, from when, and on which conditions."""

    weekly_pence: int | None = None
    start_on: date | None = None
    conditions: str = ""


def send_offers(
    session: Session, referral: Referral, askings: Sequence[Asking], *, reply_by: datetime, by: Actor, now: datetime
) -> list[Offer]:
    """Ask providers about a place, those of the first wave at once.

    Raises Invalid if nobody is chosen or the time to answer has passed, OutOfStep if the referral is not being searched
    for or a unit has been asked already.
    """
    if not askings:
        raise Invalid("Choose whom to ask.", field="units")
    if reply_by <= now:
        raise Invalid("Enter a time to answer by that is still to come.", field="reply_by")
    _lock_search(session, referral)
    known = set(session.scalars(_under_way(referral).with_only_columns(Offer.unit_id)))
    offers = []
    for asking in askings:
        if asking.unit.id in known:
            raise OutOfStep(f"{asking.unit.service.name} has been asked already.")
        due_at = asking.due_at or now
        offer = Offer(
            state=OfferState.LATER,
            referral=referral,
            unit=asking.unit,
            rank=asking.rank,
            wave=asking.wave,
            start_on=asking.start_on,
            end_on=asking.end_on,
            made_at=now,
            made_by_id=by.user_id,
            due_at=due_at,
            reply_by=max(reply_by, due_at + (reply_by - now)),
        )
        session.add(offer)
        if due_at <= now:
            _send(session, offer, by=by, now=now)
        offers.append(offer)
    at_once = sum(offer.state is OfferState.SENT for offer in offers)
    record(session, "providers_asked", referral, by=by, now=now, asked=at_once, later=len(offers) - at_once)
    settle_task(session, "nobody_left", referral, by=by, now=now)
    session.flush()
    return offers


def open_offer(session: Session, offer: Offer, *, by: Actor, now: datetime) -> None:
    """The provider has opened the request; one that was opened before stays as it is."""
    _lock(session, offer)
    if offer.state is OfferState.SENT:
        move(session, offer, "open", by=by, now=now)
        offer.opened_at = now


def show_interest(session: Session, offer: Offer, *, by: Actor, now: datetime) -> None:
    """The provider says that it would take the person; brokerage chooses."""
    _answer(session, offer, "be_interested", {}, by=by, now=now)


def make_offer(session: Session, offer: Offer, terms: Terms, *, by: Actor, now: datetime) -> None:
    """The provider offers a place at a price, from a day, on its conditions. Raises Invalid, naming the field."""
    if terms.weekly_pence is None or terms.weekly_pence <= 0:
        raise Invalid("Enter the price a week.", field="weekly_price")
    if terms.start_on is not None and terms.start_on < today(now):
        raise Invalid("Enter a first night that is not in the past.", field="start_on")
    start_on = terms.start_on or offer.start_on
    details = {"weekly_pence": terms.weekly_pence, "start": start_on.isoformat()}
    said = {"weekly_pence": terms.weekly_pence, "offered_start_on": start_on, "conditions": terms.conditions}
    _answer(session, offer, "make", said, by=by, now=now, **details)


def decline_offer(
    session: Session,
    offer: Offer,
    *,
    reason: str,
    needs: Collection[str] = (),
    note: str = "",
    by: Actor,
    now: datetime,
) -> None:
    """The provider says no: the pair is not proposed any more, and what it says of itself counts from now on.

    Raises Invalid, naming the field, for a reason that is not the provider's, and where the needs that it cannot meet
    are not named.
    """
    if reason not in DECLINE or not DECLINE[reason].is_providers:
        raise Invalid("Choose why you cannot take this person.", field="reason")
    asked = {need.slug for need in offer.referral.needs}
    named = sorted(asked & set(needs)) if reason == "cannot_meet_need" else []
    if reason == "cannot_meet_need" and asked and not named:
        raise Invalid("Choose what you cannot meet.", field="needs")
    details = {"reason": reason} | ({"needs": named} if named else {})
    _answer(session, offer, "decline", {"decline_reason": reason, "note": note}, by=by, now=now, **details)
    session.add(
        Decline(
            referral=offer.referral, unit=offer.unit, reason=reason, needs=" ".join(named), note=note,
            declined_by=by.name, declined_at=now,
        )
    )  # fmt: skip
    _look_whether_anybody_is_left(session, offer.referral, now=now)


def ask_question(session: Session, offer: Offer, words: str, *, by: Actor, now: datetime) -> None:
    """The provider needs to know more before it answers."""
    if not words:
        raise Invalid("Enter your question.", field="words")
    _lock(session, offer)
    if offer.state is not OfferState.ASKING:  # a second question before the first is answered joins it
        move(session, offer, "ask", by=by, now=now)
    session.add(OfferMessage(offer=offer, is_providers=True, author=by.name, words=words, said_at=now))
    ask_for(session, "answer_question", offer, due_at=offer.reply_by, by=SYSTEM, now=now)
    _write_to_broker(session, offer, now=now)
    _look_whether_there_is_a_yes(session, offer.referral, now=now)


def answer_question(session: Session, offer: Offer, words: str, *, by: Actor, now: datetime) -> None:
    """Brokerage answers; the provider can answer the request again."""
    if not words:
        raise Invalid("Enter your answer.", field="words")
    _lock(session, offer)
    move(session, offer, "be_told", by=by, now=now)
    session.add(OfferMessage(offer=offer, is_providers=False, author=by.name, words=words, said_at=now))
    settle_task(session, "answer_question", offer, by=by, now=now)
    _write_to_provider(session, offer, "question_answered", now=now, path=_link_path(offer, now))


def choose_offer(session: Session, offer: Offer, *, by: Actor, now: datetime) -> None:
    """Brokerage takes this yes. Raises OutOfStep if it is none any more; `planning.asking` reserves the place."""
    session.refresh(offer, with_for_update=True)
    move(session, offer, "choose", by=by, now=now)


def withdraw_offer(session: Session, offer: Offer, *, by: Actor, now: datetime) -> None:
    """Brokerage does not ask any more."""
    _lock(session, offer)
    _end(session, offer, "withdraw", by=by, now=now)
    _look_whether_anybody_is_left(session, offer.referral, now=now)


def end_offers(session: Session, referral: Referral, *, by: Actor, now: datetime, verb: str = "withdraw") -> None:
    """Nobody needs to answer any more. `verb` is what becomes of who was asked: `thank` where another was chosen."""
    rows = _under_way(referral).order_by(Offer.id).with_for_update()
    for offer in session.scalars(rows.execution_options(populate_existing=True)):
        _end(session, offer, verb if offer.state in ASKED else "withdraw", by=by, now=now)
    for kind in ("decide_offers", "nobody_left"):
        settle_task(session, kind, referral, by=by, now=now)


def send_due(session: Session, *, by: Actor, now: datetime) -> int:
    """Ask those whose wave has come, unless somebody has said yes meanwhile; return how many were asked."""
    rows = select(Offer).where(Offer.state == OfferState.LATER, Offer.due_at <= now).order_by(Offer.id)
    sent = 0
    for offer in session.scalars(rows.options(*DEEP).with_for_update(skip_locked=True)).all():
        if offer.referral.state is ReferralState.SEARCHING and not _has_a_yes(session, offer.referral_id):
            _send(session, offer, by=by, now=now)
            sent += 1
    return sent


def expire_offers(session: Session, *, by: Actor, now: datetime) -> int:
    """End every request that was not answered in time; return how many."""
    rows = select(Offer).where(Offer.state.in_(UNANSWERED), Offer.reply_by <= now).order_by(Offer.id)
    ended = session.scalars(rows.options(*DEEP).with_for_update(skip_locked=True)).all()
    for offer in ended:
        _end(session, offer, "expire", by=by, now=now)
    for referral in {offer.referral_id: offer.referral for offer in ended}.values():
        _look_whether_anybody_is_left(session, referral, now=now)
    return len(ended)


def chase_offers(session: Session, *, by: Actor, now: datetime) -> int:
    """Remind once whoever has not answered when half of the time is over; return how many."""
    rows = select(Offer).where(Offer.state.in_((OfferState.SENT, OfferState.VIEWED)), Offer.chased_at.is_(None))
    chased = 0
    for offer in session.scalars(rows.options(*DEEP).order_by(Offer.id).with_for_update(skip_locked=True)).all():
        if offer.sent_at is not None and now - offer.sent_at >= CHASED_AFTER * (offer.reply_by - offer.sent_at):
            offer.chased_at = now
            record(session, "offer_chased", offer, by=by, now=now)
            _write_to_provider(session, offer, "offer_chased", now=now, path=_link_path(offer, now))
            chased += 1
    return chased


def new_link(offer: Offer, *, now: datetime) -> str:
    """Return a secret that opens this request without an account, once; the one before opens nothing any more."""
    secret = secrets.token_urlsafe(32)
    offer.link_hash, offer.link_used_at = _hash(secret), None
    offer.link_until = min(offer.reply_by, now + LINK_LASTS) + timedelta(hours=1)
    return secret


def offer_of_link(session: Session, secret: str, *, now: datetime) -> Offer:
    """Return the request that a link opens. Raises NotFound for one that is used, over or never was."""
    found = session.scalars(select(Offer).where(Offer.link_hash == _hash(secret)).options(*DEEP)).one_or_none()
    if found is None or found.link_used_at is not None or found.link_until is None or found.link_until <= now:
        raise NotFound("This link has been used already, or its time is over.")
    return found


def use_link(session: Session, secret: str, *, now: datetime) -> Offer:
    """Open a request by its link, which opens nothing after that. Raises NotFound as `offer_of_link` does."""
    offer = offer_of_link(session, secret, now=now)
    _lock(session, offer)
    if offer.link_used_at is not None:
        raise NotFound("This link has been used already, or its time is over.")
    offer.link_used_at = now
    record(session, "link_opened", offer, by=link_actor(offer), now=now)
    open_offer(session, offer, by=link_actor(offer), now=now)
    return offer


def link_actor(offer: Offer) -> Actor:
    """Return who acts through a link: the provider, by nobody's account."""
    provider = offer.unit.service.provider
    return Actor(
        user_id=None, name=f"{provider.name} (by link)"[:120], role=Role.PROVIDER, provider_id=provider.id,
        council=offer.council,
    )  # fmt: skip


def offer(session: Session, offer_id: int, *, actor: Actor) -> Offer:
    """Return one request that an actor may see. Raises NotFound."""
    return one(session, visible_offers(actor).where(Offer.id == offer_id).options(*DEEP), "request")


def offer_by_id(session: Session, offer_id: int) -> Offer:
    """Return the request that a link has opened. Raises NotFound if there is none with this number."""
    return one(session, select(Offer).where(Offer.id == offer_id).options(*DEEP), "request")


def asked_beside(session: Session, offer: Offer) -> int:
    """Return how many others are asked, or have said yes, about the same referral."""
    rows = select(func.count()).where(
        Offer.referral_id == offer.referral_id, Offer.id != offer.id, Offer.state.in_(ASKED)
    )
    return session.scalar(rows) or 0


def offers_of(session: Session, referral: Referral) -> Sequence[Offer]:
    """Return everybody who was asked about a referral, those under way first, then as they were ranked."""
    rows = session.scalars(select(Offer).where(Offer.referral_id == referral.id).options(*DEEP)).all()
    return sorted(rows, key=lambda each: (each.state not in UNDER_WAY, each.wave, each.rank, each.id))


def first_yes(offers: Sequence[Offer]) -> Offer | None:
    """Return the yes that stands first: the best in the ranked list, for a broker to look at first."""
    return min((each for each in offers if each.state in YESES), key=lambda each: (each.rank, each.id), default=None)


def to_answer(session: Session, *, at: PlaceInList = START, actor: Actor) -> Page[Offer]:
    """Return a page of the requests that wait for a provider's answer, the most pressing first."""
    rows = visible_offers(actor).where(Offer.state.in_(UNANSWERED)).options(*DEEP)
    return page_of(session, rows, Key(column=Offer.reply_by), Key(column=Offer.id), at=at)


def _under_way(referral: Referral) -> Select[Offer]:
    return select(Offer).where(Offer.referral_id == referral.id, Offer.state.in_(UNDER_WAY))


def _send(session: Session, offer: Offer, *, by: Actor, now: datetime) -> None:
    offer.sent_at = now
    details = {"unit": offer.unit.id, "referral": offer.referral.id, "wave": offer.wave, "rank": offer.rank}
    move(session, offer, "send", by=by, now=now, reply_by=offer.reply_by.isoformat(), **details)
    session.flush()
    if not _write_to_provider(session, offer, "offer_sent", now=now, path=_link_path(offer, now)):
        ask_for(session, "ring", offer, due_at=now, by=SYSTEM, now=now)


def _link_path(offer: Offer, now: datetime) -> str:
    return f"/answer/link/{new_link(offer, now=now)}"


def _write_to_provider(session: Session, offer: Offer, kind: str, *, now: datetime, path: str = "") -> int:
    """Write to everybody who works for the provider; return to how many. Their to-do list tells the same."""
    addresses = addresses_of_provider(session, offer.unit.service.provider_id)
    for to in addresses:
        _write(session, offer, kind, to, now=now, path=path or f"/provider/offers/{offer.id}")
    return len(addresses)


def _write_to_broker(session: Session, offer: Offer, *, now: datetime) -> None:
    """Write to the broker who asked, if that is still somebody's account."""
    asked_by = session.get(User, offer.made_by_id) if offer.made_by_id else None
    if asked_by is not None and asked_by.is_active:
        _write(session, offer, "offer_answered", asked_by.email, now=now, path=f"/broker/offers/{offer.id}")


def _write(session: Session, offer: Offer, kind: str, to: str, *, now: datetime, path: str) -> None:
    send_later(
        session,
        kind,
        to=to,
        reference=offer.referral.reference or "",
        path=path,
        until=offer.reply_by,
        now=now,
        council=offer.council or offer.referral.council,
    )


def _answer(
    session: Session,
    offer: Offer,
    verb: str,
    said: Mapping[str, object],
    *,
    by: Actor,
    now: datetime,
    **details: object,
) -> None:
    """Move a request by an answer and keep what was said, by column."""
    _lock(session, offer)
    move(session, offer, verb, by=by, now=now, **details)
    for column, value in {**said, "answered_at": now, "answered_by": by.name}.items():
        setattr(offer, column, value)
    _settle_asked(session, offer, by=by, now=now)
    if by.role is Role.PROVIDER:
        _write_to_broker(session, offer, now=now)
    if offer.state in YESES:
        ask_for(session, "decide_offers", offer.referral, due_at=offer.referral.place_by or now, by=SYSTEM, now=now)


def _end(session: Session, offer: Offer, verb: str, *, by: Actor, now: datetime) -> None:
    move(session, offer, verb, by=by, now=now)
    offer.link_until = now if offer.link_until else None
    _settle_asked(session, offer, by=by, now=now)
    if offer.sent_at is not None and verb in ENDED:
        _write_to_provider(session, offer, ENDED[verb], now=now)


def _settle_asked(session: Session, offer: Offer, *, by: Actor, now: datetime) -> None:
    for kind in ("answer_question", "ring"):
        settle_task(session, kind, offer, by=by, now=now)


def _look_whether_anybody_is_left(session: Session, referral: Referral, *, now: datetime) -> None:
    """Tell brokerage when nobody who was asked can say yes any more."""
    _look_whether_there_is_a_yes(session, referral, now=now)
    left = session.scalar(select(func.count()).select_from(_under_way(referral).subquery()))
    if not left and referral.state is ReferralState.SEARCHING:
        ask_for(session, "nobody_left", referral, due_at=now, by=SYSTEM, now=now)


def _look_whether_there_is_a_yes(session: Session, referral: Referral, *, now: datetime) -> None:
    """Nobody is to choose among yeses where there is none any more."""
    session.flush()
    if not _has_a_yes(session, referral.id):
        settle_task(session, "decide_offers", referral, by=SYSTEM, now=now)


def _has_a_yes(session: Session, referral_id: int) -> bool:
    rows = exists().where(Offer.referral_id == referral_id, Offer.state.in_(YESES))
    return bool(session.scalar(select(rows)))


def _lock_search(session: Session, referral: Referral) -> None:
    session.execute(select(Person.id).where(Person.id == referral.person_id).with_for_update())
    session.refresh(referral, with_for_update=True)
    if referral.state is not ReferralState.SEARCHING:
        raise OutOfStep(f"{referral.reference} is {referral.state.label.lower()} now: nobody is asked.")


def _lock(session: Session, offer: Offer) -> None:
    """Take the referral's lock before the offer's, as every step does that looks at its other offers."""
    session.execute(select(Referral.id).where(Referral.id == offer.referral_id).with_for_update())
    session.refresh(offer, with_for_update=True)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
