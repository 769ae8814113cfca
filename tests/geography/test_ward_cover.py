"""Outlines are held against the city's own postcodes before anything is counted in them."""

from dataclasses import replace
from datetime import date

import pytest
from shapely.affinity import translate

from placement.domain.councils import COUNCILS, COVENTRY
from placement.geography.directory import PostcodeDirectory
from placement.geography.distances import Point
from placement.geography.errors import UnusableWardFile
from placement.geography.ward_cover import Cover, city_points, cover_of, percent, refuse_foreign
from placement.geography.ward_files import read_ward_set
from placement.geography.ward_names import NEW_WARDS, OLD_WARDS
from placement.geography.wards import WardIndex
from tests.builders import drawn


@pytest.fixture(scope="module")
def points() -> tuple[Point, ...]:
    return city_points(PostcodeDirectory(), COVENTRY)


def moved(ward_set, east, north=0.0):
    wards = (replace(each, outline=translate(each.outline, east, north)) for each in ward_set.wards)
    return replace(ward_set, wards=tuple(wards))


def judge(ward_set, before, points):
    cover = cover_of(ward_set, before, points)
    refuse_foreign(ward_set, cover, COVENTRY)
    return cover


def test_the_published_outlines_leave_nobody_out_and_change_few(exact_wards, approximate_wards, points):
    cover = judge(exact_wards, approximate_wards, points)

    print(f"{cover.postcodes} postcodes, {percent(cover.share_changed)} change ward")
    assert (cover.left_out, cover.has_same_codes, cover.is_doubtful) == (0, True, False)
    assert 0 < cover.share_changed < 0.06


def test_each_postcode_is_put_where_the_gazetteer_puts_it(exact_wards, approximate_wards, points):
    one, other = WardIndex(exact_wards), WardIndex(approximate_wards)
    some = points[::100]
    by_hand = sum(one.at(each).code != other.at(each).code for each in some)

    assert cover_of(exact_wards, approximate_wards, some).changed == by_hand > 0


@pytest.mark.parametrize(("east", "north"), [(0.005, 0.0), (0.02, 0.0), (0.0, -0.01), (0.5, 0.3)])
def test_outlines_that_were_moved_are_refused_with_the_share_that_would_change_ward(
    east, north, exact_wards, approximate_wards, points
):
    away = moved(exact_wards, east, north)

    with pytest.raises(
        UnusableWardFile, match=r"leave out [\d.]+% of Coventry, and [\d.]+% of .* would change ward"
    ) as no:
        judge(away, approximate_wards, points)
    assert percent(cover_of(away, approximate_wards, points).share_changed) in str(no.value)


def test_codes_that_no_ward_had_then_are_refused_and_those_of_a_later_year_are_not(exact_wards, points):
    codes = tuple(replace(each, code=f"E0512{place:04}") for place, each in enumerate(exact_wards.wards))
    then, later = (
        replace(exact_wards, slug=f"coventry-{year}", wards=codes, valid_from=date(year, 1, 1), valid_to=None)
        for year in (2024, 2031)
    )

    with pytest.raises(UnusableWardFile, match=r"No ward of Coventry had a code such as E05120000.*100% of") as refused:
        judge(then, exact_wards, points)
    assert "E05001218 to E05001235" in refused.value.advice
    assert judge(later, exact_wards, points).changed == len(points)


def test_much_that_changes_under_the_same_codes_is_doubtful_and_under_new_codes_is_not(exact_wards, points):
    turned = replace(
        exact_wards,
        wards=tuple(
            replace(each, outline=other.outline)
            for each, other in zip(exact_wards.wards, reversed(exact_wards.wards), strict=True)
        ),
    )
    assert judge(turned, exact_wards, points).is_doubtful
    assert not judge(drawn(NEW_WARDS), exact_wards, points).is_doubtful


def test_the_field_cases_cover_the_city(field_cases, approximate_wards, points):
    for name in ("wards_no_council_column.geojson", "wards_spike.geojson"):
        found = read_ward_set((field_cases / "06-wards" / name).read_bytes())
        assert judge(found, approximate_wards, points).share_left_out < 0.01
        assert found.slug == OLD_WARDS.slug


@pytest.mark.parametrize("council", COUNCILS, ids=lambda council: council.place)
def test_the_letters_of_a_council_find_its_postcodes(council):
    assert len(city_points(PostcodeDirectory(), council)) > 5_000


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.0, "0%"), (0.0004, "under 0.1%"), (0.016, "1.6%"), (0.34, "34%"), (0.9946, "99.5%"), (1.0, "100%")],
)
def test_shares_are_never_rounded_to_nothing_or_to_all(share, words):
    assert percent(share) == words


def test_a_council_without_postcodes_refuses_nothing():
    cover = Cover(postcodes=0, left_out=0, changed=0, has_same_codes=False)

    assert (cover.share_left_out, cover.share_changed) == (0.0, 0.0)
