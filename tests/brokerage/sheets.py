"""Options of a person and a sheet of them, with no market behind them: for tests of what is given and chosen."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from placement.brokerage.choices import OptionFacts, give_options
from placement.records.choices import OptionsSheet
from placement.records.providers import Unit
from placement.records.referrals import Referral
from tests.brokerage.worlds import BROKER
from tests.builders import a_referral, a_unit, night
from tests.conftest import NOW


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
