"""R14: every revision goes down and up again on a populated database and changes nothing but what it is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from alembic.script import ScriptDirectory
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import MetaData, inspect, select, text
from sqlalchemy.exc import DBAPIError

from placement.domain.claims import ClaimVerdict
from placement.domain.features import Evidence, Strength
from placement.domain.people import SYSTEM, Role
from placement.domain.scenarios import Verb
from placement.domain.services import TypeWish
from placement.domain.states import MessageState, OfferState, PlacementState, ReferralState
from placement.geography.ward_names import KNOWN_WARD_SETS
from placement.matching.tiers.solving import solve
from placement.planning.runs import claim_run, publish_run, request_run, snapshot_run
from placement.records.accounts import add_user, start_sign_in
from placement.records.allowance import AllowanceGrant
from placement.records.attachments import Attachment
from placement.records.choices import Choice, OptionsSheet, SheetOption
from placement.records.claims import ClaimRuling
from placement.records.contacts import CouncilContact
from placement.records.digests import Wish, choose_digest, take_day
from placement.records.events import record
from placement.records.holds import PlaceHold, RuledOut
from placement.records.invitations import invite
from placement.records.join_requests import ask_to_join
from placement.records.kept_forms import TypedBefore, keep_form
from placement.records.links import MailLink, Purpose
from placement.records.looking import Looking
from placement.records.messages import Message
from placement.records.notes import CaseNote
from placement.records.offers import Offer, OfferMessage
from placement.records.others import OtherStay
from placement.records.outcomes import (
    ProposalQuestion,
    ProposalReason,
    ProposalRival,
    ProposalStay,
    RunAnswer,
    RunObjective,
    UnmetCause,
    UnmetChange,
    UnmetNearest,
    UnmetNeed,
)
from placement.records.overrides import PairOverride
from placement.records.packs import Pack
from placement.records.placements import StayConcern
from placement.records.prices import PriceLimit, PriceList
from placement.records.providers import FormerRegistration, ServiceBand, SharedCap, Standing
from placement.records.referrals import Decline, ReferralNeed, ReferralSeries, ReferralStay, ReferralType
from placement.records.reminders import note_chase, note_reminder
from placement.records.runs import MatchRun, Proposal, RunDocuments
from placement.records.scenarios import Scenario, ScenarioChange, ScenarioResult
from placement.records.searches import KeptSearch
from placement.records.sections import AroundSection, PenPicture, PersonSection, RisksSection
from placement.records.sent_forms import SentForm
from placement.records.settings import NumberSet
from placement.records.tables import Base
from placement.records.tasks import Task
from placement.records.tracker import KeyedNumbers, MappedWords, set_category
from placement.records.tries import count_try
from placement.records.users import MemberService, PaperCode, SecondStep, Team, User
from placement.records.vacancies import Closure
from placement.records.valuations import Valuation
from placement.records.ward_sets import save_localities, save_ward_set, stored_localities
from placement.records.watermarks import Watermark
from placement.web.config import ROOT
from placement.web.extensions import db
from tests.builders import a_person, a_placement, a_provider, a_referral, a_report, a_service, a_unit, night
from tests.conftest import NOW

SCRIPTS = ScriptDirectory(str(ROOT / "migrations"))
REVISIONS = [script.revision for script in SCRIPTS.walk_revisions()]  # the newest first
MANY = 12


def populate(store):
    """Put rows into every table, through the product's own actions where they are at hand."""
    with store.writing() as session:
        save_ward_set(session, KNOWN_WARD_SETS[0], by=SYSTEM, now=NOW)
        save_localities(session, replace(stored_localities(session), is_assumed=False), by=SYSTEM, now=NOW)
        provider = a_provider(session, cqc_id="1-100")
        user = add_user(
            session, email="a@example.org", name="A", role=Role.PROVIDER, password="long enough",
            provider_id=provider.id, by=SYSTEM, now=NOW,
        )  # fmt: skip
        session.flush()
        start_sign_in(session, user.id, now=NOW, longest=timedelta(hours=12))
        count_try(session, "somebody", now=NOW)
        session.add(SecondStep(user_id=user.id, sealed="s" * 120, confirmed_at=NOW, last_interval=59000000))
        invite(session, email="b@example.org", name="Ünïcode", provider_id=provider.id, by=SYSTEM, now=NOW)
        ask_to_join(
            session, number="1-100100", organisation="Ünïcode", name="C", email="c@example.org", telephone="024",
            council="E08000026", now=NOW,
        )  # fmt: skip
        session.add(PaperCode(user_id=user.id, hash="h" * 64))
        session.add(SentForm(user_id=user.id, nonce="n" * 24, digest="d" * 64, sent_at=NOW, status=302, location="/"))
        typed = TypedBefore(path="/broker/", fields=[("name", "Ünïcode")])
        assert keep_form(session, user.id, typed, now=NOW)
        session.add(KeptSearch(user_id=user.id, words="Ünïcode", kept_at=NOW))
        run = MatchRun(requested_at=NOW, requester="Somebody", progress=[{"step": 1}])
        session.add(run)
        session.flush()
        session.add(PriceLimit(kind="respite", most_points=120))
        session.add(CouncilContact(team="Ünïcode", telephone="024 7655 0170"))
        session.add(NumberSet(slug="most_held_days", value=9))
        session.add(MappedWords(slug="occupied", words="Ünïcode"))
        user.team = Team(name="Ünïcode")
        session.add(MailLink(purpose=Purpose.OFFER, subject_id=1, user_id=user.id, hash="h" * 64, until=NOW))
        session.add(Watermark(name="a job", reached_at=NOW))
        choose_digest(session, user.id, Wish(is_on=True, hour=8))
        assert take_day(session, user.id, now=NOW)
        session.add(
            PriceList(
                computed_at=NOW, first_night=night(0), nights=90, seed=0, history_days=365, arrivals=MANY, seconds=0.5,
                versions={"placement": "0"}, prices=[[1, 0, 90, 12]],
            )
        )  # fmt: skip
        session.add(
            Scenario(
                name="Ünïcode", first_on=night(-9), last_on=night(-1), written_at=NOW, writer="C", versions={"a": "1"},
                changes=[ScenarioChange(verb=Verb.CONVERT, start_on=night(-9), kind_of=["pbs"], becomes=["autism"])],
                result=ScenarioResult(worlds={"was": {"people": 1}}, shifts=[], made=[], headline="Ünïcode"),
            )
        )  # fmt: skip
        session.add(
            Valuation(
                asked_at=NOW, asked_by="Ünïcode", first_on=night(-90), end_on=night(0), seed=0, finished_at=NOW,
                versions={"placement": "0"}, ideas=[{"area": "north", "gains": []}],
            )
        )  # fmt: skip
        session.add(RunDocuments(run_id=run.id, instance={"needs": []}, plan={"matches": []}))
        session.add(RunObjective(run_id=run.id, position=0, slug="in_city", value=2**40, bound=2**40))
        session.add(
            RunAnswer(
                run_id=run.id,
                is_proven=True,
                seconds=0.5,
                asked=1,
                in_city=1,
                out_by_choice=0,
                out_by_need=0,
                unplaced=0,
            )
        )
        for number in range(MANY):
            _market_and_demand(session, provider, run, number)


