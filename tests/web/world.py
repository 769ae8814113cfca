"""Two providers, the council, and every kind of record, each with words of its own that must not be seen by others.

The routes come from the application itself: a page that is added tomorrow is asked for like those of today. What an
address needs is filled in by the parameter's name, from `PARAMETERS`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from flask import Flask, template_rendered
from sqlalchemy import Engine, MetaData, select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from placement.brokerage.choices import OptionFacts, WhatWasChosen, give_options, record_choice
from placement.brokerage.offers.answering import answer_question, ask_question
from placement.brokerage.offers.sending import Asking, send_offers
from placement.domain.claims import ClaimVerdict
from placement.domain.people import SYSTEM, Rights, Role
from placement.domain.profile import PROFILE
from placement.domain.reasons import OUT_OF_CITY
from placement.domain.sections import SECTIONS
from placement.domain.states import LIVE, PlacementState, ReferralState, Status
from placement.market.claims import rule_on_claim
from placement.market.services import set_standing
from placement.market.update_links import link_path
from placement.matching.budget import Budget
from placement.matching.tiers.solving import solve
from placement.planning import runs
from placement.records.accounts import add_user, deactivate_user
from placement.records.attachments import Attachment
from placement.records.files import FILES, FolderStore
from placement.records.invitations import invite
from placement.records.join_requests import ask_to_join
from placement.records.joining import JoinRequest
from placement.records.links import Purpose, new_link
from placement.records.messages import Message, send_later
from placement.records.offers import Offer
from placement.records.others import OtherStay
from placement.records.packs import Pack
from placement.records.placements import Placement, StayConcern
from placement.records.providers import Provider, Service, SharedCap, Unit
from placement.records.searches import keep_search
from placement.records.tasks import ask_for, end_task
from placement.records.users import User
from placement.records.vacancies import Closure
from placement.records.ward_uploads import preview_ward_set
from placement.reports.catalogue import REPORTS
from placement.reports.kpis.catalogue import MEASURES
from placement.web.access import POLICY
from placement.web.factory import create_app
from tests.brokerage.sheets import an_option
from tests.brokerage.test_telling import with_around
from tests.brokerage.worlds import a_colleague, provider_of, secret_for
from tests.builders import (
    a_person,
    a_placement,
    a_provider,
    a_referral,
    a_report,
    a_series,
    a_service,
    a_unit,
    drawn,
    night,
)
from tests.conftest import NOW, Clock, settings
from tests.web_client import Browser, add_person_who_signs_in

NONCE = re.compile(r"nonce[=-]['\"]?[\w+/=-]+")
TOKEN = re.compile(r'(name="(?:csrf_token|form_nonce)"[^>]*value=)"[^"]+"')
MISSING = 987654
SECRET = "SecretAround"
SENT_FILE = "0" * 32  # a file of referrals that the broker has sent and not confirmed
TENANTS = ("A", "B")


@dataclass
class Tenant:
    """What one provider has: ids by parameter name, words that only it may see, and words that it may not see."""

    provider_id: int
    ids: dict[str, list[Any]]
    own_words: list[str]
    persons_words: list[str]


@dataclass
class Actor:
    """Somebody who asks: role None stands for nobody who is signed in."""

    name: str
    browser: Browser
    token: str
    role: Role | None = None
    tenant: str | None = None

    def may_see(self, rule: Rule) -> bool:
        allowed = policy(rule)
        return allowed is None or self.role in allowed


@dataclass
class World:
    """The application with everything in it, and everybody who asks."""

    app: Flask
    engine: Engine
    tenants: dict[str, Tenant]
    council: dict[str, list[Any]]
    actors: dict[str, Actor] = field(default_factory=dict)
    seen: dict[str, list[Seen]] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    update_links: dict[tuple[str, str], str] = field(default_factory=dict)

    def rules(self) -> list[Rule]:
        """Return every route, by its endpoint."""
        return sorted(self.app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule))

    def asked(self, actor: Actor) -> Iterator[tuple[Rule, str, str]]:
        """Yield every (route, method, kind of object) that an actor can ask for."""
        for rule in self.rules():
            for method in sorted((rule.methods or set()) - {"OPTIONS"}):
                for kind in ("own", "foreign", "missing"):
                    if self.paths(rule, kind, actor):
                        yield rule, method, kind

    def paths(self, rule: Rule, kind: str, actor: Actor) -> list[str]:
        """Return the addresses of a route with the actor's own objects, or with one of another's, or one of nobody's.

        One parameter varies at a time, the others are the actor's own.
        """
        own = {name: self.values(rule, name, "own", actor) for name in sorted(rule.arguments)}
        first = {name: values[0] for name, values in own.items()}
        chosen = [first] if kind == "own" else []
        for name in own:
            chosen += [first | {name: value} for value in self.values(rule, name, kind, actor)]
        build = self.app.url_map.bind("localhost").build
        return list(dict.fromkeys(build(rule.endpoint, values, append_unknown=False) for values in chosen))

    def values(self, rule: Rule, name: str, kind: str, actor: Actor) -> list[Any]:
        """Return what a parameter can be filled with."""
        fill = PARAMETERS.get(f"{rule.endpoint} {name}") or PARAMETERS.get(name)
        assert fill, f"{rule.rule} has a parameter “{name}” that tests/web/world.py does not know: add it to PARAMETERS"
        return fill(self, kind, actor, rule)


def policy(rule: Rule) -> frozenset[Role] | None:
    """Return who may see a route."""
    return None if rule.endpoint == "static" else POLICY[rule.endpoint.split(".")[0]]


def _tenants(name: str) -> Callable[..., list[Any]]:
    """A provider has its own and sees nobody else's; the council sees everybody's."""

    def fill(world: World, kind: str, actor: Actor, rule: Rule) -> list[Any]:
        mine = actor.tenant or "A"
        if kind == "missing":
            return [MISSING, 0]
        if kind == "own":
            return world.tenants[mine].ids[name]
        others = [tenant for tenant in TENANTS if tenant != mine]
        return [each for tenant in others for each in world.tenants[tenant].ids[name]] if actor.tenant else []

    return fill


def _council(name: str, *, missing: tuple[Any, ...] = (MISSING, 0)) -> Callable[..., list[Any]]:
    """The council's records are one team's: there is nothing foreign."""

    def fill(world: World, kind: str, actor: Actor, rule: Rule) -> list[Any]:
        return {"own": world.council[name], "missing": list(missing), "foreign": []}[kind]

    return fill


def _words(own: list[str], *missing: str) -> Callable[..., list[Any]]:
    return lambda world, kind, actor, rule: {"own": own, "missing": list(missing), "foreign": []}[kind]


def _links(world: World, kind: str, actor: Actor, rule: Rule) -> list[Any]:
    """A link is for who holds it, and opens something once: everybody has one of their own."""
    return {"own": [world.links[actor.name]], "foreign": [], "missing": ["nothing", "x" * 43]}[kind]


def _sent_by_a_provider(world: World, kind: str, actor: Actor, rule: Rule) -> list[Any]:
    """A file of vacancy numbers is its sender's alone."""
    mine = actor.tenant or "A"
    others = [tenant * 32 for tenant in TENANTS if tenant != mine] if actor.tenant else []
    return {"own": [mine * 32], "foreign": others, "missing": ["nothing", SENT_FILE]}[kind]


