"""Three versions of a form: whatever only one side changed is kept, and just what both changed is asked about."""

from hypothesis import given
from hypothesis import strategies as st

from placement.domain.merging import merge, questions

NAMES = ("price", "nights", "words", "first", "last", "risks", "offers")
LISTS = ("risks", "offers")
BONDS = (("first", "last"),)
WORDS = st.lists(st.sampled_from("abcd"), unique=True, max_size=3).map(lambda words: tuple(sorted(words)))
ONE = st.sampled_from(((), ("a",), ("b",), ("c",)))
VERSION = st.fixed_dictionaries({name: WORDS if name in LISTS else ONE for name in NAMES})


def parts(version, question):
    return tuple(version[name] for name in question)


@given(VERSION, VERSION, VERSION)
def test_what_one_side_changed_is_kept_and_just_what_both_changed_differently_is_asked_about(base, theirs, mine):
    merged = merge(base, theirs, mine, lists=LISTS, bonds=BONDS)
    for question in questions(NAMES, BONDS):
        before, now, typed, kept = (parts(each, question) for each in (base, theirs, mine, merged.answers))
        both = now not in (before, typed) and typed != before
        assert (question in merged.asked) == (both and question[0] not in LISTS)
        if typed == before:
            assert kept == now, "what only they changed"
        elif now in (before, typed) or question in merged.asked:
            assert kept == typed, "what only this one changed, and what was typed where it is asked about"
        assert (question in merged.theirs) == (kept != typed)


@given(VERSION, VERSION, VERSION)
def test_of_a_list_every_tick_and_untick_of_both_is_kept(base, theirs, mine):
    merged = merge(base, theirs, mine, lists=LISTS, bonds=BONDS)
    for name in LISTS:
        was, now, typed, kept = (set(each[name]) for each in (base, theirs, mine, merged.answers))
        assert kept == (was | (now - was) | (typed - was)) - (was - now) - (was - typed)


@given(VERSION, VERSION)
def test_where_it_is_not_known_what_was_shown_everything_that_differs_is_asked_about(theirs, mine):
    merged = merge(None, theirs, mine, lists=LISTS, bonds=BONDS)
    differing = [each for each in questions(NAMES, BONDS) if parts(theirs, each) != parts(mine, each)]
    assert set(merged.asked) == set(differing)
    assert (merged.answers, merged.theirs) == (mine, ())


@given(VERSION, VERSION, VERSION)
def test_after_what_is_asked_about_is_shown_the_same_answers_are_asked_about_no_more(base, theirs, mine):
    asked = {name for each in merge(base, theirs, mine, lists=LISTS, bonds=BONDS).asked for name in each}
    shown = {name: theirs[name] if name in asked else base[name] for name in NAMES}
    again = merge(shown, theirs, mine, lists=LISTS, bonds=BONDS)
    assert again.asked == ()
    assert all(again.answers[name] == mine[name] for name in asked)


def test_what_a_form_does_not_ask_stands_in_no_question_and_a_bond_is_asked_where_its_first_answer_stands():
    assert list(questions(("last", "price", "first"), BONDS)) == [("first", "last"), ("price",)]
    assert list(questions(("price", "last"), BONDS)) == [("price",), ("last",)]