def _market_and_demand(session, provider, run, number):
    service = a_service(session, provider=provider, address="1 High Street", cqc_beds=number)
    session.add(MemberService(user_id=1, service_id=service.id))
    assert note_reminder(session, service.id, now=NOW)
    note_chase(session, [service.id], "Ünïcode", now=NOW)
    unit = a_unit(session, service=service, accepting=2, capacity=3, offers=("dementia", "hoist"), kinds="crisis",
                  crisis_places=1)  # fmt: skip
    set_category(session, unit, "transitional", by=SYSTEM, now=NOW)
    four = {"maximum": 3, "occupied": 1, "reserved": 0, "accepting": 2}
    session.add(KeyedNumbers(unit_id=unit.id, keyed_at=NOW, keyed_by="Ünïcode", **four))
    referral = a_referral(
        session, essential=("dementia",), persons_words="“Ünïcode”, and\nlines", max_miles=3.5, near_who="Her mother",
        near_postcode="CV1 5RR", urgency_note="The ward closes", funding="chc",
    )  # fmt: skip
    referral.avoided, referral.apart = [service], [a_person(session)]
    referral.person_said = PersonSection(changed="name home", name="Ünïcode", postcode="CV1 5RR", lat=52.4, lon=-1.5)
    referral.around = AroundSection(team="Ünïcode", telephone="024", carer="parent", carer_until_on=night(3))
    referral.dangers = RisksSection(risks="falls", legal="dols", note="“Ünïcode”\n")
    referral.is_recurring = True
    referral.series = ReferralSeries(take="most", every=4, unit="week", weekday=4, until_on=night(60), stays=[
        ReferralStay(number=2, earliest_on=night(28), latest_on=night(29), nights=3)])  # fmt: skip
    referral.pen = PenPicture(words="“Ünïcode”\n")
    referral.types = [ReferralType(slug="nursing", wish=TypeWish.RULED_OUT)]
    stay = a_placement(session, unit, referral=referral, person=referral.person, miles=1.25)
    report = a_report(session, unit, maximum=3, occupied=1, accepting=1)
    stay.counted_in_id, stay.run_id = report.id, run.id
    a_placement(session, unit, start=20, nights=None, state=PlacementState.RELEASED)
    user = session.scalars(select(User)).first()
    session.add(Looking(referral_id=referral.id, user_id=user.id, section="needs", seen_at=NOW))
    session.add_all(
        [
            Attachment(referral_id=referral.id, key=f"k{number}", name="Ünïcode.pdf", kind="pdf", size=2**31 - 1,
                       added_at=NOW, added_by="S"),
            AllowanceGrant(person_id=referral.person_id, year_from=night(0), nights=3, reason="“Ünïcode”",
                           granted_at=NOW, granted_by="M"),
            Pack(placement_id=stay.id, note="“Ünïcode”\n", given_at=NOW, given_by="S", until=NOW + timedelta(days=1),
                 files=[Attachment(referral_id=referral.id, key=f"p{number}", name="P.pdf", kind="pdf", size=1,
                                   added_at=NOW, added_by="S")]),
            CaseNote(referral_id=referral.id, words="“Ünïcode”\nlines", written_at=NOW, written_by="S"),
            FormerRegistration(cqc_location_id=f"1-{number}", service_id=service.id),
            ServiceBand(service_id=service.id, slug="older_people"),
            ClaimRuling(unit_id=unit.id, slug="hoist", verdict=ClaimVerdict.REFUSED, note="“Ünïcode”\n", ruled_by="S",
                        ruled_at=NOW, was=Evidence.DECLARED, was_by=""),
            SharedCap(service=service, name="Staff", places=5, units=[unit]),
            Standing(provider_id=provider.id, status="none", start_on=night(number), reason="", decided_by="S",
                     created_at=NOW),
            Closure(unit_id=unit.id, start_on=night(50), end_on=None, places=1, reason="other", created_at=NOW,
                    created_by="S"),
            OtherStay(unit_id=unit.id, purpose="contract", name="Ünïcode", start_on=night(60), end_on=night(61),
                      created_at=NOW, created_by="S", ended_at=NOW),
            StayConcern(placement_id=stay.id, cause="closure", raised_at=NOW, raised_by="S"),
            Offer(
                referral_id=referral.id, unit_id=unit.id, state=OfferState.DECLINED, rank=1, start_on=night(0),
                end_on=None, made_at=NOW, due_at=NOW, reply_by=NOW, sent_at=NOW, decline_reason="other",
                weekly_pence=2**31 - 1, conditions="“Ünïcode”", placement_id=stay.id,
                thread=[OfferMessage(is_providers=True, author="S", words="Ünïcode?\n", said_at=NOW)],
            ),
            Message(number=f"number {number}", recipient="a@example.org", kind="offer_sent", reference="RF-1",
                    path="/answer", state=MessageState.SENT, sent_at=NOW, written_at=NOW, next_at=NOW),
            Task(kind="follow_up", subject="referral", subject_id=referral.id, words="Ünïcode", due_at=NOW,
                 made_at=NOW, made_by="S"),
            Decline(referral_id=referral.id, unit_id=unit.id, reason="other", declined_by="S", declined_at=NOW),
            Proposal(
                run_id=run.id, referral_id=referral.id, unit_id=unit.id, start_on=night(0),
                reasons=[ProposalReason(position=0, sentence="near")],
                questions=[ProposalQuestion(position=0, slug="hoist")],
                stays=[ProposalStay(number=1, earliest_on=night(0), latest_on=night(1), nights=3, unit_id=unit.id,
                                    start_on=night(0))],
                rivals=[ProposalRival(position=0, referral_id=referral.id, changes={"in_city": -(2**40)})],
            ),
            PlaceHold(referral_id=referral.id, unit_id=unit.id, start_on=night(0), end_on=None, held_at=NOW,
                      held_by="Ünïcode", held_until=NOW),
            PairOverride(referral_id=referral.id, unit_id=unit.id, facts={"notice": "“Ünïcode”"}, reason="Ünïcode\n",
                         given_by="S", given_at=NOW),
            RuledOut(referral_id=referral.id, unit_id=unit.id, reason="other", note="“Ünïcode”", ruled_by="S",
                     ruled_at=NOW),
            UnmetNeed(
                run_id=run.id, referral_id=referral.id, is_met_out_of_city=False,
                causes=[UnmetCause(position=0, rule="nights", units=3)],
                changes=[UnmetChange(position=0, rule="nights", sentence="start later")],
                nearest=[UnmetNearest(position=0, unit_id=unit.id, refused_by="nights hold")],
            ),
        ]
    )  # fmt: skip
    session.add(_sheet(referral, unit))
    record(session, "place_reserved", stay, by=SYSTEM, now=NOW, rank=number)


