from sqlalchemy import text

from placement.domain.ethnicity import BROAD
from placement.domain.people import SYSTEM
from placement.domain.settings import census_share
from placement.records.settings import set_numbers
from placement.reports.kpis.diversity import diversity_tables
from tests.builders import a_person
from tests.conftest import NOW
from tests.reports.kpis.test_stays import held
from tests.reports.kpis.worlds import asked_for, cells_of, placed, units_of

ANSWERS = (("indian", 14, None), ("pakistani", 13, "cost"), ("british", 33, None), ("roma", 3, None), (None, 21, None))


def test_people_by_their_own_answer_are_what_sql_counts(store):
    with store.writing() as session:
        inside, _, _, outside = units_of(session)
        for answer, people, out in ANSWERS:
            for _ in range(people):
                person = a_person(session, ethnicity=answer)
                placed(session, outside if out else inside, days_ago=100, out=out, person=person)
        plain = "SELECT count(DISTINCT p.person_id) FROM placement p JOIN person e ON e.id = p.person_id WHERE "
        white = session.scalar(text(f"{plain} e.ethnicity IN ('british', 'irish', 'roma', 'other_white')"))
        asian = session.scalar(text(f"{plain} e.ethnicity IN ('indian', 'pakistani', 'bangladeshi', 'chinese')"))
        inside = session.scalar(text(f"{plain} e.ethnicity IN ('indian', 'pakistani') AND p.is_in_city"))
        set_numbers(session, {census_share("asian"): 18}, by=SYSTEM, now=NOW)
    with store.reading() as session:
        told = cells_of(diversity_tables(session, asked_for())[0])

    assert (told[BROAD["white"], "People placed"], white) == (35, 36)
    assert (told[BROAD["asian"], "People placed"], asian) == (25, 27)
    assert held(told[BROAD["asian"], "In the city"], inside)
    assert told[BROAD["asian"], "The Census, of a hundred"] == 18
    assert told[BROAD["white"], "The Census, of a hundred"] is None, "nobody has entered it"
    assert told["Not recorded", "People placed"] == 20
    assert told[BROAD["white"], "Of a hundred"] == 41, "35 of about 85"
