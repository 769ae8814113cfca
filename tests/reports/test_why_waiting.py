"""Why people wait, as it may be told: cause by cause what the re-solve leaves unmet, and no small number."""

from collections import Counter

from placement.reports.asked import Level
from placement.reports.small_numbers import rounded
from placement.reports.waiting import LACKS, waiting_people
from placement.reports.why_waiting import ALL, why_waiting
from tests.builders import a_service, a_unit
from tests.reports.markets import a_market, a_question
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
    assert found.told[ALL, ALL] == rounded(unmet)
    assert (found.told["north", "full"], found.told["north", "no_service"]) == (15, 20)
    assert found.told["west", ALL] == 0
    assert [code for code, _ in found.rows] == ["north", ALL]


def test_few_people_are_marked_and_never_0(store):
    with store.writing() as session:
        for _ in range(3):
            from_foleshill(session, essential=("dementia",))
    run(store)
    with store.reading() as session:
        told = why_waiting(session, ASKED).told

    assert told["north", "no_service"] is told[ALL, ALL] is told["north", ALL] is None
    assert told["north", "full"] == 0


def test_of_random_cities_every_person_counts_once_with_the_cause_of_the_run(store):
    with store.writing() as session:
        for seed in range(3):
            a_market(session, seed)
    unmet = run(store)
    with store.reading() as session:
        _, people = waiting_people(session, ASKED)
        found = why_waiting(session, ASKED)
    counts = Counter({where: len(group) for where, group in people.items()})

    assert sum(counts.values()) == unmet
    for lack in LACKS:
        told = found.told[ALL, lack.slug]
        count = sum(number for (_, slug), number in counts.items() if slug == lack.slug)
        assert told is None or told == rounded(count)
        assert told is None or not 0 < count < 8