def _sheet(referral, unit):
    option = SheetOption(
        position=1, unit_id=unit.id, basis="by_numbers", service_name="Ünïcode", unit_name="U", provider_name="P",
        kind_of_service="Home", address="", postcode="CV1 5RR", is_in_city=True, miles=1.5, weekly_pence=2**31 - 1,
        start_on=night(0), rating="Good", meets=["“Ünïcode”"], lacks=[], is_available=False, why_not=["Full."],
    )  # fmt: skip
    choice = Choice(
        number=1, position=1, chooser="person", way="visit", words="Ünïcode\n", chosen_on=night(0), recorded_at=NOW,
        recorded_by="B",
    )  # fmt: skip
    return OptionsSheet(
        referral=referral, reference="R", person_name="Ünïcode", case_number="C", has_option_within_reach=False,
        given_anyway="asked_for", given_at=NOW, given_by="B", options=[option], choices=[choice],
    )  # fmt: skip


def contents(engine):
    """Return the rows of every table, each as a mapping of its columns."""
    metadata = MetaData()
    with engine.connect() as connection:
        metadata.reflect(connection)
        tables = [table for name, table in metadata.tables.items() if name != "alembic_version"]
        return {table.name: [dict(row) for row in connection.execute(select(table)).mappings()] for table in tables}


