"""What units say beyond yes: claims that the council has verified or that wait, “ask us” and “no”, hours, prices."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from placement.demo.supply import NOBODYS_NUMBER, Market, Stock
from placement.domain.claims import ClaimVerdict, Footing, Said
from placement.domain.contact_hours import ContactHours
from placement.domain.people import Actor
from placement.market.claims import rule_on_claim
from placement.market.profiles import profile_of, save_profile
from placement.market.services import set_contact_hours
from placement.records.providers import Service, Unit

VERIFIED = frozenset({"epilepsy_rescue", "pressure_care"})
CLAIMS_MORE = 6  # of so many units that offer one of these, one claims more
MORE_PENCE = 250_00  # a week, for whoever needs most
SEEN = "Training records and a named nurse of the community team were seen at a visit."
ANSWERS = (
    ({"complex_needs": Said.ASK, "substance_misuse": Said.NO}, "specialism"),
    ({"forensic_history": Said.NO, "bariatric": Said.ASK}, "environment"),
    ({"pets": Said.ASK, "smoking": Said.NO}, "home"),
)
"""What the units of the demo provider answer in turn to needs that they say nothing of otherwise, and on which page."""


def verify_claims(session: Session, market: Market, *, by: Actor, now: datetime) -> None:
    """The council has verified what units without nursing claim that is clinical."""
    for unit_id in sorted(market.stock):
        unit = session.get_one(Unit, unit_id)
        for slug in _waiting(unit):
            rule_on_claim(session, unit, slug, ClaimVerdict.VERIFIED, note=SEEN, seen=None, by=by, now=now)


def claim_more(session: Session, market: Market, *, now: datetime) -> None:
    """Some units claim a little more since this morning, which waits for the council."""
    with_claims = [each for each in market.stock.values() if VERIFIED & session.get_one(Unit, each.unit_id).offers]
    for stock in sorted(with_claims, key=lambda each: each.unit_id)[::CLAIMS_MORE]:
        _answer(session, stock, {"insulin": Said.YES}, "clinical", now)


def answer_ahead(session: Session, market: Market, provider_id: int, *, now: datetime) -> None:
    """One provider answers in advance, prices by the person, and says whom to ring at which hours."""
    own = [each for each in market.stock.values() if each.provider.provider_id == provider_id]
    for number, stock in enumerate(own):
        said, section = ANSWERS[number % len(ANSWERS)]
        _answer(session, stock, dict(said), section, now)
        _price(session, stock, now)
    for service_id in sorted({each.service_id for each in own}):
        service = session.get_one(Service, service_id)
        numbers = (f"{NOBODYS_NUMBER}{(service_id + more) % 1000:03}" for more in (500, 600))
        hours = [
            ContactHours(days="weekdays", start="08:00", until="20:00", role="Duty manager", telephone=next(numbers)),
            ContactHours(days="every", start="20:00", until="08:00", role="On call", telephone=next(numbers)),
        ]
        set_contact_hours(session, service, hours, by=own[0].provider, now=now)


def _answer(session: Session, stock: Stock, said: dict[str, Said], section: str, now: datetime) -> None:
    unit = session.get_one(Unit, stock.unit_id)
    profile = profile_of(unit)
    answered = replace(profile, said=said | dict(profile.said))
    save_profile(session, unit, answered, section=section, by=stock.provider, now=now)


def _price(session: Session, stock: Stock, now: datetime) -> None:
    unit = session.get_one(Unit, stock.unit_id)
    profile = profile_of(unit)
    rules = replace(profile.rules, weekly_most_pence=(profile.rules.weekly_pence or 0) + MORE_PENCE)
    save_profile(session, unit, replace(profile, rules=rules), section="price", by=stock.provider, now=now)


def _waiting(unit: Unit) -> list[str]:
    return [claim.slug for claim in unit.claims if claim.footing is Footing.WAITS]