def _update_links(world: World, kind: str, actor: Actor, rule: Rule) -> list[Any]:
    """Likewise for the numbers of an organisation; a new link voids the one before."""
    return {"own": [world.update_links[rule.endpoint, actor.name]], "foreign": [], "missing": ["nothing", "x" * 43]}[
        kind
    ]


RESPITE = ("series", "accept_series", "allowance", "ask_for_nights")
# A parameter's name, or the endpoint and the name: what fills it.
PARAMETERS: dict[str, Callable[..., list[Any]]] = {
    "service_id": _tenants("service_id"),
    "unit_id": _tenants("unit_id"),
    "ruling_id": _tenants("ruling_id"),
    "commissioner.measure slug": _words([measure.slug for measure in MEASURES], "nothing"),
    "commissioner.measure_file slug": _words([measure.slug for measure in MEASURES], "nothing"),
    "commissioner.measure_file end": _words(["csv", "xlsx"], "pdf"),
    "commissioner.claim slug": _words(["peg"], "nothing", "oxygen"),
    "provider.unit_section slug": _words([section.slug for section in PROFILE], "nothing"),
    "placement_id": _tenants("placement_id"),
    "concern_id": _tenants("concern_id"),
    "closure_id": _tenants("closure_id"),
    "standing_id": _council("standing_id"),
    "other_id": _tenants("other_id"),
    "cap_id": _tenants("cap_id"),
    "provider.end_pool cap_id": _tenants("ending_cap_id"),
    "offer_id": _tenants("offer_id"),
    "sheet_id": _council("sheet_id"),
    "task_id": _council("task_id"),
    "file_id": _council("file_id"),
    "given_file_id": _tenants("given_file_id"),
    "message_id": _council("message_id"),
    "secret": _links,
    "update.link secret": _update_links,
    "update.again secret": _update_links,
    "account.by_link secret": _council("sign_in_link", missing=("nothing", "x" * 43)),
    "join.invitation secret": _council("invitation", missing=("nothing", "x" * 43)),
    "member_id": _tenants("member_id"),
    "invitation_id": _tenants("invitation_id"),
    "request_id": _council("request_id"),
    "key": _words([SENT_FILE], "nothing"),
    **{
        f"provider.{endpoint} key": _sent_by_a_provider
        for endpoint in ("bulk_preview", "bulk_problems", "confirm_bulk")
    },
    "ending": _words(["csv", "xlsx", "ods"], "nothing"),
    "referral_id": _council("referral_id"),
    "run_id": _council("run_id"),
    **{
        f"broker.{endpoint} {name}": _council(known)
        for endpoint in ("run_person", "hold_proposal", "reject_proposal", "reopen_proposal")
        for name, known in (("run_id", "finished_run_id"), ("referral_id", "proposed_id"))
    },
    **{f"broker.{endpoint} referral_id": _council("series_id") for endpoint in RESPITE},
    "user_id": _council("user_id"),
    "search_id": _council("search_id"),
    "provider_id": _council("provider_id"),
    "ward_set_id": _council("ward_set_id"),
    "code": _words(["E05001228"], "E99999999", "nothing"),
    "broker.section slug": _words([section.slug for section in SECTIONS], "nothing"),
    "broker.section referral_id": _council("draft_id"),
    "broker.check_answers referral_id": _council("draft_id"),
    "broker.pen_picture referral_id": _council("draft_id"),
    "slug": _words([report.slug for report in REPORTS], "nothing"),
    "filename": _words(["placement.css"], "nothing.css", "../wsgi.py"),
}


