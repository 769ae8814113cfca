"""Why people wait, as it may be told: cause by cause what the re-solve leaves unmet, and no small number."""

from placement.reports.asked import Level
from placement.reports.small_numbers import rounded
from placement.reports.why_waiting import ALL, why_waiting
from tests.builders import a_service, a_unit
from tests.reports.markets import a_question
from tests.reports.test_waiting import from_foleshill, run

ASKED = a_question(level=Level.LOCALITY)


def test_nobody_knows_before_a_run_has_finished(store):
    with store.reading() as session:
        found = why_waiting(session, ASKED)
    assert found.run_at is None
    assert found.told == {}


def test_each_cause_is_told_to_the_nearest_5_and_all_together_are_what_the_run_leaves_unmet(store):
    with store.writing() as session:
        service = a_service(session)
        a_unit(session, service=service, accepting=0, offers=("autism",))
        for _ in range(13):
            from_foleshill(session, essential=("autism",))
        for _ in range(20):
            from_foleshill(session, essential=("dementia",))
    unmet = run(store)
    with store.reading() as session:
        found = why_waiting(session, ASKED)

    assert unmet == 33
    assert found.told[ALL, ALL] == found.told["north", ALL] == rounded(unmet)
    assert (found.told["north", "full"], found.told["north", "no_service"]) == (15, 20)
    assert found.told["west", ALL] is None
    assert [code for code, _ in found.rows] == [*(area.code for area in ASKED.areas()), ALL]


def test_few_people_are_marked_and_so_is_nobody(store):
    with store.writing() as session:
        for _ in range(3):
            from_foleshill(session, essential=("dementia",))
    run(store)
    with store.reading() as session:
        told = why_waiting(session, ASKED).told

    assert set(told.values()) == {None}
