"""Several workers at once write a person's e-mail of the day, and the line that a service was reminded: one of each."""

from __future__ import annotations

from sqlalchemy import func, select

from placement.domain.people import SYSTEM, Role
from placement.market.freshness import stale
from placement.market.reminders import remind
from placement.market.vacancies import DUE_AFTER
from placement.records.accounts import add_user
from placement.records.digests import Digest
from placement.records.events import AuditLine
from placement.records.messages import Message
from placement.records.providers import Service, Unit
from placement.records.reminders import Reminder
from placement.records.users import User
from tests.conftest import NOW
from tests.races.conftest import FEW
from tests.races.racing import DONE
from tests.races.stage import last_places

LATER = NOW + DUE_AFTER
ROUNDS = 3


def write(session, _setting, number, racer):
    """Write to one of the two people of the provider, a week a round."""
    now = LATER + DUE_AFTER * number
    users = session.scalars(select(User).order_by(User.id)).all()
    return remind(session, users[racer % 2], stale(session, now=now), now=now)


def test_one_mail_a_person_a_day_however_many_workers_write_it(store, database, few):
    with store.writing() as session:
        (unit, *_) = last_places(session, 3)
        provider_id = session.get_one(Unit, unit).service.provider_id
        for name in ("one", "two"):
            add_user(
                session, email=f"{name}@example.org", name="P", role=Role.PROVIDER, password="long enough words",
                provider_id=provider_id, by=SYSTEM, now=NOW,
            )  # fmt: skip
        services = session.scalar(select(func.count(Service.id)))
    result = few.race(database.url, [write] * FEW, rounds=ROUNDS, setting={})

    assert not result.unhandled
    assert set(result.counts()) == {DONE}
    with store.reading() as session:
        assert session.scalar(select(func.count(Digest.id))) == 2 * ROUNDS
        assert session.scalar(select(func.count(Message.id))) == 2 * ROUNDS
        assert session.scalar(select(func.count(Reminder.id))) == services * ROUNDS
        lines = select(func.count(AuditLine.id)).where(AuditLine.event == "service_reminded")
        assert session.scalar(lines) == services * ROUNDS