def a_world(url: str, home: Path) -> World:
    """Fill a database and sign everybody in."""
    app = create_app(settings(url, home, Clock()))
    app.config["TESTING"] = True
    store = app.extensions["placement_store"]
    with store.writing() as session:
        tenants = {name: _tenant(session, name) for name in TENANTS}
        council = _demand(session)
    FolderStore(home / FILES).put("kept", b"%PDF-")
    council |= {"provider_id": [tenant.provider_id for tenant in tenants.values()]}
    with store.writing() as session:
        council["standing_id"] = [_standing(session, tenants["A"].provider_id)]
    council |= _runs(store)
    council |= _ward_sets(store)
    world = World(app, store.engine, tenants, council)
    council["user_id"] = [add_person_who_signs_in(app, Role.COMMISSIONER, email="spare@example.org").id]
    _sign_in(world)
    return world


def _standing(session: Session, provider_id: int) -> int:
    provider, past = session.get_one(Provider, provider_id), night(-400)
    values = {"start_on": past, "end_on": night(-390), "reason": "Over", "by": SYSTEM, "now": NOW}
    found = set_standing(session, provider, Status.CAUTION, **values)
    session.flush()
    return found.id


def _tenant(session: Session, name: str) -> Tenant:
    provider = a_provider(session, name=f"Organisation Canary{name}")
    service = a_service(
        session, provider=provider, name=f"House Canary{name}", address=f"Street Canary{name}",
        postcode=f"CV{ord(name) % 3 + 4} 1{name}X",
    )  # fmt: skip
    unit = a_unit(
        session, service=service, name=f"Floor Canary{name}", accepting=9, capacity=20, offers=("hoist", "peg")
    )
    closure = Closure(
        unit_id=unit.id, start_on=night(40), end_on=night(50), places=1, reason="other", created_at=NOW, created_by="S"
    )
    kept = OtherStay(
        unit_id=unit.id, purpose="contract", name=f"Contract Canary{name}", start_on=night(40), created_at=NOW,
        created_by="S",
    )  # fmt: skip
    pool = SharedCap(service_id=service.id, name=f"Pool Canary{name}", places=20, units=[unit])
    ending = SharedCap(service_id=service.id, name="Ending", places=20, units=[unit])
    session.add_all([closure, kept, pool, ending])
    session.flush()
    words, stays = [], []
    for number, state in enumerate((*LIVE, PlacementState.ENDED, PlacementState.RELEASED)):
        stay, told = _stay(session, unit, name, number, state)
        stays.append(stay.id)
        words += told
    a_report(session, unit, maximum=20, occupied=3, accepting=9)
    concern = StayConcern(placement_id=stays[0], cause="closure", raised_at=NOW, raised_by="S")
    session.add(concern)
    session.flush()
    given = _over(session, stays[1])
    asked = _offer(session, unit, name)
    colleague = add_user(
        session, email=f"colleague.{name}@example.org", name=f"Colleague Canary{name}", role=Role.PROVIDER,
        provider_id=provider.id, rights=Rights.EDITOR, password=None, by=SYSTEM, now=NOW,
    )  # fmt: skip
    invited = invite(
        session, email=f"invited.{name}@example.org", name=f"Invited Canary{name}", provider_id=provider.id,
        by=SYSTEM, now=NOW,
    )  # fmt: skip
    session.flush()
    words += [*identifying(asked.referral.person), SECRET]
    ruling = rule_on_claim(session, unit, "hoist", ClaimVerdict.VERIFIED, note=SECRET, seen=None, by=SYSTEM, now=NOW)
    ids = {
        "service_id": [service.id],
        "ruling_id": [ruling.id],
        "unit_id": [unit.id],
        "closure_id": [closure.id],
        "other_id": [kept.id],
        "cap_id": [pool.id],
        "ending_cap_id": [ending.id],
        "placement_id": stays,
        "concern_id": [concern.id],
        "given_file_id": [given.id],
        "offer_id": [asked.id],
        "member_id": [colleague.id],
        "invitation_id": [invited.id],
    }
    own = [
        provider.name, service.name, service.address, service.postcode, unit.name, kept.name, pool.name,
        colleague.name, invited.name,
    ]  # fmt: skip
    return Tenant(provider.id, ids, own, words)


