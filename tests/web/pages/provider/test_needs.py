import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from placement.domain.people import SYSTEM
from placement.domain.states import ReferralState
from placement.geography.ward_names import NEW_WARDS
from placement.market.contacts import set_council_contact
from placement.records.councils import ServiceCouncil
from placement.records.providers import Service
from tests.builders import a_person, a_referral
from tests.conftest import NOW
from tests.web.pages.provider.conftest import read

FOLESHILL = NEW_WARDS.wards[4].code
PATH = "/provider/needs"


def without_place(session, people, *needs, kind="planned", days_ago=100):
    at = NOW - timedelta(days=days_ago)
    for _ in range(people):
        a_referral(
            session,
            person=a_person(session, ward_code=FOLESHILL),
            ward_code=FOLESHILL,
            kind=kind,
            essential=needs,
            state=ReferralState.WITHDRAWN,
            submitted_at=at,
            closed_at=at + timedelta(days=3),
        )


def row_of(page, name):
    rows = re.findall(r"<tr.*?</tr>", page, flags=re.S)
    found = next(row for row in rows if f">{name}</th>" in row)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found)).split()


def test_tells_what_is_needed_in_rounded_numbers_and_a_small_one_nowhere(works, store):
    with store.writing() as session:
        without_place(session, 33, "dementia")
        without_place(session, 12, "nurse", kind="crisis", days_ago=300)
        without_place(session, 6, "autism")
    page = works.browser.get(PATH).get_data(as_text=True)

    assert "about 50 people found no place" in read(works.browser.get(PATH))
    assert row_of(page, "Dementia")[:3] == ["Dementia", "35", "35"]
    assert "Nursing" in page
    assert "Autism" not in page, "six people"
    assert not re.search(r">\s*[1-7]\s*<", page.split("How you are seen")[0])


def test_says_that_nothing_can_be_told_where_nobody_went_without(works):
    page = read(works.browser.get(PATH))

    assert "nobody found no place" not in page
    assert "Everybody found a place in the city" in page


@pytest.mark.parametrize("is_said", [True, False])
def test_says_whom_to_call(works, store, is_said):
    if is_said:
        with store.writing() as session:
            values = {"team": "New places", "telephone": "024 7655 0170", "email": ""}
            set_council_contact(session, by=SYSTEM, now=NOW, **values)
    page = works.browser.get(PATH).get_data(as_text=True)

    assert ("New places" in page and "tel:02476550170" in page) == is_said
    assert ("has not said yet whom to call" in page) != is_said


def test_shows_how_the_provider_is_seen(works):
    page = read(works.browser.get(PATH))

    assert "Units confirmed within 7 days" in page
    assert "Too few others to compare with" in page


def test_a_provider_of_two_councils_reads_the_needs_of_each(works, store):
    with store.writing() as session:
        without_place(session, 33, "dementia")
        set_council_contact(
            session, team="Here", telephone="024 7655 0170", email="", by=SYSTEM, now=NOW,
        )  # fmt: skip
    assert "Which council" not in works.browser.get(PATH).get_data(as_text=True)

    with store.writing() as session:
        for service in session.scalars(select(Service)):
            session.add(ServiceCouncil(council="E08000029", service_id=service.id))
    with store.writing("E08000029") as session:
        without_place(session, 12, "nurse")
        set_council_contact(session, team="There", telephone="0121 704 0000", email="", by=SYSTEM, now=NOW)
    for address, place, team, own, other in (
        (PATH, "Coventry", "Here", "Dementia", "Nursing"),
        (f"{PATH}?council=E08000029", "Solihull", "There", "Nursing", "Dementia"),
        (f"{PATH}?council=E10000031", "Coventry", "Here", "Dementia", "Nursing"),
    ):
        answer = works.browser.get(address)
        said, page = read(answer), answer.get_data(as_text=True)
        assert f"What {place} needs next" in said
        assert f"{team}:" in said
        assert f">{own}</th>" in page
        assert f">{other}</th>" not in page
