import pytest

from placement.domain.people import Role
from placement.records.referrals import Person
from tests.builders import a_referral
from tests.web.pages.commissioner.test_gaps import text_of
from tests.web_client import signed_in


@pytest.fixture
def referral(store):
    with store.writing() as session:
        found = a_referral(session)
        return found.id, found.person_id


@pytest.fixture
def broker(app, referral):
    return signed_in(app, Role.BROKER)


def test_the_persons_own_answer_is_taken_down_and_taken_back(broker, store, referral):
    path = f"/broker/referrals/{referral[0]}/ethnic-group"
    assert path in broker.get(f"/broker/referrals/{referral[0]}").get_data(as_text=True)
    for answer, kept in (("caribbean", "caribbean"), ("", None)):
        page = text_of(broker.post(path, data={"ethnicity": answer}, follow_redirects=True))
        assert "The answer is kept. Providers do not see it" in page
        with store.reading() as session:
            assert session.get_one(Person, referral[1]).ethnicity == kept


def test_what_is_no_answer_is_refused(broker, store, referral):
    path = f"/broker/referrals/{referral[0]}/ethnic-group"
    assert broker.post(path, data={"ethnicity": "martian"}).status_code == 422