def _over(session: Session, stay_id: int) -> Attachment:
    """Return a file of the details of a person that the provider could read until yesterday."""
    stay = session.get_one(Placement, stay_id)
    file = Attachment(
        referral_id=stay.referral_id, key=f"given {stay_id}", name=f"{SECRET}.pdf", kind="pdf", size=9, added_at=NOW,
        added_by=SECRET,
    )  # fmt: skip
    given, over = NOW - timedelta(days=9), NOW - timedelta(days=1)
    session.add(Pack(placement=stay, note=SECRET, given_at=given, given_by=SECRET, until=over, files=[file]))
    session.flush()
    return file


def _asked_about(session: Session, name: str) -> Any:
    number = ord(name) % 7
    return a_person(
        session, name=f"Person CanaryQ{name}", postcode=f"CV{number + 1} 9{name}W", born_on=date(1951, 4, 11 + number)
    )


def _offer(session: Session, unit: Any, name: str) -> Offer:
    """Return a request about somebody who is named like nobody else, with a question and an answer."""
    referral = with_around(a_referral(session, person=_asked_about(session, name), essential=("hoist",)), SECRET)
    asking = Asking(unit=unit, rank=1, start_on=night(0), end_on=night(7))
    (offer,) = send_offers(session, referral, [asking], reply_by=NOW + timedelta(hours=2), by=SYSTEM, now=NOW)
    ask_question(session, offer, "Is a hoist needed?", by=provider_of(offer), now=NOW)
    answer_question(session, offer, "By day.", by=SYSTEM, now=NOW)
    session.flush()
    return offer


