"""The promised chance is what a simulation finds, nobody is asked for nothing, and more never promises less."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placement.matching.waves.planning import LEAST, Answers, Prior, prior_of, waves
from tests.exploring import tried

PRIOR = Prior()
times = st.lists(st.floats(0, 500), max_size=4).map(tuple)
providers = st.builds(Answers, yes=st.integers(0, 8), no=st.integers(0, 8), took=times, waited=times)
lists = st.lists(providers, max_size=7)


def a_hidden_provider(dice, prior=PRIOR):
    """Draw how somebody really answers from what the prior says of the unknown."""
    return dice.betavariate(prior.yes, prior.answers - prior.yes), dice.gammavariate(prior.timed, 1 / prior.minutes)


def asked(dice, hidden):
    """Return whether an answer is yes, and after how many minutes it comes."""
    chance, rate = hidden
    return dice.random() < chance, dice.expovariate(rate)


def seen(dice, hidden, requests, patience=120.0):
    """Return what is known of somebody after some requests, each waited for so long."""
    answers = [asked(dice, hidden) for _ in range(requests)]
    came = [(yes, minutes) for yes, minutes in answers if minutes <= patience]
    return Answers(
        yes=sum(yes for yes, _ in came),
        no=sum(not yes for yes, _ in came),
        took=tuple(minutes for _, minutes in came),
        waited=(patience,) * (len(answers) - len(came)),
    )


@pytest.mark.parametrize("minutes", [20.0, 120.0, 600.0])
def test_of_many_simulated_requests_as_many_are_answered_with_yes_as_was_promised(minutes):
    dice, promised, came = random.Random(1), 0.0, 0
    for _ in range(4_000):
        hidden = [a_hidden_provider(dice) for _ in range(6)]
        plan = waves([seen(dice, each, dice.randint(0, 5)) for each in hidden], minutes, wanted=0.8)
        promised += plan.chance
        answers = {number: asked(dice, each) for number, each in enumerate(hidden)}
        at = [answers[n][1] for n in plan.first if answers[n][0]]
        at += [plan.second_after + answers[n][1] for n in plan.second if answers[n][0]]
        came += min(at, default=float("inf")) <= minutes
    assert came / 4_000 == pytest.approx(promised / 4_000, abs=0.02)


@tried(200)
@given(lists, st.floats(1, 2000), st.floats(0.01, 0.99))
def test_the_first_wave_is_the_shortest_beginning_that_reaches_the_chance(ranked, minutes, wanted):
    plan = waves(ranked, minutes, wanted=wanted)
    able = [number for number, chance in enumerate(plan.chances) if chance >= LEAST]
    assert list(plan.first) == able[: len(plan.first)]
    if len(plan.first) < len(able):
        assert plan.first_chance >= wanted - 1e-12
    shorter = waves([ranked[number] for number in plan.first[:-1]], minutes, wanted=1.0)
    assert not plan.first or shorter.first_chance < wanted


@tried(200)
@given(lists, st.floats(1, 1000), st.floats(1, 1000), providers)
def test_more_time_and_more_providers_never_promise_less(ranked, minutes, more, one):
    everybody = waves(ranked, minutes, wanted=1.0).first_chance
    assert waves(ranked, minutes + more, wanted=1.0).first_chance >= everybody - 1e-12
    assert waves([*ranked, one], minutes, wanted=1.0).first_chance >= everybody - LEAST


@tried(100)
@given(lists, st.floats(1, 1000))
def test_nobody_is_asked_twice_and_the_second_wave_only_adds(ranked, minutes):
    plan = waves(ranked, minutes)
    assert not set(plan.first) & set(plan.second)
    assert plan.chance >= plan.first_chance - 1e-12
    assert 0 <= plan.chance <= 1


def test_the_chance_of_several_is_that_of_every_way_in_which_one_of_them_says_yes():
    ranked = [Answers(yes=3, no=1, took=(20.0,)), Answers(no=2), Answers(yes=1, waited=(60.0,))]
    plan = waves(ranked, 90.0, wanted=1.0)
    total = 0.0
    for said in itertools.product((True, False), repeat=3):
        chance = 1.0
        for yes, mine in zip(said, plan.chances, strict=True):
            chance *= mine if yes else 1 - mine
        total += chance * any(said)
    assert plan.first_chance == pytest.approx(total)


def test_whoever_has_never_answered_is_worth_less_the_longer_nobody_did():
    chances = [Answers(waited=(minutes,)).chance(60.0, PRIOR) for minutes in (0.0, 60.0, 600.0, 6000.0)]
    assert chances == sorted(chances, reverse=True)
    assert chances[0] > 2 * chances[-1]


def test_a_market_that_says_no_oftener_and_answers_later_is_learnt_from_its_answers():
    dice, real = random.Random(2), Prior(answers=2.0, yes=0.5, minutes=300.0)
    market = [seen(dice, a_hidden_provider(dice, real), 4, patience=5_000.0) for _ in range(2_000)]
    learnt = prior_of(market)
    assert learnt.yes == pytest.approx(real.yes, abs=0.03)
    assert (learnt.answers, learnt.timed) == (2.0, 2.0)
    assert learnt.minutes > 2 * PRIOR.minutes
    assert prior_of([]) == PRIOR


def test_nobody_and_no_time_promise_nothing():
    assert waves([], 60.0).first == ()
    assert waves([Answers(yes=9)], 0.0).chance == 0.0
    assert waves([Answers(yes=9)], -5.0).first == ()
