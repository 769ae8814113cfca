"""What an import does with each kind of location, and what it leaves alone."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from placement.domain.errors import EditedMeanwhile
from placement.domain.features import Evidence
from placement.domain.people import SYSTEM
from placement.market.imports.apply import apply_import
from placement.market.imports.changes import CQC_FIELDS, Action, LeftOutReason
from placement.market.imports.cqc.rows import OVERALL, Ages, CqcRating, Source
from placement.market.imports.scope import EVERYWHERE, scope_of
from placement.records.events import AuditLine
from placement.records.placements import Placement
from placement.records.providers import FormerRegistration, Provider, Service, ServiceBand, Unit, UnitFeature
from tests.builders import a_placement, a_provider, a_service, a_unit
from tests.conftest import NOW

from .registers import a_location, held, imported, planned, service_changes, the_service

OLD, NEW, NEWEST = "1-1000001", "1-1000002", "1-1000003"
ENDED = {"is_registered": False, "deregistered_on": date(2026, 1, 31)}


def a_rating(quality, *, group=OVERALL, on=date(2026, 5, 1)):
    return CqcRating(
        location_id=OLD,
        service_group=group,
        domain=OVERALL,
        quality=quality,
        words="Good",
        published_on=on,
        source=Source.API,
    )


def test_a_new_home_has_everything_that_the_cqc_says(store, gazetteer):
    ages = (Ages(youngest=18, below=65),)
    imported(store, gazetteer, a_location(ages=ages, ratings=(a_rating(3),), registered_on=date(2020, 2, 3)))

    with store.reading() as session:
        service = the_service(session, OLD)
        assert (service.provider.name, service.provider.cqc_id) == ("Some Company", "1-2000001")
        assert (service.address, service.postcode, service.authority) == (
            "1 High Street, Coventry",
            "CV1 5RR",
            "E08000026",
        )
        assert service.lat == pytest.approx(52.4, abs=0.1)
        assert service.ward_code is not None
        assert (service.quality, service.rated_on) == (3, date(2026, 5, 1))
        assert (service.cqc_beds, service.registered_on, service.is_listed) == (10, date(2020, 2, 3), True)
        assert [band.slug for band in session.scalars(select(ServiceBand))] == ["dementia"]
        (unit,) = service.units
        assert (unit.name, unit.capacity, unit.min_age, unit.max_age) == ("All places", 10, 18, 64)
        assert [(offer.slug, offer.evidence) for offer in unit.features] == [("dementia", Evidence.CQC_BAND)]
        actions = {(line.subject, line.sentence) for line in session.scalars(select(AuditLine))}
    assert actions == {
        ("provider", "added a provider from the CQC"),
        ("service", "added a service from the CQC"),
        ("unit", "added a unit"),
    }


def test_the_same_again_plans_nothing(store, gazetteer):
    row = a_location(ratings=(a_rating(2),))
    imported(store, gazetteer, row)
    again = planned(store, gazetteer, row)

    assert (again.changes, again.unchanged) == ((), 1)


NO_PART = {
    LeftOutReason.OUTSIDE: {"postcode": "SW1A 1AA"},
    LeftOutReason.OTHER_SECTOR: {"is_social_care": False},
    LeftOutReason.NO_TYPE: {"service_types": (), "other_service_types": ("Dentist",)},
    LeftOutReason.CHILDREN: {"ages": (Ages(youngest=0, below=18),)},
    LeftOutReason.ENDED: ENDED,
}


def test_who_has_no_part_in_the_market_is_counted_with_a_reason(store, gazetteer):
    rows = [a_location(f"1-100000{number}", row=number, **facts) for number, facts in enumerate(NO_PART.values())]
    plan = planned(store, gazetteer, *rows)

    assert [(each.reason, each.file, each.row) for each in plan.left_out] == [
        (reason, "some.csv", number) for number, reason in enumerate(NO_PART)
    ]
    assert (plan.changes, plan.problems) == ((), ())


UNUSABLE = (
    ({"postcode": "CV1 0ZZ"}, "CV1 0ZZ is not in the postcode directory"),
    ({"postcode": "NONSENSE"}, "Not added: "),
    ({"postcode": ""}, "the file says Coventry"),
    ({"provider_id": "", "provider_name": ""}, "which provider"),
)


def test_what_cannot_be_used_is_reported_with_its_row_and_does_not_stop_the_rest(store, gazetteer):
    rows = [a_location(f"1-100001{number}", row=number, **facts) for number, (facts, _) in enumerate(UNUSABLE)]
    plan = imported(store, gazetteer, *rows, a_location(NEW))

    assert [(each.file, each.row, each.is_row_used) for each in plan.problems] == [
        ("some.csv", number, False) for number in range(len(UNUSABLE))
    ]
    assert all(words in each.reason for each, (_, words) in zip(plan.problems, UNUSABLE, strict=True))
    assert [change.cqc_id for change in service_changes(plan)] == [NEW]


def test_the_council_is_by_postcode_and_a_file_that_says_otherwise_gets_a_note(store, gazetteer):
    plan = imported(store, gazetteer, a_location(local_authority="Rugby"), a_location(NEW, local_authority=""))

    assert [(note.cqc_id, note.words) for note in plan.notes] == [
        (OLD, "The file says Rugby; by its postcode it is in Coventry")
    ]
    with store.reading() as session:
        assert the_service(session, OLD).authority == "E08000026"


def test_scope_limits_what_is_added_and_not_what_is_followed(store, gazetteer):
    imported(store, gazetteer, a_location())
    rows = (a_location(name="New Name"), a_location(NEW))

    assert [each.cqc_id for each in service_changes(planned(store, gazetteer, *rows, scope=scope_of(["rugby"])))] == [
        OLD
    ]
    assert len(service_changes(planned(store, gazetteer, *rows, scope=EVERYWHERE))) == 2


def test_a_re_registration_keeps_the_service_its_units_and_its_placements(store, gazetteer):
    with store.writing() as session:
        service = a_service(session, cqc_location_id=OLD, service_type="residential", name="As it was")
        unit = a_unit(session, service=service, offers=("autism",), weekly_pence=99_00)
        ids = service.id, unit.id, a_placement(session, unit).id
    chain = (
        a_location(OLD, successor_ids=(NEW,), **ENDED),
        a_location(NEW, successor_ids=(NEWEST,), **ENDED),
        a_location(NEWEST, provider_id="1-2000009", provider_name="Another Company"),
    )
    plan = imported(store, gazetteer, *chain)

    assert [(each.action, each.cqc_id) for each in service_changes(plan)] == [(Action.MOVED, NEWEST)]
    assert {each.reason for each in plan.left_out} == {LeftOutReason.EARLIER}
    with store.reading() as session:
        service = the_service(session, NEWEST)
        stay = session.scalars(select(Placement)).one()
        assert (service.id, service.units[0].id, stay.id, stay.unit_id) == (*ids, ids[1])
        assert (service.is_listed, service.provider.name) == (True, "Another Company")
        former = session.scalars(select(FormerRegistration).order_by(FormerRegistration.cqc_location_id)).all()
        assert [(each.cqc_location_id, each.service_id) for each in former] == [(OLD, ids[0]), (NEW, ids[0])]
        assert [(offer.slug, offer.evidence) for offer in session.scalars(select(UnitFeature))] == [
            ("autism", Evidence.DECLARED)
        ]
    assert planned(store, gazetteer, *chain).changes == ()
    assert planned(store, gazetteer, a_location(OLD)).changes == ()  # a directory that still has the old id


def test_a_successor_that_no_file_holds_is_followed_by_its_id_alone(store, gazetteer):
    imported(store, gazetteer, a_location())
    gone = a_location(successor_ids=(NEW,), **ENDED)
    plan = imported(store, gazetteer, gone)

    assert [note.cqc_id for note in plan.notes] == [NEW]
    with store.reading() as session:
        assert the_service(session, NEW).is_listed
    assert planned(store, gazetteer, gone).changes == ()


def test_two_services_that_go_on_as_one_stay_two_and_a_person_is_told(store, gazetteer):
    imported(store, gazetteer, a_location(OLD), a_location(NEW))
    rows = a_location(OLD, successor_ids=(NEW,), **ENDED), a_location(NEW)
    plan = imported(store, gazetteer, *rows)

    assert [(each.cqc_id, each.action) for each in service_changes(plan)] == [(OLD, Action.DEREGISTERED)]
    assert "join the two by hand" in plan.notes[0].words
    assert planned(store, gazetteer, *rows).changes == ()


def test_a_deregistered_service_is_unlisted_once_and_never_deleted(store, gazetteer):
    imported(store, gazetteer, a_location())
    plan = imported(store, gazetteer, a_location(**ENDED))
    assert [each.action for each in service_changes(plan)] == [Action.DEREGISTERED]

    with store.writing() as session:
        service = the_service(session, OLD)
        assert (service.is_listed, service.deregistered_on) == (False, date(2026, 1, 31))
        service.is_listed = True  # somebody knows better
    assert planned(store, gazetteer, a_location(**ENDED)).changes == ()


def test_a_service_that_is_registered_again_is_listed_again_but_not_one_that_a_person_unlisted(store, gazetteer):
    imported(store, gazetteer, a_location(OLD), a_location(NEW))
    imported(store, gazetteer, a_location(OLD, **ENDED))
    with store.writing() as session:
        the_service(session, NEW).is_listed = False
    imported(store, gazetteer, a_location(OLD), a_location(NEW))

    with store.reading() as session:
        assert [the_service(session, each).is_listed for each in (OLD, NEW)] == [True, False]


def test_a_location_that_is_not_rated_takes_the_rating_of_its_service(store, gazetteer):
    ratings = (
        a_rating(None),
        a_rating(1, group="homecare"),
        a_rating(3, group="care_homes"),
    )
    imported(store, gazetteer, a_location(service_types=("homecare", "residential"), ratings=ratings))

    with store.reading() as session:
        service = the_service(session, OLD)
        assert (service.service_type, service.quality) == ("residential", 3)


def test_no_rating_and_an_older_rating_leave_the_one_that_is_stored(store, gazetteer):
    imported(store, gazetteer, a_location(ratings=(a_rating(2),)))
    assert planned(store, gazetteer, a_location(ratings=())).changes == ()
    for published_on in (date(2020, 1, 1), None):
        plan = planned(store, gazetteer, a_location(ratings=(a_rating(0, on=published_on),)))

        assert plan.changes == ()
        assert "Good of 2026-05-01 is kept" in plan.notes[0].words


def test_what_the_council_and_the_provider_added_stays(store, gazetteer):
    imported(store, gazetteer, a_location())
    with store.writing() as session:
        service = the_service(session, OLD)
        service.service_type = "respite_unit"
        service.units[0].capacity, service.units[0].weekly_pence, service.units[0].min_age = 8, 150_000, 30
        service.units[0].features = [UnitFeature(slug="hoist", evidence=Evidence.VERIFIED)]
        a_unit(session, service=service, name="The flat", offers=("pbs",))
    before = held(store)
    imported(store, gazetteer, a_location(name="New Name", beds=44, specialisms=("autism",)))
    after = held(store)

    for table in ("unit", "unit_feature", "vacancy_report", "placement"):
        assert after[table] == before[table]
    with store.reading() as session:
        service = the_service(session, OLD)
        assert (service.name, service.service_type, service.cqc_beds) == ("New Name", "respite_unit", 44)
        assert [band.slug for band in session.scalars(select(ServiceBand))] == ["autism"]


def test_a_type_that_the_location_is_no_longer_registered_for_is_replaced(store, gazetteer):
    imported(store, gazetteer, a_location())
    imported(store, gazetteer, a_location(service_types=("nursing",)))

    with store.reading() as session:
        assert the_service(session, OLD).service_type == "nursing"


def test_a_service_and_a_provider_that_somebody_added_without_ids_are_recognised(store, gazetteer):
    with store.writing() as session:
        owner = a_provider(session, name="Company, some")
        a_service(session, provider=owner, name="house 1-1000001", postcode="CV1 5RR", service_type="residential")
    plan = imported(store, gazetteer, a_location())

    assert {change.action for change in plan.changes} == {Action.UPDATED}
    with store.reading() as session:
        assert the_service(session, OLD).provider.id == owner.id
        assert session.get_one(Provider, owner.id).name == "Some Company"
        assert [each.units for each in session.scalars(select(Service))] == [[]]


def test_a_service_that_moves_house_is_located_anew_unless_nobody_knows_where(store, gazetteer):
    imported(store, gazetteer, a_location(OLD), a_location(NEW))
    moved = a_location(OLD, postcode="CV1 2FH", address=("2 Low Road",)), a_location(NEW, postcode="CV1 0ZZ", beds=3)
    plan = imported(store, gazetteer, *moved)

    assert [(each.is_row_used, each.reason[:20]) for each in plan.problems] == [(True, "Left where it was: C")]
    with store.reading() as session:
        assert (the_service(session, OLD).postcode, the_service(session, OLD).address) == ("CV1 2FH", "2 Low Road")
        assert (the_service(session, NEW).postcode, the_service(session, NEW).cqc_beds) == ("CV1 5RR", 3)


def test_a_plan_that_the_register_has_left_behind_is_refused_and_nothing_is_written(store, gazetteer):
    imported(store, gazetteer, a_location())
    plan = planned(store, gazetteer, a_location(name="New Name"), a_location(NEW))
    with store.writing() as session:
        the_service(session, OLD).quality = 1
    before = held(store)

    with pytest.raises(EditedMeanwhile), store.writing() as session:
        apply_import(session, plan, by=SYSTEM, now=NOW)
    assert held(store) == before


def test_what_another_import_added_first_is_not_added_twice(store, gazetteer):
    plan = planned(store, gazetteer, a_location())
    imported(store, gazetteer, a_location())

    with pytest.raises(EditedMeanwhile), store.writing() as session:
        apply_import(session, plan, by=SYSTEM, now=NOW)


def test_batches_do_together_what_the_plan_does_at_once(store, gazetteer):
    rows = [a_location(f"1-10000{number:02}") for number in range(12)]
    plan = planned(store, gazetteer, *rows)
    for batch in plan.batches(5):
        with store.writing() as session:
            apply_import(session, batch, by=SYSTEM, now=NOW)

    assert planned(store, gazetteer, *rows).changes == ()
    with store.reading() as session:
        assert len(session.scalars(select(Unit)).all()) == 12


def test_names_that_are_longer_than_the_columns_are_cut(store, gazetteer):
    long = a_location(name="n" * 500, provider_name="p" * 500, address=("a" * 290, "b" * 290))
    imported(store, gazetteer, long)

    assert planned(store, gazetteer, long).changes == ()


def test_beds_beyond_belief_make_no_unit(store, gazetteer):
    plan = imported(store, gazetteer, a_location(beds=999_999))

    assert [each.is_row_used for each in plan.problems] == [True]
    with store.reading() as session:
        assert session.scalars(select(Unit)).all() == []


def test_the_table_of_the_cqcs_fields_names_columns_or_rows_of_their_own():
    columns = set(Service.__table__.columns.keys())

    assert set(CQC_FIELDS) - columns == {"provider", "bands", "former_ids"}
    assert replace(a_location(), file="", row=0) == a_location()