def _stay(session: Session, unit: Any, name: str, number: int, state: PlacementState) -> tuple[Any, list[str]]:
    person = a_person(
        session, name=f"Person Canary{name}{number}", case_number=f"CASE-{name}-{number}",
        born_on=date(1931 + ord(name) % 5, 2, 11 + number), postcode=f"CV{number + 1} 7{name}Y",
    )  # fmt: skip
    secret = f"Secret{name}{number}"
    referral = a_referral(
        session, person=person, essential=("hoist",), state=ReferralState.PLACED, kind="planned",
        near_postcode=f"CV{number + 1} 8{name}Z", near_who=f"{secret} sister", persons_words=f"{secret} words",
        urgency_note=f"{secret} note",
    )  # fmt: skip
    with_around(referral, secret)
    outside = name == "B" and state is PlacementState.ACTIVE
    stay = a_placement(
        session, unit, person=person, referral=referral, state=state, start=-3, nights=60, is_in_city=not outside,
        out_of_city_reason=OUT_OF_CITY[0].slug if outside else None, choice_reason=f"{secret} choice",
        approved_by=f"{secret} manager", out_of_city_evidence=f"{secret} evidence",
    )  # fmt: skip
    around = ["024 7555 0199", "11 February 2031", "2031-02-11"]
    return stay, [*identifying(person), referral.near_postcode, secret, *around]


def identifying(person: Any) -> list[str]:
    """Return everything by which a person can be known, as pages, files and addresses write it."""
    born = person.born_on
    dates = [born.isoformat(), f"{born.day} {born:%B %Y}", f"{born.day} {born:%b %Y}", f"{born:%d/%m/%Y}"]
    return [person.name, person.case_number, person.postcode, person.postcode.replace(" ", ""), *dates]


def _demand(session: Session) -> dict[str, list[Any]]:
    waiting = [a_referral(session, person=a_person(session, name=f"Person CanaryC{i}")) for i in range(2)]
    draft = a_referral(session, state=ReferralState.DRAFT, submitted_at=None, reference=None)
    held = a_referral(session, state=ReferralState.ON_HOLD)
    sheets = [give_options(session, each, _options(session), by=SYSTEM, now=NOW) for each in waiting]
    chosen = WhatWasChosen(position=1, chooser="person", way="visit", words="Words CanaryC", chosen_on=night(0))
    record_choice(session, sheets[1], chosen, seen=0, by=SYSTEM, now=NOW)
    tasks = [ask_for(session, "follow_up", each, due_at=NOW, by=SYSTEM, now=NOW, words="Ring") for each in waiting]
    session.flush()
    end_task(session, tasks[1], "do", by=SYSTEM, now=NOW)
    file = Attachment(
        referral_id=waiting[0].id, key="kept", name=f"{SECRET}.pdf", kind="pdf", size=9, added_at=NOW, added_by=SECRET
    )
    session.add(file)
    ask_to_join(
        session, number="1-100100", organisation="O", name="N", email="n@example.org", telephone="024 7655 0100",
        council="E08000026", now=NOW,
    )  # fmt: skip
    message = send_later(session, "offer_sent", to="somebody@example.org", reference="RF-1", now=NOW)
    session.flush()
    return {
        "message_id": [message.id],
        "request_id": [session.query(JoinRequest).one().id],
        "file_id": [file.id],
        "sheet_id": [sheet.id for sheet in sheets],
        "task_id": [task.id for task in tasks],
        "referral_id": [waiting[0].id, draft.id, held.id],
        "draft_id": [draft.id],
        "series_id": [a_series(session, 3, 31).id],
    }


def _options(session: Session) -> list[OptionFacts]:
    return [an_option(unit) for unit in session.scalars(select(Unit).order_by(Unit.id)).all()]


def _ward_sets(store: Any) -> dict[str, list[Any]]:
    with store.writing() as session:
        return {"ward_set_id": [preview_ward_set(session, drawn(), by=SYSTEM, now=NOW).id]}


