"""What holds for any location and any register: an import settles at once, and every location is accounted for."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from placement.domain.services import SERVICE_TYPE
from placement.market.imports import facts
from placement.market.imports.changes import differences
from placement.market.imports.cqc.combine import combine
from placement.market.imports.cqc.rows import OVERALL, Ages, CqcRating, Reading, Source
from placement.market.imports.cqc.terms import GROUPS
from placement.market.imports.matches import matches
from placement.market.imports.register import COLUMNS, Register, StoredService
from tests.builders import TODAY

from .registers import a_location

days = st.none() | st.dates(date(2020, 1, 1), date(2026, 12, 31))
qualities = st.none() | st.integers(0, 3)
types = st.lists(st.sampled_from(facts.MAIN_TYPES), unique=True).map(lambda slugs: tuple(sorted(slugs)))
ages = st.lists(
    st.sampled_from([Ages(youngest=0, below=18), Ages(youngest=18, below=65), Ages(youngest=65, below=None)])
)
ratings = st.builds(
    CqcRating,
    location_id=st.just("1-1000001"),
    service_group=st.sampled_from([group.slug for group in GROUPS.values()]),
    domain=st.just(OVERALL),
    quality=qualities,
    words=st.just(""),
    published_on=days,
    source=st.just(Source.RATINGS),
)
locations = st.builds(
    a_location,
    is_registered=st.none() | st.booleans(),
    deregistered_on=days,
    registered_on=days,
    beds=st.none() | st.integers(0, 10_000),
    service_types=types,
    ages=ages.map(tuple),
    ratings=st.lists(ratings, max_size=4).map(tuple),
)
registers = st.fixed_dictionaries(
    {
        "service_type": st.sampled_from(sorted(SERVICE_TYPE)),
        "quality": qualities,
        "rated_on": days,
        "cqc_beds": st.none() | st.integers(0, 50),
        "registered_on": days,
        "deregistered_on": days,
        "is_listed": st.booleans(),
    }
)


def wanted(location, stored):
    location = facts.as_of(location, TODAY)
    slug = facts.service_type(location, stored["service_type"])
    rated, _ = facts.rating(location, slug, stored)
    return facts.said(location, stored) | {"service_type": slug} | facts.registration(location, stored, TODAY) | rated


@given(locations, registers)
def test_what_was_just_imported_asks_for_nothing_more(location, stored):
    after = stored | wanted(location, stored)

    assert differences(after, wanted(location, after)) == ()


@given(locations)
def test_a_first_unit_can_be_stored(location):
    unit = facts.first_unit(location)

    if unit is not None and not facts.is_for_children_only(location):
        assert 0 < unit.capacity <= 2000
        assert 18 <= unit.min_age <= unit.max_age <= 150


ids = [f"1-100000{number}" for number in range(6)]
related = st.lists(st.sampled_from(ids), max_size=2).map(tuple)
files = st.dictionaries(st.sampled_from(ids), st.tuples(st.booleans(), related, related), min_size=1).map(
    lambda told: [
        a_location(key, is_registered=registered, predecessor_ids=before, successor_ids=after)
        for key, (registered, before, after) in told.items()
    ]
)


def a_register(stored, former):
    services = {
        key: StoredService(
            row_id=number,
            version=1,
            provider_row_id=1,
            values=dict.fromkeys(COLUMNS) | {"cqc_location_id": key, "former_ids": tuple(sorted(former.get(key, ())))},
        )
        for number, key in enumerate(stored, start=1)
    }
    owners = {old: services[key].row_id for key, olds in former.items() if key in services for old in olds}
    return Register(services=services, unregistered=(), providers={}, former=owners)


@given(files, st.lists(st.sampled_from(ids), unique=True, max_size=4))
def test_every_service_is_followed_once_and_every_id_has_one_owner(rows, stored):
    combined = combine(Reading(locations=tuple(rows)))
    register = a_register(stored, {})
    found = matches(register, combined)

    followed = [match.service.row_id for match in found if match.service]
    assert len(followed) == len(set(followed))
    assert len({match.location_id for match in found}) == len(found)
    owned = [old for match in found for old in match.former_ids] + [match.location_id for match in found]
    assert len(owned) == len(set(owned))
    untold = combined.locations.keys() - {match.location_id for match in found}
    assert untold <= combined.goes_on_as.keys()


@given(files, st.lists(st.sampled_from(ids), unique=True, max_size=4))
def test_following_the_same_files_again_moves_nothing(rows, stored):
    combined = combine(Reading(locations=tuple(rows)))
    first = matches(a_register(stored, {}), combined)
    after = {match.location_id: match.former_ids for match in first if match.service}
    untouched = [key for key in stored if key not in {m.service.location_id for m in first if m.service}]
    second = matches(a_register([*after, *untouched], after), combined)

    for match in second:
        if match.service and not match.merged_into:
            assert match.location_id == match.service.location_id
            assert match.former_ids == match.service.values["former_ids"]
