from datetime import date
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placement.domain.features import FEATURE
from placement.domain.services import SERVICE_TYPE
from placement.market.imports.cqc.combine import combine, re_registrations
from placement.market.imports.cqc.judgement import judgement_for
from placement.market.imports.cqc.rows import OVERALL, CqcLocation, CqcProvider, CqcRating, Reading, Source
from placement.market.imports.cqc.terms import BANDS, GROUPS, SERVICE_TYPES

OLD, NEW = date(2025, 1, 1), date(2026, 10, 1)


def a_location(location_id="1-1", *, source=Source.API, vintage=NEW, **facts):
    return CqcLocation(location_id=location_id, source=source, vintage=vintage, **{"name": "Elm House", **facts})


def a_rating(quality=2, *, group=OVERALL, domain=OVERALL, words="Good", source=Source.RATINGS, vintage=NEW, **facts):
    return CqcRating(
        **{"location_id": "1-1", "published_on": date(2026, 1, 1), **facts},
        service_group=group,
        domain=domain,
        quality=quality,
        words=words,
        source=source,
        vintage=vintage,
    )


def combined(*rows, ratings=(), providers=()):
    return combine(Reading(locations=rows, ratings=tuple(ratings), providers=tuple(providers)))


def test_the_newer_file_is_believed_even_against_the_api():
    older, newer = a_location(beds=10, vintage=OLD), a_location(beds=12, source=Source.WIDE_DIRECTORY)

    assert combined(older, newer).locations["1-1"].beds == 12


def test_of_one_date_the_api_is_believed():
    assert combined(a_location(beds=10), a_location(beds=12, source=Source.HSCA_LOCATIONS)).locations["1-1"].beds == 10


def test_what_the_best_file_does_not_say_comes_from_the_next_and_no_and_nought_say_something():
    best = a_location(beds=0, is_dormant=False, is_care_home=None)
    rest = a_location(beds=9, is_dormant=True, is_care_home=True, source=Source.WIDE_DIRECTORY)
    found = combined(best, rest).locations["1-1"]

    assert (found.beds, found.is_dormant, found.is_care_home) == (0, False, True)


def test_a_location_registered_again_loses_its_old_end():
    gone = a_location(is_registered=False, deregistered_on=OLD, vintage=OLD)
    back = a_location(is_registered=True, source=Source.WIDE_DIRECTORY)

    assert combined(gone, back).locations["1-1"].deregistered_on is None


def test_a_providers_name_and_an_address_never_come_from_another_provider_or_postcode():
    best = a_location(provider_id="1-20", postcode="CV1 5RR")
    rest = a_location(
        provider_id="1-30", provider_name="Former Ltd", postcode="CV2 1AA", address=("Old Road",), vintage=OLD
    )
    found = combined(best, rest).locations["1-1"]

    assert (found.provider_name, found.address) == ("", ())


def test_a_providers_own_answer_names_it():
    provider = CqcProvider(provider_id="1-20", name="Acme Ltd", source=Source.API)

    assert combined(a_location(provider_id="1-20"), providers=[provider]).locations["1-1"].provider_name == "Acme Ltd"


def test_two_rows_of_one_file_are_put_together_and_an_older_files_bands_are_not():
    rows = (
        a_location(specialisms=("dementia",)),
        a_location(specialisms=("autism",)),
        a_location(specialisms=("eating_disorder",), vintage=OLD),
    )
    assert combined(*rows).locations["1-1"].specialisms == ("autism", "dementia")


def test_the_order_of_rows_never_matters():
    rows = (
        a_location(beds=1, name="A", specialisms=("dementia",)),
        a_location(beds=2, name="B", specialisms=("autism",)),
        a_location(beds=3, source=Source.WIDE_DIRECTORY, provider_id="1-30"),
        a_location(vintage=OLD, provider_id="1-20", provider_name="Acme"),
    )
    ratings = (a_rating(2), a_rating(1), a_rating(3, vintage=OLD))
    results = [combined(*each, ratings=reversed(ratings)) for each in permutations(rows)]

    assert all(each == results[0] for each in results)
    assert results[0] == combined(*rows, ratings=ratings)