def _runs(store: Any) -> dict[str, list[Any]]:
    with store.writing() as session:
        run_id = runs.request_run(session, by=SYSTEM, now=NOW).id
    with store.writing() as session:
        token = runs.claim_run(session, run_id, now=NOW)
        instance = runs.snapshot_run(session, run_id, token, now=NOW)
    plan = solve(instance, budget=Budget(seconds=20))
    with store.writing() as session:
        runs.publish_run(session, run_id, token, instance, plan, now=NOW)
    with store.writing() as session:
        waiting = runs.request_run(session, by=SYSTEM, now=NOW).id
        proposed = [each.referral_id for each in runs.run(session, run_id, actor=SYSTEM).proposals]
    assert proposed, "the run proposes something, so that its pages have something to show"
    return {"run_id": [run_id, waiting], "finished_run_id": [run_id], "proposed_id": proposed}


def _sign_in(world: World) -> None:
    tenants = {name: tenant.provider_id for name, tenant in world.tenants.items()}
    people: list[tuple[str, Role, str | None]] = [
        ("broker", Role.BROKER, None),
        ("provider A", Role.PROVIDER, "A"),
        ("provider B", Role.PROVIDER, "B"),
        ("commissioner", Role.COMMISSIONER, None),
        ("admin", Role.ADMIN, None),
        ("deactivated broker", Role.BROKER, None),
        ("deactivated provider", Role.PROVIDER, "A"),
        ("signed-out admin", Role.ADMIN, None),
        ("signed-out provider", Role.PROVIDER, "A"),
    ]
    for name, role, tenant in people:
        user = add_person_who_signs_in(
            world.app, role, provider_id=tenants.get(tenant or ""), email=f"{name.replace(' ', '.')}@example.org"
        )
        browser = Browser(world.app)
        assert browser.sign_in(user.email).status_code == 302
        actor = Actor(name, browser, browser.token("/nowhere"), role, tenant)
        world.actors[name] = _out(world, actor, user) if "deactivated" in name or "signed-out" in name else actor
    with world.app.extensions["placement_store"].writing() as session:
        asking = session.query(User).filter_by(email="broker@example.org").one()
        files = FolderStore(world.app.extensions["placement_config"].files)
        files.put(SENT_FILE, _sent(asking.id, "referrals", [{"reference": "E-1"}]))
        for name in TENANTS:
            user = session.query(User).filter_by(email=f"provider.{name}@example.org".lower()).one()
            headings = ["Unit number", "Maximum capacity", "Occupied", "Reserved", "Vacant and accepting"]
            rows = [[2, str(world.tenants[name].ids["unit_id"][0]), "20", "19", "0", "1"], [3, f"Canary{name}", "1"]]
            content = {"format": "csv", "headings": headings, "rows": rows}
            files.put(name * 32, _sent(user.id, "vacancies", content))
        until = NOW + timedelta(days=9)
        invite(session, email="new@example.org", name="New", role=Role.BROKER, by=SYSTEM, now=NOW)
        session.flush()
        written = session.query(Message).filter_by(recipient="new@example.org").one()
        world.council["invitation"] = [written.path.rpartition("/")[2]]
        world.council["sign_in_link"] = [new_link(session, Purpose.SIGN_IN, asking.id, asking.id, until=until)]
        search = keep_search(session, "Canary", by=asking.actor(), now=NOW)
        for name in ACTORS:
            tenant = tenants.get(name[-1], tenants["A"])
            unit = session.scalars(select(Unit).join(Unit.service).where(Service.provider_id == tenant)).first()
            offer = _offer(session, unit, "L")
            world.links[name] = secret_for(session, offer)
            for endpoint in ("update.link", "update.again"):
                reader = a_colleague(session, offer)
                session.flush()
                path = link_path(session, tenant, reader, now=NOW)
                world.update_links[endpoint, name] = path.rpartition("/")[2]
    world.council["search_id"] = [search.id]
    nobody = Browser(world.app)
    world.actors["anonymous"] = Actor("anonymous", nobody, nobody.token("/sign-in"))


def _sent(user_id: int, kind: str, content: Any) -> bytes:
    return json.dumps({"user": user_id, "kind": kind, "content": content}).encode()


def _out(world: World, actor: Actor, user: User) -> Actor:
    """Deactivate somebody, or sign them out and give their browser its old cookie back."""
    if "deactivated" in actor.name:
        with world.app.extensions["placement_store"].writing() as session:
            deactivate_user(session, user.id, by=SYSTEM, now=NOW)
    else:
        kept = actor.browser.client.get_cookie("placement")
        assert kept is not None
        assert actor.browser.post("/sign-out", page="/nowhere").status_code == 302
        actor.browser.client.set_cookie("placement", kept.value)
    return Actor(actor.name, actor.browser, actor.token)


