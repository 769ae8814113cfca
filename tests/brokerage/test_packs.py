"""Who a person is reaches the provider that takes them: by a named broker, opened by name, and over in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from placement.brokerage.attachments import attach, remove
from placement.brokerage.identified import identified
from placement.brokerage.packs import (
    LONGEST,
    Giving,
    give_pack,
    open_pack,
    opened_pack,
    openings_of,
    pack_of,
    readable_pack,
    save_file,
    take_pack_back,
    usual_last_day,
)
from placement.brokerage.placements import begin, confirm, end, release
from placement.domain.clocks import today
from placement.domain.errors import Invalid, NotFound, OutOfStep
from placement.domain.states import AGREED, PlacementState, TaskState
from placement.records.files import FolderStore
from placement.records.messages import Message
from placement.records.packs import Pack
from placement.records.tasks import Task
from tests.brokerage.worlds import BROKER, a_colleague, provider_of, story
from tests.builders import a_placement, a_unit, night
from tests.conftest import NOW

LAST = today(NOW) + timedelta(days=3)
GIVING = Giving(note="Likes to be called Bea", last_day=LAST)


@pytest.fixture
def stay(session):
    found = a_placement(session, a_unit(session), state=PlacementState.CONFIRMED)
    a_colleague(session, found)
    session.flush()
    return found


def reader(session, stay):
    return a_colleague(session, stay, "reader@example.org").actor()


@pytest.mark.parametrize("state", [each for each in PlacementState if each not in AGREED])
def test_nobody_reads_who_it_is_before_a_yes_or_after_the_stay(session, state):
    stay = a_placement(session, a_unit(session), state=state)
    with pytest.raises(OutOfStep, match="once it has said yes"):
        give_pack(session, stay, GIVING, by=BROKER, now=NOW)
    assert session.scalars(select(Pack)).all() == []


@pytest.mark.parametrize("ends", [end, release])
def test_what_was_given_is_over_with_the_stay(session, stay, ends):
    give_pack(session, stay, GIVING, by=BROKER, now=NOW)
    by = reader(session, stay)
    open_pack(session, stay, by=by, now=NOW)
    if ends is end:
        begin(session, stay, by=BROKER, now=NOW)
        assert opened_pack(session, stay, by=by, now=NOW) is not None
        end(session, stay, on=today(NOW), reason="moved_on", by=BROKER, now=NOW)
    else:
        release(session, stay, reason="not_needed", by=BROKER, now=NOW)
    assert opened_pack(session, stay, by=by, now=NOW) is None
    with pytest.raises(OutOfStep, match="no details"):
        open_pack(session, stay, by=by, now=NOW)


def test_it_is_read_to_the_end_of_its_last_day_in_coventry_and_no_longer(session, stay):
    pack = give_pack(session, stay, GIVING, by=BROKER, now=NOW)
    assert pack.last_day == LAST
    assert today(pack.until) == LAST + timedelta(days=1)
    assert readable_pack(session, stay, now=pack.until - timedelta(seconds=1)) is pack
    assert readable_pack(session, stay, now=pack.until) is None
    assert pack_of(session, stay) is pack


@pytest.mark.parametrize("last", [None, today(NOW) - timedelta(days=1), today(NOW) + LONGEST + timedelta(days=1)])
def test_the_last_day_is_to_come_and_near(session, stay, last):
    with pytest.raises(Invalid) as refused:
        give_pack(session, stay, Giving(last_day=last), by=BROKER, now=NOW)
    assert refused.value.field == "last_day"


def test_the_usual_last_day_counts_from_the_first_night(session, stay):
    stay.start_on = night(10)
    assert usual_last_day(session, stay, now=NOW) == night(10) + timedelta(days=14)
    stay.start_on = night(-10)
    assert usual_last_day(session, stay, now=NOW) == today(NOW) + timedelta(days=14)


def test_a_yes_asks_for_the_details_and_giving_them_settles_that(session):
    stay = a_placement(session, a_unit(session), state=PlacementState.RESERVED, expires_at=NOW + timedelta(hours=1))
    a_colleague(session, stay, "carer@example.org")
    confirm(session, stay, by=provider_of(stay), now=NOW)
    session.flush()
    asked = select(Task).where(Task.kind == "release_pack")
    assert session.scalars(asked).one().state is TaskState.OPEN
    give_pack(session, stay, GIVING, by=BROKER, now=NOW)
    assert session.scalars(asked).one().state is TaskState.DONE
    told = session.scalars(select(Message).where(Message.kind == "pack_given")).one()
    assert (told.recipient, told.path) == ("carer@example.org", f"/provider/placements/{stay.id}")


def test_every_opening_is_noted_by_name_and_lasts_an_hour_for_who_opened(session, stay):
    give_pack(session, stay, GIVING, by=BROKER, now=NOW)
    one, other = reader(session, stay), a_colleague(session, stay).actor()
    assert opened_pack(session, stay, by=one, now=NOW) is None
    open_pack(session, stay, by=one, now=NOW)
    session.flush()
    assert opened_pack(session, stay, by=one, now=NOW + timedelta(minutes=59)) is not None
    assert opened_pack(session, stay, by=one, now=NOW + timedelta(minutes=60)) is None
    assert opened_pack(session, stay, by=other, now=NOW) is None
    assert [(line.event, line.actor_id) for line in openings_of(session, stay)] == [("pack_opened", one.user_id)]


def test_given_anew_it_is_one_and_has_to_be_opened_again(session, stay):
    first = give_pack(session, stay, GIVING, by=BROKER, now=NOW)
    by = reader(session, stay)
    open_pack(session, stay, by=by, now=NOW)
    second = give_pack(session, stay, replace(GIVING, note="Now Beatrice"), by=BROKER, now=NOW)
    session.flush()
    assert (first.taken_back_by, pack_of(session, stay)) == (BROKER.name, second)
    assert opened_pack(session, stay, by=by, now=NOW) is None
    assert story(session, stay) == [
        "gave the provider the person’s details", "opened the person’s details",
        "took the person’s details back", "gave the provider the person’s details",
    ]  # fmt: skip


def test_taken_back_it_is_read_no_longer_and_cannot_be_taken_back_twice(session, stay):
    give_pack(session, stay, GIVING, by=BROKER, now=NOW)
    take_pack_back(session, stay, by=BROKER, now=NOW)
    assert readable_pack(session, stay, now=NOW) is None
    with pytest.raises(OutOfStep, match="no details"):
        take_pack_back(session, stay, by=BROKER, now=NOW)


def test_only_files_that_were_given_are_saved_and_only_while_it_is_open(session, stay, tmp_path):
    files = FolderStore(tmp_path)
    plan, other = (
        attach(session, files, stay.referral, name=f"{name}.txt", content=b"words", most_bytes=99, by=BROKER, now=NOW)
        for name in ("plan", "other")
    )
    pack = give_pack(session, stay, replace(GIVING, files=[plan.id]), by=BROKER, now=NOW)
    by = reader(session, stay)
    with pytest.raises(OutOfStep, match="Open the person’s details first"):
        save_file(session, plan.id, by=by, now=NOW)
    open_pack(session, stay, by=by, now=NOW)
    session.flush()
    assert save_file(session, plan.id, by=by, now=NOW) is plan
    assert openings_of(session, stay)[0].event == "pack_file_saved"
    with pytest.raises(NotFound):
        save_file(session, other.id, by=by, now=NOW)
    give_pack(session, stay, GIVING, by=BROKER, now=NOW)
    open_pack(session, stay, by=by, now=NOW)
    session.flush()
    with pytest.raises(OutOfStep):  # it was given once, and is not any more
        save_file(session, plan.id, by=by, now=NOW)
    remove(session, plan, by=BROKER, now=NOW)
    session.flush()
    session.expire(pack)
    with pytest.raises(NotFound):
        save_file(session, plan.id, by=by, now=NOW)
    with pytest.raises(Invalid, match="removed since"):
        give_pack(session, stay, replace(GIVING, files=[plan.id, other.id]), by=BROKER, now=NOW)


def test_what_is_brokerages_own_is_no_part_of_it(session, stay):
    referral = stay.referral
    referral.budget_weekly_pence, referral.near_postcode = 123_456, "CV9 9ZZ"
    shown = identified(stay, day=date(2030, 1, 1))
    told = " ".join(map(str, (getattr(shown, name) for name in shown.__slots__)))
    assert stay.person.name in told
    assert not any(word in told for word in ("123", "CV9 9ZZ"))
