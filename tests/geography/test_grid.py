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
