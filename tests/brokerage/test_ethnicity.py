from pathlib import Path

import pytest

from placement.brokerage.ethnicity import answer_ethnicity
from placement.domain.errors import Invalid
from placement.domain.people import SYSTEM
from placement.records.events import newest_line
from tests.builders import a_person
from tests.conftest import NOW


def test_an_answer_is_kept_changed_and_taken_back_and_the_trail_does_not_say_it(session):
    person = a_person(session)
    for slug in ("indian", "not_said", None):
        answer_ethnicity(session, person, slug, by=SYSTEM, now=NOW)
        session.flush()
        assert person.ethnicity == slug
        assert newest_line(session, ("ethnicity_answered",), subject=person).details == {}


def test_the_same_answer_again_is_no_event(session):
    person = a_person(session)
    answer_ethnicity(session, person, None, by=SYSTEM, now=NOW)
    session.flush()
    assert newest_line(session, ("ethnicity_answered",), subject=person) is None


def test_what_is_no_answer_is_refused(session):
    with pytest.raises(Invalid, match="one of the answers"):
        answer_ethnicity(session, a_person(session), "martian", by=SYSTEM, now=NOW)


def test_no_match_no_page_of_a_provider_and_no_file_reads_it():
    """Where the word stands is where the answer is kept, asked, told of in the trail, and counted."""
    root = Path(__file__).parents[2]
    files = [*(root / "placement").rglob("*.py"), *(root / "templates").rglob("*.html")]
    found = {str(path.relative_to(root)) for path in files if "ethnic" in path.read_text().lower()}

    assert found == {
        *(
            "placement/domain/ethnicity.py",
            "placement/domain/events.py",
            "placement/domain/settings.py",
            *("placement/records/referrals.py", "placement/demo/people.py", "placement/demo/seeding.py"),
        ),
        *("placement/brokerage/ethnicity.py", "placement/web/forms/ethnicity.py"),
        *("placement/web/pages/broker/__init__.py", "placement/web/pages/broker/ethnicity.py"),
        *("templates/broker/ethnicity.html", "templates/broker/referral.html"),
        *(f"placement/reports/kpis/{name}.py" for name in ("diversity", "groups", "fairness")),
    }
