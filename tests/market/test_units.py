from datetime import date

import pytest

from placement.domain.claims import Said
from placement.domain.errors import Invalid, NotFound
from placement.domain.features import FEATURES, Evidence
from placement.domain.kinds import KINDS
from placement.domain.limits import MOST_PLACES
from placement.domain.people import Actor, Role
from placement.domain.services import SERVICE_TYPES
from placement.domain.states import Status
from placement.market import services
from placement.market.accepting import AcceptRules
from placement.market.pools import add_shared_cap
from placement.market.units import add_unit, edit_unit
from placement.records.events import AuditLine
from placement.records.standings import standings_on
from tests.brokerage.worlds import BROKER, RUGBY, a_location, story
from tests.builders import TODAY, a_provider, a_service, a_unit, night
from tests.conftest import NOW

DOING = {"by": BROKER, "now": NOW}
EVERYTHING = [feature.slug for feature in FEATURES]


def added(session, service, name="Wing", capacity=3, offers=(), **rules):
    return add_unit(
        session,
        service,
        name=name,
        capacity=capacity,
        rules=AcceptRules(**rules),
        said=dict.fromkeys(offers, Said.YES),
        **DOING,
    )


def edited(session, unit, offers=(), name=None, **rules):
    edit_unit(session, unit, rules=AcceptRules(**rules), said=dict.fromkeys(offers, Said.YES), name=name, **DOING)


def test_a_unit_is_kept_as_it_was_described(session):
    rules = {"kinds": ["respite", "crisis"], "min_age": 18, "max_age": 64, "gender": "same", "gender_now": "men"}
    rules |= {"support_prices": {"one_to_one": 240_000, "night": 150_000}}
    rules |= {"weekly_pence": 100, "reply_hours": 0, "emergencies_until": "20:00", "crisis_places": 0}
    unit = added(session, a_service(session), capacity=0, offers=[*EVERYTHING, "pbs"], **rules)

    assert (unit.kinds, unit.gender_now, unit.emergencies_until, unit.capacity) == ("crisis respite", "men", "20:00", 0)
    assert sorted(offer.slug for offer in unit.features) == sorted(EVERYTHING)
    assert {(offer.evidence, offer.evidence_on) for offer in unit.features} == {(Evidence.DECLARED, TODAY)}
    assert unit.crisis_places == 0
    assert [unit.price_for(level) for level in ("one_to_one", "night", "shared", None)] == [240_000, 150_000, 100, 100]
    assert story(session, unit) == ["added a unit"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"capacity": -1}, "capacity"),
        ({"capacity": MOST_PLACES + 1}, "capacity"),
        ({"name": ""}, "name"),
        ({"name": "Taken"}, "name"),
        ({"offers": ["helipad"]}, "offers"),
        ({"kinds": ["holiday"]}, "kinds"),
        ({"gender": "both"}, "gender"),
        ({"min_age": 65, "max_age": 64}, "max_age"),
        ({"max_age": 151}, "max_age"),
        ({"min_age": -1}, "max_age"),
        ({"weekly_pence": 0}, "weekly"),
        ({"gender": "same", "gender_now": "woman"}, "gender_now"),
        ({"emergencies_until": "24:00"}, "emergencies_until"),
        ({"emergencies_until": "8pm"}, "emergencies_until"),
        ({"crisis_places": -1}, "crisis_places"),
        ({"crisis_places": MOST_PLACES + 1}, "crisis_places"),
        ({"crisis_places": 0, "kinds": ["crisis", "move_on"]}, "crisis_places"),
        ({"reply_hours": 721}, "reply_hours"),
        ({"reply_hours": -1}, "reply_hours"),
    ],
)
def test_a_unit_that_cannot_be_is_refused_at_its_own_question(session, values, field):
    service = a_service(session)
    added(session, service, name="Taken")
    with pytest.raises(Invalid) as refusal:
        added(session, service, **values)

    assert refusal.value.field == field


def test_another_service_may_use_the_same_name(session):
    assert added(session, a_service(session)).name == added(session, a_service(session)).name


def test_an_edit_keeps_the_evidence_that_somebody_else_gave(session):
    unit = a_unit(session, offers=("pbs", "hoist"))
    verified = next(offer for offer in unit.features if offer.slug == "pbs")
    verified.evidence, verified.evidence_on = Evidence.VERIFIED, date(2026, 1, 1)
    edited(session, unit, offers=["pbs", "autism"])
    session.flush()
    session.expire(unit)

    assert {offer.slug: offer.evidence for offer in unit.features} == {
        "pbs": Evidence.VERIFIED,
        "autism": Evidence.DECLARED,
    }


