"""A section of a referral is one file: everything that its pages show comes from it."""

import pytest
from flask_login import login_user

from placement.domain import sections as domain
from placement.domain.kinds import KINDS
from placement.domain.people import Actor, Role
from placement.records.referrals import Referral
from placement.web.access import SignedIn
from placement.web.pages.broker.sections import SECTIONS
from placement.web.transactions import reading
from tests.builders import a_referral
from tests.conftest import NOW


def test_every_section_of_the_table_has_its_file_in_the_same_order():
    assert [section.slug for section in SECTIONS] == [section.slug for section in domain.SECTIONS]
    assert [section.label for section in SECTIONS] == [section.label for section in domain.SECTIONS]


@pytest.mark.parametrize("kind", [kind.slug for kind in KINDS])
@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.slug)
def test_every_question_is_asked_once_and_every_section_has_something_to_say(app, store, section, kind):
    with store.writing() as session:
        referral_id = a_referral(session, kind=kind).id
    with app.test_request_context():
        login_user(SignedIn("a token", Actor(user_id=1, name="A broker", role=Role.BROKER), NOW))
        referral = reading().get_one(Referral, referral_id)
        form = section.form(referral)
        asked = [field.name for group in section.groups(form) for field in group.fields]

        assert asked
        assert sorted(asked) == sorted(name for name in form.data if name not in ("csrf_token", "shown"))
        assert [row for row in section.rows(referral) if row]
