from sqlalchemy import select

from placement.domain.claims import Footing
from placement.domain.people import SYSTEM
from placement.market.claims import claims_page, rulings_page
from placement.records.providers import Service, Unit, UnitFeature
from tests.demo.conftest import City


def test_some_claims_wait_most_are_verified_and_the_demo_provider_answers_ahead(city: City):
    with city.store.reading() as session:
        waiting = claims_page(session, actor=SYSTEM).total
        said = [each.unit.claims for each in session.scalars(select(UnitFeature).where(UnitFeature.said != "yes"))]
        footings = {claim.footing for claims in said for claim in claims}
        hours = session.scalars(select(Service)).all()
        banded = session.scalars(select(Unit).where(Unit.weekly_most_pence.is_not(None))).all()

        assert 3 <= waiting <= 12
        assert rulings_page(session).total > 30
        assert footings >= {Footing.OFFERED, Footing.ASK_FIRST, Footing.SAYS_NO}
        assert any(len(service.contact_hours) == 2 for service in hours)
        assert len(banded) >= 5
