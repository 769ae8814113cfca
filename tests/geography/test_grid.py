import pytest

from placement.geography.directory import PostcodeDirectory
from placement.geography.distances import Point, miles_between
from placement.geography.grid import to_wgs84
from placement.geography.postcodes import normalise


def test_agrees_with_the_ordnance_surveys_worked_example():
    """Caister water tower, OSGB36 52°39′27.2531″N 1°43′4.5177″E in the guide's annex C; WGS 84 by the same shift."""
    lat, lon = to_wgs84(651409.903, 313177.270)

    assert (lat, lon) == (pytest.approx(52.657978, abs=5e-6), pytest.approx(1.716052, abs=5e-6))


def test_every_postcode_of_the_oracle_lies_where_the_directory_says(oracle):
    directory = PostcodeDirectory()
    worst = 0.0
    for row in oracle:
        entry = directory.find(normalise(row["postcode"]))
        lat, lon = to_wgs84(entry.easting, entry.northing)
        there = Point(lat=float(row["lat"]), lon=float(row["lon"]))
        worst = max(worst, miles_between(Point(lat=lat, lon=lon), there))

    print(f"worst point is {worst * 1609.344:.2f} m off over {len(oracle)} postcodes")
    assert worst * 1609.344 < 1


@pytest.mark.parametrize(
    ("easting", "northing", "lat", "lon"),
    [
        (433593, 278901, 52.407089892, -1.507613529),  # CV1 5RR
        (431549, 285075, 52.462713749, -1.537078047),  # CV7 8LA
        (429167, 271209, 52.338192691, -1.573339427),  # CV8 1HX
        (406654, 286948, 52.480417514, -1.903453545),  # B1 1BB
    ],
)
def test_a_stored_point_stays_where_it_was_before_proj_worked_it_out(easting, northing, lat, lon):
    assert to_wgs84(easting, northing) == (pytest.approx(lat, abs=1e-9), pytest.approx(lon, abs=1e-9))


@pytest.mark.parametrize(
    ("easting", "northing", "lat", "lon"),
    [
        (182823, 44745, 50.262658030, -5.048513908),  # TR1 2HE
        (345099, 1010874, 58.981471685, -2.956807259),  # KW15 1NY
    ],
)
def test_the_ends_of_the_country_lie_within_a_centimetre_of_where_they_were(easting, northing, lat, lon):
    assert to_wgs84(easting, northing) == (pytest.approx(lat, abs=1e-7), pytest.approx(lon, abs=1e-7))