def test_the_newest_file_decides_a_groups_ratings_and_withdrawn_domains_go():
    ratings = [a_rating(3, vintage=OLD), a_rating(3, domain="safe", vintage=OLD), a_rating(1)]
    found = combined(a_location(), ratings=ratings).locations["1-1"].ratings

    assert [(each.domain, each.quality) for each in found] == [(OVERALL, 1)]


def test_of_one_date_the_rating_published_last_counts():
    ratings = [
        a_rating(3, published_on=date(2026, 5, 1)),
        a_rating(1, published_on=date(2024, 5, 1), source=Source.API),
    ]

    assert combined(a_location(), ratings=ratings).locations["1-1"].ratings[0].quality == 3


def moved(*rows):
    return re_registrations({each.location_id: each for each in rows})


def gone(location_id, **facts):
    return a_location(location_id, is_registered=False, **facts)


def open_(location_id, **facts):
    return a_location(location_id, is_registered=True, **facts)


def test_a_chain_of_re_registrations_leads_to_its_end():
    rows = (gone("1-1", successor_ids=("1-2",)), gone("1-2"), open_("1-3", predecessor_ids=("1-2",)))

    assert moved(*rows) == {"1-1": "1-3", "1-2": "1-3"}


def test_an_id_that_no_file_has_any_more_still_leads_on():
    assert moved(open_("1-3", predecessor_ids=("1-0",))) == {"1-0": "1-3"}


def test_a_location_that_is_still_registered_is_not_given_up():
    assert moved(open_("1-1", successor_ids=("1-2",)), open_("1-2")) == {}


def test_of_two_successors_the_registered_one_counts_then_the_later_one():
    old = gone("1-1", successor_ids=("1-2", "1-3", "1-4"))
    rows = (
        open_("1-2", registered_on=OLD),
        open_("1-3", registered_on=NEW),
        gone("1-4", registered_on=date(2026, 11, 1)),
    )

    assert moved(old, *rows) == {"1-1": "1-3"}


def test_a_circle_leads_nowhere_and_ends():
    circle = (gone("1-1", successor_ids=("1-2",)), gone("1-2", successor_ids=("1-1",)))

    assert moved(*circle) == {}
    assert moved(*circle, gone("1-0", successor_ids=("1-1",))) == {}
    assert moved(gone("1-1", successor_ids=("1-1",))) == {}


@given(st.lists(st.tuples(st.integers(1, 8), st.integers(1, 8), st.booleans()), max_size=20))
def test_whatever_the_relationships_are_every_chain_ends_at_an_id_that_goes_on(links):
    rows = {
        f"1-{old}": a_location(f"1-{old}", is_registered=is_open, successor_ids=(f"1-{new}",))
        for old, new, is_open in links
    }
    found = re_registrations(rows)

    assert not set(found) & set(found.values())


@pytest.mark.parametrize(
    ("ratings", "service_type", "expected"),
    [
        ([a_rating(3), a_rating(1, group="care_homes")], "nursing", ("group", 1)),
        ([a_rating(3), a_rating(1, group="homecare")], "nursing", ("location", 3)),
        (
            [a_rating(None, words="Not rated"), a_rating(2, group="homecare"), a_rating(0, group="extra_care")],
            "nursing",
            ("lowest", 0),
        ),
        ([a_rating(None, words="Not rated")], "nursing", None),
        ([a_rating(0, domain="safe")], "nursing", None),
        ([], "nursing", None),
        ([a_rating(1)], "of no known type", ("location", 1)),
    ],
)
def test_the_rating_of_the_services_own_group_speaks_first(ratings, service_type, expected):
    found = judgement_for(a_location(ratings=tuple(ratings)), service_type)

    assert (found and (found.rule.slug, found.rating.quality)) == expected


def test_the_tables_only_use_slugs_of_the_trade():
    assert set(SERVICE_TYPES.values()) <= set(SERVICE_TYPE)
    assert {slug for group in GROUPS.values() for slug in group.service_types} <= set(SERVICE_TYPE)
    assert {slug for band in BANDS.values() for slug in band.specialisms} <= set(FEATURE)
    official = {row.cqc_name.casefold() for row in SERVICE_TYPE.values() if row.cqc_name}
    assert official <= set(SERVICE_TYPES)
