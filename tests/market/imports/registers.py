"""What the tests of importing share: a reading of few rows, an import in one call, and all that a database holds."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from placement.domain.people import SYSTEM
from placement.market.imports.apply import apply_import
from placement.market.imports.changes import ImportPlan, RegisterChange
from placement.market.imports.cqc.combine import combine
from placement.market.imports.cqc.rows import CqcLocation, Reading, Source
from placement.market.imports.plan import plan_import
from placement.market.imports.scope import MARKET, Scope
from placement.records.providers import Service
from placement.records.sessions import Store
from placement.records.tables import Base
from tests.builders import TODAY
from tests.conftest import NOW

HERE = {"postcode": "CV1 5RR", "local_authority": "Coventry", "address": ("1 High Street", "Coventry")}


def a_location(location_id: str = "1-1000001", **facts: Any) -> CqcLocation:
    """Return a registered care home in the city with ten beds."""
    given = {
        "name": f"House {location_id}",
        "provider_id": "1-2000001",
        "provider_name": "Some Company",
        "is_social_care": True,
        "is_registered": True,
        "beds": 10,
        "service_types": ("residential",),
        "specialisms": ("dementia",),
        "source": Source.API,
        "file": "some.csv",
        "row": 7,
    }
    return CqcLocation(location_id=location_id, **HERE | given | facts)


def planned(
    store: Store, gazetteer: Any, *rows: CqcLocation, scope: Scope = MARKET, on: date = TODAY, **others: Any
) -> ImportPlan:
    """Return the plan for some rows; nothing is written."""
    combined = combine(Reading(locations=rows, ratings=tuple(each for row in rows for each in row.ratings), **others))
    with store.reading() as session:
        return plan_import(session, combined, gazetteer, on=on, scope=scope)


def imported(store: Store, gazetteer: Any, *rows: CqcLocation, **others: Any) -> ImportPlan:
    """Import some rows and return the plan by which it was done."""
    plan = planned(store, gazetteer, *rows, **others)
    with store.writing() as session:
        apply_import(session, plan, by=SYSTEM, now=NOW)
    return plan


def service_changes(plan: ImportPlan) -> list[RegisterChange]:
    """Return what a plan does to services."""
    return [change for change in plan.changes if change.subject == "service"]


def the_service(session: Any, location_id: str) -> Service:
    """Return the service that is registered under an id now."""
    found: Service = session.scalars(select(Service).where(Service.cqc_location_id == location_id)).one()
    return found


def held(store: Store) -> dict[str, list[Any]]:
    """Return all that a database holds."""
    with store.reading() as session:
        return {
            table.name: sorted(map(tuple, session.execute(select(table))), key=repr)
            for table in Base.metadata.sorted_tables
        }