def as_stored(engine):
    """Return the rows of every table as the engine stores them, and the names of its columns; no table is reflected."""
    rows, columns = {}, {}
    with engine.connect() as connection:
        for name in inspect(connection).get_table_names():
            if name != "alembic_version":
                found = connection.execute(text(f'SELECT * FROM "{name}"'))
                columns[name] = set(found.keys())
                rows[name] = [dict(row) for row in found.mappings()]
    return rows, columns


def kept(rows, names):
    """Return what stands in some columns of some tables, in an order of its own."""
    return {
        table: sorted(repr({name: row[name] for name in sorted(wanted)}) for row in rows[table])
        for table, wanted in names.items()
        if table in rows
    }


def shape(engine):
    """Return everything that the database knows of its own form: tables, CHECKs, indexes, triggers, functions."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            statement = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
            return {(kind, name, table): _words(sql) for kind, name, table, sql in connection.execute(text(statement))}
        return {name: sorted(map(tuple, connection.execute(text(sql)))) for name, sql in _CATALOGUE.items()}


_OURS = "(SELECT oid FROM pg_namespace WHERE nspname = 'public')"
_CATALOGUE = {
    "constraints": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
    f"WHERE connamespace = {_OURS}",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "triggers": "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "functions": "SELECT p.proname, p.prosrc FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang "
    f"WHERE p.pronamespace = {_OURS} AND l.lanname = 'plpgsql'",
    "columns": "SELECT table_name, column_name, data_type, is_nullable, column_default, character_maximum_length "
    "FROM information_schema.columns WHERE table_schema = 'public'",
}


def _words(sql):
    return sorted((sql or "").replace('"', "").replace(",", " ").split())


@pytest.fixture
def migrations(app, store):
    with app.app_context():
        yield store
        db.engine.dispose()


def test_there_is_one_head_and_the_revisions_are_numbered_in_order():
    assert SCRIPTS.get_heads() == [REVISIONS[0]]
    assert [int(revision) for revision in REVISIONS] == list(range(len(REVISIONS), 0, -1))
    for path in (ROOT / "migrations" / "versions").glob("*.py"):
        assert path.name.split("_")[0] in REVISIONS


def test_the_tables_of_the_code_and_of_the_migrations_are_the_same(migrations):
    check()


def test_every_table_is_populated_by_these_tests(migrations):
    populate(migrations)
    found = contents(db.engine)
    assert [name for name, rows in found.items() if not rows] == [], "give these tables rows in populate()"
    assert set(found) == set(Base.metadata.tables)


def test_each_revision_goes_down_and_up_again_and_leaves_everything_else_alone(migrations):
    """One way down through all of them, up and down again at every step; what a step takes is gone from there on."""
    fresh = shape(db.engine)
    populate(migrations)
    for newer, older in [*pairwise(REVISIONS), (REVISIONS[-1], "base")]:
        before, had = as_stored(db.engine)
        downgrade(revision=older)
        after, has = as_stored(db.engine)
        untouched = {table: had[table] & names for table, names in has.items() if table in before}
        assert untouched or older == "base"
        assert kept(after, untouched) == kept(before, untouched), f"{newer} down"

        upgrade(revision=newer)
        assert kept(as_stored(db.engine)[0], untouched) == kept(before, untouched), f"{newer} up again"
        downgrade(revision=older)
    upgrade()
    assert shape(db.engine) == fresh
    check()


def test_what_was_said_in_a_section_is_carried_into_its_table_and_back(migrations):
    populate(migrations)
    with migrations.writing() as session:
        a_referral(
            session, state=ReferralState.DRAFT, submitted_at=None, earliest_on=None, latest_on=None
        ).answered = []
    sections = ("referral_section", "referral_place", "referral_dates", "referral_choices", "referral_funding")
    split = {name: contents(db.engine)[name] for name in sections}

    downgrade(revision="003")
    *answered, draft = sorted(contents(db.engine)["referral"], key=lambda row: row["id"])
    said = {"near_who": "Her mother", "urgency_note": "The ward closes", "funding": "chc"}
    assert said.items() <= answered[0].items()
    assert (answered[0]["persons_words"], answered[0]["needs_answered"]) == ("“Ünïcode”, and\nlines", True)
    assert (draft["near_who"], draft["funding"], draft["choices_answered"]) == ("", None, False)

    upgrade()
    again = {name: contents(db.engine)[name] for name in sections}
    assert [row["slug"] for row in again["referral_section"] if row["referral_id"] == draft["id"]] == ["person"]
    for name in sections:
        keys = {name: {"referral_id", "slug"} & set(split[name][0]) | set(split[name][0]) - {"answered_at"}}
        told = {name: [row for row in again[name] if row["referral_id"] != draft["id"]]}
        assert kept(told, keys) == kept(split, keys)


def test_no_revision_leaves_anything_behind_when_everything_is_taken_back(migrations):
    populate(migrations)
    downgrade(revision="base")

    assert contents(db.engine) == {}
    left = shape(db.engine)
    if db.engine.dialect.name == "sqlite":
        assert {name for _, name, _ in left} == {"alembic_version"}
    else:
        assert left["triggers"] == left["functions"] == []
        assert {table for table, *_ in left["constraints"]} == {"alembic_version"}


def test_the_words_of_the_trail_and_what_was_read_back_from_them_are_carried_over_both_ways(migrations):
    """Revision 004: sentences become slugs, a move's line columns; “held” and the limits get new names."""
    with migrations.writing() as session:
        home, referral = a_placement(session, a_unit(session), nights=5), a_referral(session)
        told = {"on": home.end_on.isoformat(), "was": night(60).isoformat(), "referral": referral.id}
        record(session, "stay_will_move_on", home, by=SYSTEM, now=NOW, **told)
        other = a_placement(session, a_unit(session), start=9, nights=3)  # changed since its line was written
        record(session, "stay_will_move_on", other, by=SYSTEM, now=NOW, on="2026-01-01", was=None, referral=1)
        run = MatchRun(requested_at=NOW, requester="Somebody", progress=[])
        proposal = Proposal(run=run, referral=referral, unit_id=home.unit_id, start_on=night(0), state="deferred")
        session.add_all([proposal, PriceLimit(kind="respite", most_points=120)])
        session.flush()
        record(
            session, "price_limit_set", session.scalars(select(PriceLimit)).one(), by=SYSTEM, now=NOW, kind="respite"
        )
    downgrade(revision="003")
    before = contents(db.engine)
    assert {line["action"] for line in before["audit_line"]} == {"will move on", "set what is held back"}
    assert [row["state"] for row in before["proposal"]] == ["held"]
    assert [(row["kind"], row["most_points"]) for row in before["holding"]] == [("respite", 120)]

    upgrade()
    after = contents(db.engine)
    assert {line["event"] for line in after["audit_line"]} == {"stay_will_move_on", "price_limit_set"}
    assert {line["subject"] for line in after["audit_line"]} == {"placement", "price_limit"}
    assert [row["state"] for row in after["proposal"]] == ["deferred"]
    stays = {row["id"]: (row["ends_for_referral_id"], row["end_on_before_move"]) for row in after["placement"]}
    assert stays == {home.id: (referral.id, night(60)), other.id: (None, None)}
    with pytest.raises(DBAPIError, match="audit_line_append_only"), db.engine.begin() as connection:
        connection.execute(text("UPDATE audit_line SET event = 'nothing'"))


