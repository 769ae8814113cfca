"""Codes count once, around now, and never twice at the same time; what is kept of them is of no use to a reader."""

from __future__ import annotations

import threading
from datetime import timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from placement.domain.errors import Invalid, OutOfStep
from placement.domain.people import SYSTEM, Role
from placement.records import second_steps as steps
from placement.records.accounts import add_user, deactivate_user, live_sign_in, reset_password, whose_sign_in
from placement.records.sealing import Seal
from placement.records.users import PaperCode, SecondStep, SignIn
from tests.conftest import NOW

SEAL = Seal("a secret that is only for tests")
LONGEST = timedelta(hours=12)


def at(secret, seconds=0):
    """Return the code that a phone shows some seconds from now."""
    return pyotp.TOTP(secret).at(NOW + timedelta(seconds=seconds))


def somebody(session, email="a@example.org"):
    return add_user(
        session, email=email, name="A", role=Role.BROKER, password="long enough words", by=SYSTEM, now=NOW
    ).id


def with_step(session, email="a@example.org"):
    """Return the id of somebody with a second step, its secret, and the codes on paper."""
    user_id = somebody(session, email)
    steps.begin_second_step(session, user_id, SEAL)
    session.flush()
    secret = steps.secret_to_set_up(session, user_id, SEAL)
    codes = steps.confirm_second_step(session, user_id, at(secret, -30), SEAL, now=NOW)
    return user_id, secret, codes


def test_is_asked_of_nobody_until_a_first_code_was_right(store):
    with store.writing() as session:
        user_id = somebody(session)
        steps.begin_second_step(session, user_id, SEAL)
        session.flush()
        secret = steps.secret_to_set_up(session, user_id, SEAL)
        assert not steps.has_second_step(session, user_id)
        with pytest.raises(Invalid, match="not right"):
            steps.confirm_second_step(session, user_id, at(secret, 300), SEAL, now=NOW)
        assert not steps.spend_code(session, user_id, at(secret), SEAL, now=NOW)
        assert len(set(steps.confirm_second_step(session, user_id, at(secret), SEAL, now=NOW))) == steps.PAPER_CODES
        assert steps.has_second_step(session, user_id)
        assert steps.secret_to_set_up(session, user_id, SEAL) is None, "it is shown while it is set up, and never after"
        for again in (
            lambda: steps.begin_second_step(session, user_id, SEAL),
            lambda: steps.confirm_second_step(session, user_id, at(secret), SEAL, now=NOW),
        ):
            with pytest.raises(OutOfStep):
                again()


def test_beginning_again_puts_another_secret_in_the_place_of_the_one_before(store):
    with store.writing() as session:
        user_id = somebody(session)
        secrets = set()
        for _ in range(2):
            steps.begin_second_step(session, user_id, SEAL)
            session.flush()
            secrets.add(steps.secret_to_set_up(session, user_id, SEAL))
        assert len(secrets) == 2
        assert session.query(SecondStep).count() == 1