def test_a_unit_for_anyone_forgets_who_lives_there_now(session):
    unit = a_unit(session)
    edited(session, unit, gender="same", gender_now="women")
    assert unit.gender_now == "women"
    edited(session, unit, gender="any", gender_now="women")

    assert unit.gender_now is None


def test_a_change_of_offers_alone_counts_as_a_change_of_the_unit(session):
    unit = a_unit(session, offers=("pbs",))
    seen = unit.version
    edited(session, unit, offers=["hoist"])
    session.flush()
    assert unit.version > seen


def test_a_unit_can_be_renamed_to_a_free_name_only(session):
    unit = a_unit(session)
    other = a_unit(session, service=unit.service)
    edited(session, unit, name=unit.name)
    with pytest.raises(Invalid) as refusal:
        edited(session, unit, name=other.name)
    assert refusal.value.field == "name"
    edited(session, unit, name="Garden wing")

    assert unit.name == "Garden wing"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.slug)
def test_every_kind_of_the_table_can_be_taken(session, kind):
    assert added(session, a_service(session), kinds=[kind.slug]).kinds == kind.slug


# Services and providers


def a_place(session, **values):
    given = {"name": " Elm House ", "service_type": "residential", "at": a_location()}
    return services.add_service(session, a_provider(session), **given | values, **DOING)


def test_a_service_knows_where_it_is(session):
    inside, outside = a_place(session), a_place(session, at=a_location("CV21 2AA", authority=RUGBY))

    assert (inside.name, inside.postcode, inside.ward_code) == ("Elm House", "CV1 5RR", a_location().ward.code)
    assert (outside.authority, outside.ward_code) == (RUGBY, None)
    assert story(session, inside) == ["added a service"]


def test_a_service_is_of_one_of_the_types(session):
    for row in SERVICE_TYPES:
        a_place(session, service_type=row.slug)
    with pytest.raises(Invalid) as refusal:
        a_place(session, service_type="castle")
    assert refusal.value.field == "service_type"


def test_units_of_two_services_or_of_none_share_nothing(session):
    unit, foreign = a_unit(session), a_unit(session)
    for units in ([], [unit, foreign]):
        with pytest.raises(Invalid):
            add_shared_cap(session, units, name="Staff", places=1, **DOING)

    cap = add_shared_cap(session, [unit], name="Staff", places=1, **DOING)
    assert (cap.service_id, story(session, cap)) == (unit.service_id, ["added a shared cap"])


def test_a_standing_holds_from_its_first_day_until_its_end(session):
    provider = a_provider(session)
    for end_on in (night(5), night(4)):
        with pytest.raises(Invalid) as refusal:
            services.set_standing(
                session, provider, Status.PAUSED, start_on=night(5), end_on=end_on, reason="x", **DOING
            )
        assert refusal.value.field == "end_on"
    services.set_standing(session, provider, Status.PAUSED, start_on=night(5), end_on=night(7), reason="x", **DOING)
    services.set_standing(session, provider, Status.CAUTION, start_on=night(6), reason="x", **DOING)

    standings = [standings_on(session, night(n)).get(provider.id) for n in (4, 5, 6, 7)]
    assert [standing and standing.status for standing in standings] == [
        None,
        Status.PAUSED,
        Status.PAUSED,
        Status.CAUTION,
    ]


@pytest.mark.parametrize("role", list(Role))
def test_a_provider_sees_its_own_services_and_units_and_the_council_sees_all(session, role):
    own, foreign = a_unit(session), a_unit(session)
    provider_id = own.service.provider_id if role is Role.PROVIDER else None
    actor = Actor(user_id=None, name="Somebody", role=role, provider_id=provider_id)
    seen = [own.service] if role is Role.PROVIDER else [own.service, foreign.service]

    assert list(services.services(session, actor=actor)) == sorted(seen, key=lambda each: (each.name, each.id))
    assert services.unit(session, own.id, actor=actor) is own
    assert services.service(session, own.service_id, actor=actor) is own.service
    if role is Role.PROVIDER:
        for missing in (foreign.id, foreign.id + 1):
            with pytest.raises(NotFound, match=r"^There is no such unit\.$"):
                services.unit(session, missing, actor=actor)
        with pytest.raises(NotFound):
            services.service(session, foreign.service_id, actor=actor)


def test_an_edit_stands_in_the_trail_with_what_was_and_what_is(session):
    unit = added(session, a_service(session), offers=("pbs",), min_age=18, weekly_pence=90_000)
    session.flush()
    edited(session, unit, name="East wing", offers=("autism", "pbs"), min_age=21, weekly_pence=95_000)
    line = session.query(AuditLine).filter_by(event="unit_edited").one()

    assert line.details == {
        "before": ["pbs"],
        "offers": ["autism", "pbs"],
        "changes": {"name": "changed", "min_age": [18, 21], "weekly_pence": [90_000, 95_000]},
    }
