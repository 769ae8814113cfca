import io
import json

import pytest

from placement.domain.people import Role
from placement.geography.ward_names import NEW_WARDS
from placement.records.wards import StoredWardSet
from tests.builders import a_service
from tests.web_client import signed_in


def a_file(wards=NEW_WARDS.wards):
    """Return a file as ONS publishes it, with squares for outlines."""
    features = [
        {
            "type": "Feature",
            "properties": {"WD26CD": ward.code, "WD26NM": ward.name, "LAD26CD": "E08000026"},
            "geometry": {"type": "Polygon", "coordinates": [square(-1.7 + place / 50)]},
        }
        for place, ward in enumerate(wards)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def square(west):
    return [[west, 52.4], [west + 0.02, 52.4], [west + 0.02, 52.42], [west, 52.42], [west, 52.4]]


def upload(browser, content):
    return browser.post(
        "/admin/wards", {"file": (io.BytesIO(content), "wards.geojson")}, content_type="multipart/form-data"
    )


def test_an_uploaded_file_is_in_use_at_once_and_services_are_counted_in_its_wards(app, store):
    with store.writing() as session:
        service = a_service(session, lat=52.41, lon=-1.69)
    browser = signed_in(app, Role.ADMIN)
    assert "Exact, from an uploaded file" not in browser.get("/admin/").get_data(as_text=True)
    for _ in range(2):
        assert upload(browser, a_file()).location == "/admin/"

    overview = browser.get("/admin/").get_data(as_text=True)
    assert "Coventry wards from May 2026: 18 wards with exact outlines are stored." in overview
    assert "Exact, from an uploaded file" in overview
    with store.reading() as session:
        assert session.query(StoredWardSet).count() == 1
        assert session.get(type(service), service.id).ward_code == NEW_WARDS.wards[0].code


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "This is not a GeoJSON file"),
        (b"\x00\xff", "This is not a GeoJSON file"),
        (b"{}", "it has no features"),
        (a_file(NEW_WARDS.wards[:17]), "this file differs"),
        (a_file(NEW_WARDS.wards + NEW_WARDS.wards[:1]), "stands in the file twice"),
        (b"[" * 100_000, "This is not a GeoJSON file"),
    ],
    ids=["empty", "binary", "no features", "a ward missing", "a ward twice", "deep"],
)
def test_a_file_that_cannot_be_used_says_why_and_changes_nothing(app, store, content, words):
    answer = upload(signed_in(app, Role.ADMIN), content)

    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)
    with store.reading() as session:
        assert session.query(StoredWardSet).count() == 0
