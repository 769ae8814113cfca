"""Plain builders: build only what matters to a test, and leave the rest plausible."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from typing import Any

import shapely
from shapely.geometry import mapping
from sqlalchemy.orm import Session

from placement.domain.features import Strength
from placement.domain.people import Gender
from placement.domain.sections import SECTIONS
from placement.domain.states import PlacementState, ReferralState
from placement.geography.ward_names import NEW_WARDS
from placement.geography.wards import WardSet
from placement.records.placements import Placement
from placement.records.providers import Provider, Service, Unit, UnitFeature
from placement.records.referrals import Person, Referral, ReferralNeed, ReferralSeries, ReferralStay
from placement.records.sections import AnsweredSection
from placement.records.vacancies import VacancyReport
from tests.conftest import NOW

_numbers = count(1)
TODAY = date(2026, 11, 23)
CITY = "E08000026"


def night(offset: int) -> date:
    """Return the date some nights from today."""
    return TODAY + timedelta(days=offset)


def a_provider(session: Session, **values: Any) -> Provider:
    return _added(session, Provider(**{"name": f"Provider {next(_numbers)}"} | values))


def a_service(session: Session, **values: Any) -> Service:
    values.setdefault("provider", a_provider(session) if "provider_id" not in values else None)
    if values["provider"] is None:
        del values["provider"]
    given = {
        "name": f"Service {next(_numbers)}",
        "service_type": "supported_living",
        "postcode": "CV1 5RR",
        "lat": 52.407,
        "lon": -1.508,
        "authority": CITY,
        "ward_code": "E05001228",
        "quality": 2,
    }
    return _added(session, Service(**given | values))


def a_unit(session: Session, *, accepting: int | None = 1, offers: tuple[str, ...] = (), **values: Any) -> Unit:
    """Return a unit that has reported `accepting` free places (None: it has never reported)."""
    given = {
        "name": f"Unit {next(_numbers)}",
        "capacity": max(accepting or 0, 1),
        "reply_hours": 1,
        "weekly_pence": 150000,
    }
    if "service" not in values:
        values["service"] = a_service(session)
    unit = Unit(**given | values)
    unit.features = [UnitFeature(slug=slug) for slug in offers]
    _added(session, unit)
    if accepting is not None:
        a_report(session, unit, maximum=unit.capacity, accepting=accepting)
    return unit


def a_report(session: Session, unit: Unit, **numbers: Any) -> VacancyReport:
    given = {
        "unit_id": unit.id,
        "reported_at": NOW,
        "reporter": "Somebody",
        "maximum": unit.capacity,
        "occupied": 0,
        "reserved": 0,
        "accepting": 0,
    }
    return _added(session, VacancyReport(**given | numbers))


def a_person(session: Session, **values: Any) -> Person:
    number = next(_numbers)
    given = {
        "case_number": f"C{number:05}",
        "name": f"Person {number}",
        "born_on": date(1980, 1, 1),
        "gender": Gender.WOMAN,
        "postcode": "CV1 5RR",
        "lat": 52.407,
        "lon": -1.508,
        "authority": CITY,
        "ward_code": "E05001228",
        "created_at": NOW,
    }
    return _added(session, Person(**given | values))


def a_referral(session: Session, *, essential: tuple[str, ...] = (), **values: Any) -> Referral:
    given = {
        "reference": f"R{next(_numbers):06}",
        "kind": "crisis",
        "state": ReferralState.SEARCHING,
        "earliest_on": TODAY,
        "latest_on": TODAY + timedelta(days=1),
        "nights": 14,
        "created_at": NOW,
        "submitted_at": NOW,
        "near_lat": 52.407,
        "near_lon": -1.508,
        "ward_code": "E05001228",
    }
    if "person" not in values:
        values["person"] = a_person(session)
    referral = Referral(**given | values)
    said = {"place": referral.near_postcode, "funding": referral.funding}
    referral.answered = [
        AnsweredSection(slug=section.slug, answered_at=NOW)
        for section in SECTIONS
        if said.get(section.slug, not section.is_optional)
    ]
    referral.needs = [ReferralNeed(slug=slug, strength=Strength.ESSENTIAL) for slug in essential]
    return _added(session, referral)


def a_series(
    session: Session, *starts: int, nights: int = 2, take: str = "most", wait: int = 0, **values: Any
) -> Referral:
    """Return a respite referral for stays that begin so many nights from today, or up to `wait` nights later."""
    windows = [{"earliest_on": night(start), "latest_on": night(start + wait), "nights": nights} for start in starts]
    referral = a_referral(session, kind="respite", is_recurring=True, **windows[0] | values)
    stays = [ReferralStay(number=number, **window) for number, window in enumerate(windows[1:], start=2)]
    referral.series = ReferralSeries(take=take, stays=stays)
    session.flush()
    return referral


def a_placement(session: Session, unit: Unit, *, start: int = 0, nights: int | None = 14, **values: Any) -> Placement:
    """Return a stay that begins `start` nights from today; `nights` None is open-ended."""
    person = values.pop("person", None) or a_person(session)
    referral = values.pop("referral", None) or a_referral(session, person=person)
    given = {
        "person": person,
        "referral": referral,
        "unit": unit,
        "state": PlacementState.CONFIRMED,
        "start_on": night(start),
        "end_on": None if nights is None else night(start + nights),
        "is_in_city": True,
        "created_at": NOW,
        "expires_at": NOW + timedelta(days=2),
    }
    return _added(session, Placement(**given | values))


def drawn(ward_set: WardSet = NEW_WARDS) -> WardSet:
    """Return a set with made-up outlines that cover the city: one strip a ward, from west to east."""
    wards = tuple(
        replace(ward, outline=shapely.box(-1.62 + place / 90, 52.35, -1.62 + (place + 1) / 90, 52.48))
        for place, ward in enumerate(ward_set.wards)
    )
    return replace(ward_set, wards=wards, is_approximate=False)


def a_ward_file(ward_set: WardSet | None = None, year: str = "26") -> bytes:
    """Return a set's wards as ONS publishes them."""
    features = [
        {
            "type": "Feature",
            "properties": {f"WD{year}CD": ward.code, f"WD{year}NM": ward.name, f"LAD{year}CD": CITY},
            "geometry": mapping(ward.outline),
        }
        for ward in (ward_set or drawn()).wards
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def _added(session: Session, row: Any) -> Any:
    session.add(row)
    session.flush()
    return row
