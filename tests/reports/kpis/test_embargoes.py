from datetime import date

from sqlalchemy import text

from placement.domain.people import SYSTEM
from placement.domain.states import Status
from placement.market.services import set_standing
from placement.reports.kpis.embargoes import embargo_tables
from tests.builders import a_provider
from tests.conftest import NOW
from tests.reports.kpis.worlds import asked_for, cells_of

GIVEN = (
    (Status.SUSPENDED, "staffing", date(2026, 7, 1), date(2026, 9, 30)),
    (Status.SUSPENDED, "quality", date(2026, 6, 30), date(2026, 10, 1)),
    (Status.HANDED_BACK, "money", date(2026, 9, 30), None),
    (Status.CAUTION, "staffing", date(2026, 8, 1), None),
    (Status.PAUSED, "not_recorded", date(2025, 1, 1), date(2026, 1, 1)),
    (Status.CLOSING, "own_decision", date(2026, 10, 1), None),
)


def test_what_began_ended_and_holds_is_what_sql_counts(store):
    with store.writing() as session:
        for status, cause, start, end in GIVEN:
            provider = a_provider(session)
            set_standing(
                session, provider, status, start_on=start, end_on=end, cause=cause, reason="x", by=SYSTEM, now=NOW
            )
    for span in asked_for().spans:
        with store.reading() as session:
            by_status, by_cause = (cells_of(table) for table in embargo_tables(session, asked_for(span.slug)))
            days = {"first": span.period.start.isoformat(), "after": span.period.end.isoformat()}
            for status in Status:
                if status is not Status.NONE:
                    rows = _plain(session, "status = :value", days | {"value": status.value})
                    assert tuple(by_status[status.label, words] for words in WORDS) == rows
            barring = "status IN ('paused', 'suspended', 'closing', 'handed_back') AND cause = :value"
            rows = _plain(session, barring, days | {"value": "staffing"})
            assert tuple(by_cause["Not enough staff", words] for words in WORDS) == rows


def test_the_last_quarter_of_the_example(store):
    with store.writing() as session:
        for status, cause, start, end in GIVEN:
            set_standing(
                session, a_provider(session), status,
                start_on=start, end_on=end, cause=cause, reason="x", by=SYSTEM, now=NOW,
            )  # fmt: skip
    with store.reading() as session:
        told, _ = (cells_of(table) for table in embargo_tables(session, asked_for("2026-q3")))

    assert [told["Suspended", words] for words in WORDS] == [1, 1, 1]
    assert [told["Contract handed back", words] for words in WORDS] == [1, 0, 1]
    assert [told["Closing", words] for words in WORDS] == [0, 0, 0]


WORDS = ("Began", "Ended", "Hold on the last day")


def _plain(session, where, values):
    count = "SELECT count(*) FROM standing WHERE " + where
    conditions = (
        "start_on >= :first AND start_on < :after",
        "end_on >= :first AND end_on < :after",
        "start_on < :after AND (end_on IS NULL OR end_on >= :after)",
    )
    return tuple(session.execute(text(f"{count} AND {each}"), values).scalar_one() for each in conditions)