@pytest.mark.parametrize(("seconds", "is_right"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_clock_may_be_wrong_by_one_interval(store, seconds, is_right):
    with store.writing() as session:
        user_id, secret, _ = with_step(session)
        session.get(SecondStep, user_id).last_interval = 0
        assert steps.spend_code(session, user_id, at(secret, seconds), SEAL, now=NOW) is is_right


def test_a_code_counts_once_and_none_before_it_counts_after_it(store):
    with store.writing() as session:
        user_id, secret, codes = with_step(session)
        assert not steps.spend_code(session, user_id, at(secret, -30), SEAL, now=NOW), "it has set the step up"
        assert steps.spend_code(session, user_id, f" {at(secret)[:3]} {at(secret)[3:]}", SEAL, now=NOW)
        assert not steps.spend_code(session, user_id, at(secret), SEAL, now=NOW)
        assert steps.spend_code(session, user_id, at(secret, 30), SEAL, now=NOW)
        assert not steps.spend_code(session, user_id, at(secret), SEAL, now=NOW)
        assert steps.spend_code(session, user_id, codes[3].upper().replace("-", " "), SEAL, now=NOW)
        assert not steps.spend_code(session, user_id, codes[3], SEAL, now=NOW)
        assert steps.paper_codes_left(session, user_id) == steps.PAPER_CODES - 1


def test_what_is_kept_does_not_tell_the_secret_or_the_codes(store):
    with store.writing() as session:
        user_id, secret, codes = with_step(session)
        kept = session.get(SecondStep, user_id).sealed + " ".join(each.hash for each in session.query(PaperCode))
        assert secret not in kept
        assert not any(code.replace("-", "") in kept for code in codes)
        assert not steps.spend_code(session, user_id, at(secret), Seal("another copy's secret"), now=NOW)


def test_nobodys_codes_are_somebody_elses(store):
    with store.writing() as session:
        _, secret, codes = with_step(session)
        other, _, _ = with_step(session, "b@example.org")
        assert not steps.spend_code(session, other, codes[0], SEAL, now=NOW)
        assert not steps.spend_code(session, other, at(secret), SEAL, now=NOW)


@given(st.text(max_size=40) | st.text("0123456789 ٣", max_size=8))
def test_whatever_is_typed_is_right_or_wrong_and_never_a_fault(code):
    row = SecondStep(user_id=1, sealed=SEAL.close("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"), last_interval=0)
    around = {at("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", each) for each in (-30, 0, 30)}
    assert steps._is_right(row, code, SEAL, now=NOW) is ("".join(code.split()) in around)
    assert len(steps._hash(1, code)) == 64


def test_half_a_sign_in_opens_nothing_and_ends_with_all_others(store):
    with store.writing() as session:
        user_id, secret, _ = with_step(session)
        token = steps.start_half_sign_in(session, user_id, now=NOW)
        session.flush()
        assert live_sign_in(session, token, now=NOW) is None
        assert whose_sign_in(session, token, now=NOW) is None
        assert steps.half_sign_in(session, token, now=NOW) is not None
        assert steps.half_sign_in(session, token, now=NOW + steps.HALF_LASTS) is None
        assert steps.finish_sign_in(session, token, "000000", SEAL, now=NOW, longest=LONGEST) is None
        user, whole = steps.finish_sign_in(session, token, at(secret), SEAL, now=NOW, longest=LONGEST)
        assert (user.id, whole != token) == (user_id, True)
        assert live_sign_in(session, whole, now=NOW) is not None
        assert steps.half_sign_in(session, token, now=NOW) is None
        assert steps.half_sign_in(session, whole, now=NOW) is None


@pytest.mark.parametrize("end", [
    lambda session, user_id: reset_password(session, user_id, "seven quiet lanterns", by=SYSTEM, now=NOW),
    lambda session, user_id: deactivate_user(session, user_id, by=SYSTEM, now=NOW),
    lambda session, user_id: steps.remove_second_step(session, user_id, by=SYSTEM, now=NOW),
])  # fmt: skip
def test_what_ends_every_sign_in_ends_half_of_one_too(store, end):
    with store.writing() as session:
        user_id, _, _ = with_step(session)
        steps.start_half_sign_in(session, user_id, now=NOW)
        session.flush()
        end(session, user_id)
        assert session.query(SignIn).count() == 0


def test_who_has_it_removed_is_asked_for_no_code_and_their_codes_on_paper_are_gone(store):
    with store.writing() as session:
        user_id, _, codes = with_step(session)
        steps.remove_second_step(session, user_id, by=SYSTEM, now=NOW)
        assert not steps.has_second_step(session, user_id)
        assert not steps.spend_code(session, user_id, codes[0], SEAL, now=NOW)
        assert steps.paper_codes_left(session, user_id) == 0


@pytest.mark.parametrize("kind", ["phone", "paper"])
def test_of_eight_who_use_one_code_at_once_one_signs_in(store, kind):
    with store.writing() as session:
        user_id, secret, papers = with_step(session)
        tokens = [steps.start_half_sign_in(session, user_id, now=NOW) for _ in range(8)]
    code, gate, came = {"phone": at(secret), "paper": papers[0]}[kind], threading.Barrier(8), []

    def come(token):
        gate.wait()
        with store.writing() as session:
            came.append(steps.finish_sign_in(session, token, code, SEAL, now=NOW, longest=LONGEST) is not None)

    threads = [threading.Thread(target=come, args=(token,)) for token in tokens]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(came) == [False] * 7 + [True]