LATER = {"proposal_rival", "proposal_stay"}  # no run of revision 008 had rivals or series


def test_what_finished_runs_answered_is_written_as_rows_from_their_documents(migrations):
    """Revision 008 leaves what publishing a run writes today, but for words that no document holds."""
    with migrations.writing() as session:
        a_unit(session, accepting=5, capacity=5, service=a_service(session), offers=("pbs",))
        a_unit(session, service=a_service(session, authority="E07000220"), offers=("hoist",))
        for essential in ((), ("hoist",), ("oxygen",)):
            a_referral(session, essential=essential)
        unknown = a_referral(session)
        unknown.needs = [ReferralNeed(slug="bsl", strength=Strength.UNKNOWN)]
        run_id = request_run(session, by=SYSTEM, now=NOW).id
        token = claim_run(session, run_id, now=NOW)
        instance = snapshot_run(session, run_id, token, now=NOW)
        publish_run(session, run_id, token, instance, solve(instance), now=NOW)
    before = contents(db.engine)
    downgrade(revision="007")
    upgrade()
    after = contents(db.engine)

    tables = [name for name in after if name.startswith(("run_", "proposal", "unmet_")) and name not in LATER]
    assert [name for name in tables if not after[name]] == [], "every table has something to compare"
    for row in before["unmet_nearest"]:
        assert row["says"]
        row["says"] = ""
    assert {name: after[name] for name in tables} == {name: before[name] for name in tables}
