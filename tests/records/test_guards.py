"""R3: SQL that skips the product is refused by the database itself, on both engines, under a name of its own."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import CheckConstraint, create_engine, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from placement.domain.claims import ClaimVerdict
from placement.domain.features import Evidence
from placement.domain.people import SYSTEM, Role
from placement.domain.scenarios import Verb
from placement.domain.states import PlacementState
from placement.records.allowance import AllowanceGrant
from placement.records.attachments import Attachment
from placement.records.choices import Choice, OptionsSheet, SheetOption
from placement.records.claims import ClaimRuling
from placement.records.digests import DigestChoice
from placement.records.events import record
from placement.records.holds import PlaceHold, RuledOut
from placement.records.invitations import invite
from placement.records.join_requests import ask_to_join
from placement.records.messages import send_later
from placement.records.offers import Offer
from placement.records.others import OtherStay
from placement.records.outcomes import ProposalStay
from placement.records.overrides import PairOverride
from placement.records.packs import Pack
from placement.records.placements import StayConcern
from placement.records.providers import SharedCap, Standing
from placement.records.runs import MatchRun, Proposal
from placement.records.scenarios import Scenario, ScenarioChange
from placement.records.tables import Base
from placement.records.tasks import Task
from placement.records.users import User
from placement.records.vacancies import Closure
from tests.builders import a_person, a_placement, a_referral, a_report, a_series, a_service, a_unit, night
from tests.conftest import NOW

COPY = (
    "INSERT INTO placement (person_id, referral_id, unit_id, state, start_on, end_on, is_in_city, created_at, "
    "expires_at, choice_reason, out_of_city_evidence, approved_by, version, council) "
    "SELECT {person}, {referral}, {unit}, state, {start}, {end}, is_in_city, created_at, expires_at, "
    "choice_reason, out_of_city_evidence, approved_by, version, council FROM placement WHERE id = {stay}"
)
REPORT = (
    "INSERT INTO vacancy_report "
    "(unit_id, reported_at, reporter, maximum, occupied, reserved, accepting, counted, is_unchanged) "
    "SELECT unit_id, reported_at, reporter, {}, is_unchanged FROM vacancy_report"
)
_TOLD = (
    "sheet_id, unit_id, basis, service_name, unit_name, provider_name, kind_of_service, address, postcode, is_in_city, "
    "conditions, meets, lacks, is_available, why_not, rating, start_on, end_on"
)
OPTION = (
    f"INSERT INTO sheet_option (position, weekly_pence, top_up_pence, is_affordable, {_TOLD}) "
    f"SELECT {{}}, {{}}, {_TOLD} FROM sheet_option"
)
# For each CHECK: a value that it must refuse. A new CHECK needs a line here.
BROKEN = {
    "ck_digest_choice_hour": "UPDATE digest_choice SET hour = 24",
    "ck_service_quality": "UPDATE service SET quality = 4",
    "ck_unit_capacity": "UPDATE unit SET capacity = -1",
    "ck_unit_ages": "UPDATE unit SET min_age = 121",
    "ck_unit_crisis_places": "UPDATE unit SET crisis_places = -1",
    "ck_unit_price": "UPDATE unit SET weekly_pence = 0",
    "ck_unit_price_band": "UPDATE unit SET weekly_most_pence = weekly_pence",
    "ck_claim_ruling_undone": "UPDATE claim_ruling SET undone_at = ruled_at",
    "ck_unit_turnaround_nights": "UPDATE unit SET turnaround_nights = 29",
    "ck_other_stay_period": "UPDATE other_stay SET end_on = '2000-01-01'",
    "ck_other_stay_places": "UPDATE other_stay SET places = 0",
    "ck_other_stay_ended": "UPDATE other_stay SET ended_at = created_at, end_on = NULL",
    "ck_shared_cap_places": "UPDATE shared_cap SET places = -1",
    "ck_standing_period": "UPDATE standing SET end_on = start_on",
    "ck_closure_period": "UPDATE closure SET end_on = start_on",
    "ck_closure_places": "UPDATE closure SET places = 0",
    "ck_stay_concern_settled": "UPDATE stay_concern SET outcome = 'stays'",
    "ck_user_provider_has_organisation": "UPDATE \"user\" SET role = 'provider'",
    "ck_invitation_provider_has_organisation": "UPDATE invitation SET role = 'provider'",
    "ck_invitation_over": "UPDATE invitation SET taken_up_at = invited_at, withdrawn_at = invited_at",
    "ck_join_request_answered": "UPDATE join_request SET answered_at = asked_at",
    "ck_user_limited": "UPDATE \"user\" SET is_limited = (1 = 1), role = 'broker', provider_id = NULL",
    "ck_user_rights": "UPDATE \"user\" SET rights = 'viewer'",
    "ck_pair_override_undone": "UPDATE pair_override SET undone_by = 'S'",
    "ck_pack_until": "UPDATE pack SET until = given_at",
    "ck_pack_taken_back": "UPDATE pack SET taken_back_by = 'S'",
    "ck_attachment_size": "UPDATE attachment SET size = 0",
    "ck_referral_window": "UPDATE referral SET latest_on = '2000-01-01'",
    "ck_referral_nights": "UPDATE referral SET nights = 0",
    "ck_referral_miles": "UPDATE referral SET max_miles = 0",
    "ck_referral_budget": "UPDATE referral SET budget_weekly_pence = 0",
    "ck_referral_complete": "UPDATE referral SET submitted_at = NULL",
    "ck_referral_series_pattern": "UPDATE referral_series SET every = 4",
    "ck_referral_stay_number": "UPDATE referral_stay SET number = 1",
    "ck_referral_stay_window": "UPDATE referral_stay SET latest_on = '2000-01-01'",
    "ck_referral_stay_nights": "UPDATE referral_stay SET nights = 0",
    "ck_proposal_stay_place": "UPDATE proposal_stay SET unit_id = NULL WHERE number = 1",
    "ck_allowance_grant_nights": "UPDATE allowance_grant SET nights = 0",
    "ck_placement_period": "UPDATE placement SET end_on = '2000-01-01'",
    "ck_placement_expiry": "UPDATE placement SET state = 'reserved', expires_at = NULL",
    "ck_placement_out_of_city_has_reason": "UPDATE placement SET is_in_city = {false}",
    "ck_place_hold_period": "UPDATE place_hold SET end_on = start_on",
    "ck_ruled_out_undone": "UPDATE ruled_out SET undone_at = ruled_at",
    "ck_message_sent": "UPDATE message SET state = 'sent'",
    "ck_offer_period": "UPDATE offer SET end_on = '2000-01-01'",
    "ck_offer_sent": "UPDATE offer SET state = 'sent'",
    "ck_offer_declined": "UPDATE offer SET sent_at = made_at, state = 'declined'",
    "ck_offer_price": "UPDATE offer SET weekly_pence = 0",
    "ck_options_sheet_budget": "INSERT INTO options_sheet "
    "(referral_id, state, reference, person_name, case_number, near, budget_weekly_pence, has_option_within_reach, "
    "given_anyway_note, given_at, given_by, version, council) SELECT referral_id, state, reference, person_name, "
    "case_number, near, 0, has_option_within_reach, '', given_at, given_by, version, council FROM options_sheet",
    "ck_options_sheet_given_anyway": "INSERT INTO options_sheet "
    "(referral_id, state, reference, person_name, case_number, near, has_option_within_reach, "
    "given_anyway_note, given_at, given_by, version, council) SELECT referral_id, state, reference, person_name, "
    "case_number, near, {false}, '', given_at, given_by, version, council FROM options_sheet",
    "ck_options_sheet_withdrawn": "UPDATE options_sheet SET state = 'withdrawn'",
    "ck_options_sheet_withdrawn_reason": "UPDATE options_sheet SET withdrawn_reason = 'replaced'",
    "ck_sheet_option_position": OPTION.format("0, 1, 0", "{true}"),
    "ck_sheet_option_price": OPTION.format("9, 0, 0", "{true}"),
    "ck_sheet_option_top_up": OPTION.format("9, 1, -1", "{true}"),
    "ck_sheet_option_affordable": OPTION.format("9, 1, 0", "NULL"),
    "ck_sheet_option_period": OPTION.format("9, 1, 0", "{true}").replace("end_on FROM", "date '2000-01-01' FROM"),
    "ck_choice_none": "INSERT INTO choice (sheet_id, number, position, none_reason, chooser, chosen_by, way, words, "
    "chosen_on, recorded_at, recorded_by) SELECT sheet_id, 9, NULL, NULL, chooser, chosen_by, way, words, chosen_on, "
    "recorded_at, recorded_by FROM choice",
    "ck_task_ended": "UPDATE task SET state = 'done'",
    "ck_price_limit_points": "INSERT INTO price_limit (council, kind, most_points) VALUES ('E08000026', 'respite', -1)",
    "ck_scenario_period": "UPDATE scenario SET last_on = '2000-01-01'",
    "ck_scenario_seed": "UPDATE scenario SET seed = -1",
    "ck_scenario_change_places": "UPDATE scenario_change SET places = 0",
    "ck_scenario_change_price": "UPDATE scenario_change SET weekly_pence = 0",
    "ck_match_run_budget": "UPDATE match_run SET budget_seconds = 0",
    "ck_vacancy_report_not_negative": REPORT.format("1, -1, 1, 0, 0"),
    "ck_vacancy_report_adds_up": REPORT.format("1, 1, 0, 1, 0"),
    "ck_vacancy_report_counted": REPORT.format("1, 0, 0, 1, 1"),
}


@pytest.fixture
def past_the_product(database):
    """A connection that knows nothing of the product: no hooks, no session, no model."""
    engine = create_engine(database.url)

    @contextmanager
    def connect():
        with engine.begin() as connection:
            yield connection

    yield connect
    engine.dispose()


@pytest.fixture
def stay(store):
    """A stay of nights 3 to 7 in a unit with one place, another person waiting, and a row for every CHECK."""
    with store.writing() as session:
        unit = a_unit(session, accepting=1)
        _rows_for_every_check(session, unit)
        other = a_referral(session)
        run = session.scalars(select(MatchRun)).one()
        first = ProposalStay(number=1, earliest_on=night(0), latest_on=night(0), nights=2, unit_id=unit.id,
                             start_on=night(0))  # fmt: skip
        second = ProposalStay(number=2, earliest_on=night(9), latest_on=night(9), nights=2)
        series = a_series(session, 0, 9)
        session.add(AllowanceGrant(person_id=series.person_id, year_from=night(0), nights=3, reason="R",
                                   granted_at=NOW, granted_by="M"))  # fmt: skip
        session.add(Proposal(run=run, referral=series, unit=unit, start_on=night(0), stays=[first, second]))
        found = a_placement(session, unit, start=3, nights=4)
        session.add(StayConcern(placement_id=found.id, cause="closure", raised_at=NOW, raised_by="Somebody"))
        session.add(
            Offer(
                referral=other, unit=unit, rank=1, start_on=night(0), end_on=night(7), made_at=NOW, due_at=NOW,
                reply_by=NOW,
            )
        )  # fmt: skip
        session.add(a_sheet(other, unit))
        session.add(
            PlaceHold(referral=other, unit=unit, start_on=night(8), end_on=night(9), held_at=NOW, held_by="B",
                      held_until=NOW)
        )  # fmt: skip
        session.add(RuledOut(referral_id=other.id, unit_id=unit.id, reason="risk", ruled_by="B", ruled_at=NOW))
        session.add(ClaimRuling(unit_id=unit.id, slug="hoist", verdict=ClaimVerdict.VERIFIED, note="N", ruled_by="C",
                                ruled_at=NOW, was=Evidence.DECLARED, was_by=""))  # fmt: skip
        session.add(
            Attachment(referral_id=other.id, key="k", name="a.pdf", kind="pdf", size=1, added_at=NOW, added_by="S")
        )
        session.add(
            PairOverride(referral_id=other.id, unit_id=unit.id, facts={}, reason="R", given_by="B", given_at=NOW)
        )
        session.add(Pack(placement_id=found.id, given_at=NOW, given_by="B", until=NOW + timedelta(days=1)))
        session.add(
            Scenario(name="S", first_on=night(-9), last_on=night(-1), written_at=NOW, writer="C", changes=[
                ScenarioChange(verb=Verb.OPEN, start_on=night(-9), unit_id=unit.id, places=1)])
        )  # fmt: skip
        send_later(session, "offer_sent", to="a@example.org", reference="RF-1", now=NOW)
        session.add(
            Task(kind="follow_up", subject="referral", subject_id=1, due_at=NOW, made_at=NOW, made_by="Somebody")
        )
        return {"stay": found.id, "person": other.person_id, "referral": other.id, "unit": unit.id}


def a_sheet(referral, unit):
    """Return a sheet with one option, which was chosen."""
    option = SheetOption(
        position=1, unit_id=unit.id, basis="by_numbers", service_name="H", unit_name="U", provider_name="P",
        kind_of_service="Home", address="", postcode="CV1 5RR", is_in_city=True, weekly_pence=100, top_up_pence=0,
        start_on=night(0), rating="Good", meets=[], lacks=[], is_available=True, is_affordable=True, why_not=[],
    )  # fmt: skip
    choice = Choice(
        number=1, position=1, chooser="person", way="visit", chosen_on=night(0), recorded_at=NOW, recorded_by="B"
    )
    return OptionsSheet(
        referral=referral, reference="R", person_name="A", case_number="C", has_option_within_reach=True, given_at=NOW,
        given_by="B", options=[option], choices=[choice],
    )  # fmt: skip


def _rows_for_every_check(session, unit):
    invite(session, email="b@example.org", name="B", role=Role.BROKER, by=SYSTEM, now=NOW)
    ask_to_join(
        session, number="1-100100", organisation="O", name="C", email="c@example.org", telephone="024",
        council="E08000026", now=NOW,
    )  # fmt: skip
    session.add(
        Standing(
            provider_id=unit.service.provider_id, status="none", start_on=night(0), reason="", decided_by="Somebody",
            created_at=NOW,
        )
    )  # fmt: skip
    session.add(
        Closure(
            unit_id=unit.id, start_on=night(100), end_on=night(101), places=1, reason="other", created_at=NOW,
            created_by="Somebody",
        )
    )  # fmt: skip
    session.add(
        OtherStay(
            unit_id=unit.id, purpose="contract", start_on=night(200), end_on=night(201), created_at=NOW,
            created_by="Somebody",
        )
    )  # fmt: skip
    session.add(SharedCap(service=unit.service, name="Staff", places=1, units=[]))
    session.add(MatchRun(requested_at=NOW, requester="Somebody"))
    user = User(email="a@example.org", name="A", role="broker", password_hash="", created_at=NOW)
    session.add(user)
    session.flush()
    session.add(DigestChoice(user_id=user.id, is_on=True, hour=8))
    session.flush()


def copied(stay, start=3, end=7, **values):
    dates = {"start": f"date '{night(start)}'", "end": "NULL" if end is None else f"date '{night(end)}'"}
    return COPY.format(**(stay | dates | values))


def run(past_the_product, database, statement):
    if database.engine == "sqlite":
        statement = statement.replace("date '", "'")
    with past_the_product() as connection:
        connection.execute(text(statement))


def test_one_stay_more_than_there_are_places_is_refused_and_one_on_other_nights_is_taken(
    past_the_product, database, stay
):
    for start, end in ((3, 7), (0, 4), (6, 9), (4, 5), (0, None)):
        with pytest.raises(IntegrityError, match="placement_over_capacity"):
            run(past_the_product, database, copied(stay, start, end))
    run(past_the_product, database, copied(stay, 7, 100))


@pytest.mark.parametrize(
    "change",
    [
        "end_on = date '{later}'",
        "end_on = NULL",
        "start_on = date '{sooner}'",
        "unit_id = {full}",
        "state = 'confirmed'",
    ],
    ids=["later end", "no end", "earlier start", "another unit", "released stay comes back"],
)
def test_a_stay_cannot_grow_into_nights_that_are_taken(past_the_product, database, store, stay, change):
    with store.writing() as session:
        unit = a_unit(session, accepting=1)
        a_placement(session, unit, start=0, nights=3)
        middle = a_placement(session, unit, start=3, nights=4).id
        a_placement(session, unit, start=7, nights=None)
        full = a_unit(session, accepting=1)
        a_placement(session, full, start=3, nights=4)
        full_id, unit_id = full.id, unit.id
    if change.startswith("state"):
        run(past_the_product, database, f"UPDATE placement SET state = 'released' WHERE id = {middle}")
        run(
            past_the_product,
            database,
            copied(stay | {"stay": middle, "unit": unit_id}).replace(", state, date", ", 'active', date"),
        )
    change = change.format(later=night(8), sooner=night(2), full=full_id)

    with pytest.raises(IntegrityError, match="placement_over_capacity"):
        run(past_the_product, database, f"UPDATE placement SET {change} WHERE id = {middle}")


def test_a_stay_may_shrink_end_and_be_released_even_in_a_unit_that_is_over_full(past_the_product, database, store):
    with store.writing() as session:
        unit = a_unit(session, accepting=2, capacity=2)
        first, second = (a_placement(session, unit, nights=9).id for _ in range(2))
        a_report(session, unit, maximum=2, occupied=2, accepting=0)

    run(past_the_product, database, f"UPDATE placement SET end_on = date '{night(5)}' WHERE id = {first}")
    run(past_the_product, database, f"UPDATE placement SET state = 'active' WHERE id = {first}")
    run(past_the_product, database, f"UPDATE placement SET state = 'ended' WHERE id = {first}")
    run(past_the_product, database, f"UPDATE placement SET state = 'released' WHERE id = {second}")


def test_a_unit_that_never_reported_takes_nobody(past_the_product, database, store, stay):
    with store.writing() as session:
        silent = a_unit(session, accepting=None).id
    with pytest.raises(IntegrityError, match="placement_over_capacity"):
        run(past_the_product, database, copied(stay, unit=silent))


def test_a_closed_place_is_no_place(past_the_product, database, stay):
    with pytest.raises(IntegrityError, match="placement_over_capacity"):
        run(past_the_product, database, copied(stay, 99, 102))


def test_a_pool_behind_two_units_is_not_used_twice(past_the_product, database, store):
    with store.writing() as session:
        service = a_service(session)
        first, second = (a_unit(session, service=service, accepting=1) for _ in range(2))
        session.add(SharedCap(service=service, name="Waking nights", places=1, units=[first, second]))
        session.flush()
        stay = a_placement(session, first, start=3, nights=4)
        referral = a_referral(session)
        ids = {"stay": stay.id, "person": referral.person_id, "referral": referral.id, "unit": second.id}
    with pytest.raises(IntegrityError, match="placement_over_shared_cap"):
        run(past_the_product, database, copied(ids))


def test_one_person_is_never_in_two_places_on_one_night(past_the_product, database, store):
    with store.writing() as session:
        unit = a_unit(session, accepting=5, capacity=5)
        stay = a_placement(session, unit, start=3, nights=4)
        later = a_placement(session, unit, start=7, nights=None, person=stay.person)
        ids = {"stay": stay.id, "person": stay.person_id, "referral": stay.referral_id, "unit": unit.id}
        later_id = later.id

    for start, end in ((3, 7), (6, 8), (0, 4), (20, 21), (0, None)):
        with pytest.raises(IntegrityError, match="placement_one_place_a_person"):
            run(past_the_product, database, copied(ids, start, end))
    with pytest.raises(IntegrityError, match="placement_one_place_a_person"):
        run(past_the_product, database, f"UPDATE placement SET start_on = date '{night(6)}' WHERE id = {later_id}")
    run(past_the_product, database, copied(ids, 0, 3))


def test_a_released_stay_cannot_come_back_while_the_person_is_elsewhere(past_the_product, database, store):
    with store.writing() as session:
        person = a_person(session)
        released = a_placement(session, a_unit(session), person=person, state=PlacementState.RELEASED).id
        a_placement(session, a_unit(session), person=person)
    with pytest.raises(IntegrityError, match="placement_one_place_a_person"):
        run(past_the_product, database, f"UPDATE placement SET state = 'active' WHERE id = {released}")


@pytest.mark.parametrize("table", ["audit_line", "vacancy_report"])
@pytest.mark.parametrize("change", ["UPDATE {table} SET {column}", "DELETE FROM {table}"])
def test_what_is_append_only_is_never_changed_or_deleted(past_the_product, database, store, stay, table, change):
    with store.writing() as session:
        record(session, "person_added", a_person(session), by=SYSTEM, now=NOW)
    column = "event = 'nothing'" if table == "audit_line" else "accepting = 0"
    count = text(f"SELECT count(*), max(id) FROM {table}")
    with past_the_product() as connection:
        before = connection.execute(count).one()
    assert before[0] > 0
    with pytest.raises(DBAPIError, match=f"{table}_append_only"):
        run(past_the_product, database, change.format(table=table, column=column))
    with past_the_product() as connection:
        assert connection.execute(count).one() == before


@pytest.mark.parametrize("table", ["audit_line", "vacancy_report"])
def test_what_is_append_only_cannot_be_replaced_or_emptied_either(past_the_product, database, store, stay, table):
    """REPLACE deletes without a trigger for deletes, and TRUNCATE without one for rows."""
    with store.writing() as session:
        record(session, "person_added", a_person(session), by=SYSTEM, now=NOW)
    if database.engine == "sqlite":
        attacks = (
            f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
            f"REPLACE INTO {table} SELECT * FROM {table}",
        )
    else:
        attacks = (
            f"TRUNCATE {table} CASCADE",
            "TRUNCATE pack, pack_file, choice, sheet_option, offer_message, offer, placement, other_stay, "
            "stay_concern, vacancy_report",
            'TRUNCATE "user" CASCADE',
        )
        attacks = tuple(attack for attack in attacks if table == "vacancy_report" or "placement" not in attack)
    rows = text(f"SELECT * FROM {table} ORDER BY id")
    with past_the_product() as connection:
        before = connection.execute(rows).all()
    assert before
    for attack in attacks:
        with pytest.raises(DBAPIError, match="append_only"):
            run(past_the_product, database, attack)
    with past_the_product() as connection:
        assert connection.execute(rows).all() == before


def test_one_run_of_a_council_is_under_way_at_a_time(past_the_product, database, stay):
    again = (
        "INSERT INTO match_run (state, requested_at, requester, seed, budget_seconds, cancel_requested, attempts, "
        "progress, failure, council) SELECT {state}, requested_at, requester, seed, budget_seconds, cancel_requested, "
        "attempts, progress, failure, {council} FROM match_run WHERE id = 1"
    )
    for state in ("'queued'", "'running'"):
        with pytest.raises(IntegrityError, match="match_run"):
            run(past_the_product, database, again.format(state=state, council="council"))
    run(past_the_product, database, again.format(state="'finished'", council="council"))
    run(past_the_product, database, again.format(state="'queued'", council="'E08000029'"))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE options_sheet SET budget_weekly_pence = 1",
        "UPDATE options_sheet SET person_name = 'Somebody else'",
        "UPDATE sheet_option SET weekly_pence = 1",
        "UPDATE sheet_option SET is_available = is_available",
        "UPDATE choice SET chooser = 'family'",
    ],
)
def test_what_was_given_and_chosen_is_never_changed(past_the_product, database, stay, change):
    with pytest.raises(DBAPIError, match=f"{change.split()[1]}_frozen"):
        run(past_the_product, database, change)
    withdrawn = "state = 'withdrawn', withdrawn_at = given_at, withdrawn_reason = 'replaced', version = 2"
    run(past_the_product, database, f"UPDATE options_sheet SET {withdrawn}")
    for table in ("choice", "sheet_option", "options_sheet"):  # what is kept about a person ends one day
        run(past_the_product, database, f"DELETE FROM {table}")


def test_every_check_has_a_name_and_an_example_here():
    checks = [each for table in Base.metadata.tables.values() for each in table.constraints]
    names = {each.name for each in checks if isinstance(each, CheckConstraint) and not each._type_bound}
    assert None not in names
    assert names == set(BROKEN), "every CHECK needs a statement in BROKEN that it refuses"


def test_every_check_refuses_what_it_is_for(past_the_product, database, stay):
    said = {"false": "0", "true": "1"} if database.engine == "sqlite" else {"false": "false", "true": "true"}
    for name, statement in BROKEN.items():
        with pytest.raises(IntegrityError, match=name):
            run(past_the_product, database, statement.format(**said))
