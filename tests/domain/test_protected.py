from placement.domain.protected import kept_words, taken_words


def test_a_unit_says_what_it_keeps_for_planned_breaks():
    assert kept_words(None) == ""
    assert kept_words(0) == "Keeps its places for planned breaks"
    assert kept_words(1) == "Keeps its places for planned breaks: at most 1 for a crisis"


def test_why_it_takes_no_crisis_goes_on_after_its_name():
    assert taken_words(0) == "keeps its places for planned breaks"
    assert taken_words(1) == "has 1 place for a crisis, which is taken on these nights"
    assert taken_words(2) == "has 2 places for a crisis, which are taken on these nights"