ACTORS = (
    "anonymous", "deactivated broker", "deactivated provider", "signed-out admin", "signed-out provider",
    "commissioner", "admin", "broker", "provider A", "provider B",
)  # fmt: skip
SIGNED_IN = ACTORS[5:]


@dataclass(frozen=True, slots=True)
class Seen:
    """One request and what came back, without what differs from one answer to the next."""

    rule: Rule
    method: str
    kind: str
    path: str
    answer: Any
    templates: tuple[str, ...]

    @property
    def endpoint(self) -> str:
        return self.rule.endpoint

    @property
    def body(self) -> str:
        """Return what came back as text; of a file that is none, what can be read of it."""
        return str(self.answer.get_data().decode(errors="replace"))

    @property
    def text(self) -> str:
        """Return everything that came back, headers included, in small letters."""
        return f"{self.answer.headers}{self.body}".lower()


ENDS_THE_SIGN_IN = frozenset({"account.sign_out", "account.by_link", "join.invitation"})  # or puts another in its place


def looked(world: World, name: str) -> list[Seen]:
    """Return what an actor sees of every page, of its own, of others' and of nobody's; asked for once."""
    return _kept(world, name, {"GET"})


def pushed(world: World, name: str) -> list[Seen]:
    """Return what an actor is answered on every unsafe request but signing out; sent once, after looking."""
    looked(world, name)
    return _kept(world, name, {"POST", "PUT", "PATCH", "DELETE"})


def _kept(world: World, name: str, methods: set[str]) -> list[Seen]:
    key = f"{name} {'safe' if 'GET' in methods else 'unsafe'}"
    if key not in world.seen:
        world.seen[key] = list(_asked(world, world.actors[name], methods))
    return world.seen[key]


def _asked(world: World, actor: Actor, methods: set[str]) -> Iterator[Seen]:
    shown: list[str] = []

    def note(_app: Flask, template: Any, **_context: Any) -> None:
        shown.append(template.name)

    with template_rendered.connected_to(note, world.app):
        for rule, method, kind in world.asked(actor):
            if method in methods and (method == "GET" or rule.endpoint not in ENDS_THE_SIGN_IN):
                for path in world.paths(rule, kind, actor):
                    shown.clear()
                    answer = ask(actor, method, path)
                    # Widgets and error pages are nobody's own.
                    own = tuple(name for name in shown if name.split("/")[0] in POLICY)
                    yield Seen(rule, method, kind, path, answer, own)
                    if answer.location and actor.role and method != "GET":
                        ask(actor, "GET", "/nowhere")  # shows the notice, which the next answer would show otherwise


def ask(actor: Actor, method: str, path: str, **form: str) -> Any:
    """Send a request; an unsafe one with the token of the actor's own session."""
    data = None if method in ("GET", "HEAD") else {"csrf_token": actor.token} | form
    return actor.browser.client.open(path, method=method, data=data, buffered=True)


def plain(answer: Any) -> tuple[int, list[tuple[str, str]], str]:
    """Return an answer without what differs from one answer to the next: nonces, tokens and the session's signature."""
    body = TOKEN.sub(r"\1", NONCE.sub("nonce", answer.get_data(as_text=True)))
    headers = [(name, "" if name == "Set-Cookie" else NONCE.sub("nonce", value)) for name, value in answer.headers]
    return answer.status_code, sorted(headers), body


def everything(engine: Engine) -> dict[str, str]:
    """Return a hash of every table's rows. Who looks at a page is noted, and is no change of anything."""
    metadata = MetaData()
    with engine.connect() as connection:
        metadata.reflect(connection)
        tables = sorted(
            (each for each in metadata.tables.values() if each.name != "looking"), key=lambda each: each.name
        )
        rows = {table.name: sorted(map(repr, connection.execute(select(table)))) for table in tables}
    return {name: hashlib.sha256("\n".join(lines).encode()).hexdigest() for name, lines in rows.items()}
