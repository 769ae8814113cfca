from benchmarks.replays import larger, replayed
from tests.planning.replay.histories import a_random_history


def test_a_larger_city_has_everything_so_many_times_and_its_replay_is_one_of_a_history():
    history = a_random_history(3)
    twice = larger(history, 2)
    inside = [case for case in history.cases if case.day + 1 < history.days]
    assert len(twice.cases) == len(history.cases) + len(inside)
    assert len({case.need.id for case in twice.cases}) == len(twice.cases)
    assert all(before.day <= after.day for before, after in zip(twice.cases, twice.cases[1:], strict=False))
    for key, rows in history.reports.items():
        assert [each.ours for each in twice.reports[key]] == [2 * each.ours for each in rows]
    assert len(twice.fixed) == 2 * len(history.fixed)
    found = replayed((twice, 0))
    assert found["people"] == len(twice.cases)
    assert sum(found[each] for each in ("in_city", "by_choice", "not_by_choice", "still", "nowhere")) == found["people"]
