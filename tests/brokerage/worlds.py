"""Who acts, where somebody lives, and what was done: for tests of what brokers and providers do."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from placement.brokerage.choices import OptionFacts, give_options
from placement.domain.councils import COVENTRY
from placement.domain.people import SYSTEM, Actor, Role
from placement.geography.distances import Point
from placement.geography.gazetteer import Located
from placement.geography.ward_names import NEW_WARDS
from placement.records.base import Base
from placement.records.choices import OptionsSheet
from placement.records.events import timeline
from placement.records.providers import Unit
from placement.records.referrals import Referral
from tests.builders import a_referral, a_unit, night
from tests.conftest import NOW

BROKER = Actor(user_id=None, name="Bo Broker", role=Role.BROKER)
RUGBY = "E07000220"


def a_location(
    postcode: str = "CV1 5RR", *, authority: str = COVENTRY.code, lat: float = 52.407, lon: float = -1.508
) -> Located:
    """Return where a postcode is, without a directory; the ward is the first one of the set where it is in the city."""
    in_city = authority == COVENTRY.code
    return Located(
        postcode=postcode,
        point=Point(lat=lat, lon=lon),
        authority=authority,
        authority_name="",
        in_city=in_city,
        lsoa=None,
        ward=NEW_WARDS.wards[0] if in_city else None,
        ward_set=NEW_WARDS,
        locality=None,
    )


def an_option(unit: Unit, **values: Any) -> OptionFacts:
    """Return a place that is available and within the budget, unless something else is said."""
    given = {
        "unit_id": unit.id, "offer_id": None, "basis": "by_numbers", "service_name": unit.service.name,
        "unit_name": unit.name, "provider_name": unit.service.provider.name, "kind_of_service": "Supported living",
        "address": "", "postcode": "CV1 5RR", "is_in_city": True, "miles": 1.5, "weekly_pence": 150_000,
        "top_up_pence": 0, "start_on": night(0), "end_on": night(14), "rating": "Good", "rated_on": None,
        "conditions": "", "meets": ("Dementia",), "lacks": (), "is_available": True, "is_affordable": True,
        "why_not": (),
    }  # fmt: skip
    return OptionFacts(**given | values)


def a_given_sheet(
    session: Session, *options: OptionFacts, referral: Referral | None = None, **values: Any
) -> OptionsSheet:
    """Give a sheet of these places, or of one that is available and within the budget."""
    referral = referral or a_referral(session, budget_weekly_pence=150_000, near_who="her mother")
    places = options or (an_option(a_unit(session)),)
    doing = {"by": BROKER, "now": NOW} | values
    return give_options(session, referral, places, **doing)


def story(session: Session, row: Base) -> list[str]:
    """Return what the audit trail says was done to a row, oldest first."""
    session.flush()
    return [line.sentence for line in reversed(timeline(session, row, actor=SYSTEM))]
