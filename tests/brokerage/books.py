"""What the tables say, read naively: who is where on which night, what was asked of whom, and what the trail tells.

Nothing here calls the product's own sums or questions: rows are fetched whole and counted one by one, so that a mistake
there is not made here a second time. Each answer is what is wrong, and nothing where all is well.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from placement.domain.lifecycles import LIFECYCLES
from placement.records.tables import Base

THERE = ("active", "away", "notice")
LIVING = ("reserved", "confirmed", *THERE)
WAITS_FOR_PROVIDER = ("sent", "viewed", "asking")
OPEN_NOW = ("searching", "options", "chosen", "no_option")
SAID_YES = ("interested", "offered")
UNDER_WAY = ("later", *WAITS_FOR_PROVIDER, *SAID_YES)
OVER_FOR_PROVIDER = ("not_selected", "withdrawn", "expired")
TOLD_TO_PROVIDER = ("offer_sent", "offer_chased", "question_answered", "offer_not_chosen", "offer_withdrawn")
BEGINS = {
    "referral": "draft",
    "placement": "reserved",
    "offer": "later",
    "task": "open",
    "message": "waiting",
    "proposal": "proposed",
}
"""The state in which each record comes into being."""
NIGHTS = 45

TABLES = (
    "referral", "placement", "offer", "options_sheet", "task", "message", "proposal", "audit_line", "mail_link",
    "vacancy_report", "closure", "shared_cap", "shared_cap_unit", "unit", "service", "user",
)  # fmt: skip
Tables = Mapping[str, list[Any]]
Overfull = Mapping[tuple[str, int, date], int]


def tables(session: Session) -> Tables:
    """Return every row of what is read here, as it is stored, oldest first."""
    session.flush()
    found = {}
    for name in TABLES:
        table = Base.metadata.tables[name]
        found[name] = list(session.execute(select(table).order_by(*table.primary_key.columns)))
    return found


def overfull(read: Tables, day: date) -> Overfull:
    """Return by how many people each unit and each shared cap is over its places, on each night from a day on.

    In a unit are our own stays, whoever has not left though he should have, and the people of whom the newest report
    tells and we keep no stay. A unit that keeps places for planned breaks is over them with one crisis too many.
    """
    newest = {report.unit_id: report for report in read["vacancy_report"]}
    stays = [stay for stay in read["placement"] if stay.state in LIVING]
    closures = [each for each in read["closure"] if each.cancelled_at is None]
    caps = {cap.id: cap.places for cap in read["shared_cap"]}
    limits = {unit.id: unit.crisis_places for unit in read["unit"] if unit.crisis_places is not None}
    kinds = {referral.id: referral.kind for referral in read["referral"]}
    units_of = defaultdict(list)
    for pair in read["shared_cap_unit"]:
        units_of[pair.shared_cap_id].append(pair.unit_id)
    found = {}
    for night in (day + timedelta(days=n) for n in range(NIGHTS)):
        people = {
            unit: report.occupied + report.reserved - report.counted
            + sum(1 for stay in stays if stay.unit_id == unit and _is_there(stay, night, day))
            for unit, report in newest.items()
        }  # fmt: skip
        for unit, report in newest.items():
            shut = sum(each.places or report.maximum for each in closures if each.unit_id == unit and _on(each, night))
            found["unit", unit, night] = people[unit] - max(0, report.maximum - shut)
        for unit, most in limits.items():
            there = [each for each in stays if each.unit_id == unit and _is_there(each, night, day)]
            found["crises", unit, night] = sum(kinds[each.referral_id] == "crisis" for each in there) - most
        for cap, places in caps.items():
            found["cap", cap, night] = sum(people.get(unit, 0) for unit in units_of[cap]) - places
    return {where: over for where, over in found.items() if over > 0}


def placed_twice(read: Tables) -> list[str]:
    """Return whoever has two places on a night, or a referral with two, or none where it says that one was found."""
    stays = [stay for stay in read["placement"] if stay.state in LIVING]
    wrong = [
        f"person {one.person_id} is in {one.id} and {other.id}"
        for place, one in enumerate(stays)
        for other in stays[place + 1 :]
        if one.person_id == other.person_id and _meet(one, other)
    ]
    # A transfer has two stays of one referral, one after the other; the first is on its way out.
    left = {stay.moved_from_id for stay in stays}
    held = Counter(stay.referral_id for stay in stays if stay.id not in left)
    for referral in read["referral"]:
        if held[referral.id] != (referral.state == "placed"):
            wrong.append(f"referral {referral.id} is {referral.state} with {held[referral.id]} places")
    chosen = Counter()
    by_id = {stay.id: stay for stay in read["placement"]}
    for offer in read["offer"]:
        stay = by_id.get(offer.placement_id)
        if (offer.state == "selected") != (stay is not None):
            wrong.append(f"offer {offer.id} is {offer.state} with placement {offer.placement_id}")
        elif stay is not None:
            chosen[offer.referral_id] += stay.state in LIVING
            if (stay.referral_id, stay.unit_id) != (offer.referral_id, offer.unit_id):
                wrong.append(f"offer {offer.id} was chosen for placement {stay.id} of another pair")
    return wrong + [f"{number} yeses of referral {of} hold a place" for of, number in chosen.items() if number > 1]


def untold_moves(read: Tables, *, of: Collection[str] = tuple(BEGINS)) -> list[str]:
    """Return every record of these tables whose trail does not lead to its state, one allowed move after the other."""
    lines = defaultdict(list)
    for line in read["audit_line"]:
        lines[line.subject, line.subject_id].append(line.event)
    wrong = []
    for lifecycle in LIFECYCLES:
        if lifecycle.table not in of:
            continue
        moves = {move.event: move for move in lifecycle.moves.values()}
        for row in read[lifecycle.table]:
            state, told = BEGINS[lifecycle.table], [each for each in lines[lifecycle.table, row.id] if each in moves]
            for event in told:
                if state not in moves[event].before:
                    wrong.append(f"{lifecycle.table} {row.id}: {event} from {state}")
                state = moves[event].after.value
            if state != row.state:
                wrong.append(f"{lifecycle.table} {row.id} is {row.state}, its trail says {state}")
    return wrong


def orphans(read: Tables, now: datetime) -> list[str]:
    """Return what still asks something of somebody about what is over: requests, tasks, and links in messages."""
    referrals = {each.id: each.state for each in read["referral"]}
    offers = {each.id: each for each in read["offer"]}
    wrong = [
        f"offer {offer.id} is {offer.state} for a referral that is {referrals[offer.referral_id]}"
        for offer in offers.values()
        if offer.state in UNDER_WAY and referrals[offer.referral_id] not in OPEN_NOW
    ]
    wrong += [
        f"offer {offer.id} was asked for an answer by a time that had passed"
        for offer in offers.values()
        if offer.sent_at is not None and offer.reply_by <= offer.sent_at
    ]
    for task in read["task"]:
        if task.state == "open" and (why := _unwanted(task, referrals, offers)):
            wrong.append(f"task {task.id} {task.kind} of {task.subject} {task.subject_id} is open, {why}")
    links = {each.hash: each for each in read["mail_link"]}
    for message in read["message"]:
        secret = message.path.rpartition("/answer/link/")[2]
        link = links.get(hashlib.sha256(secret.encode()).hexdigest())
        offer = offers[link.subject_id] if link is not None else None
        if link is not None and offer.state in OVER_FOR_PROVIDER and link.until > now:
            wrong.append(f"message {message.id} opens offer {offer.id}, which is {offer.state}")
    return wrong


def untold(read: Tables) -> dict[tuple[str, str], int]:
    """Return, by reference and kind, how many messages about requests there are too many, or too few where below 0.

    Everybody who works for the provider is written to once about each thing that it is told.
    """
    provider = {each.id: each.provider_id for each in read["service"]}
    unit = {each.id: provider[each.service_id] for each in read["unit"]}
    writes_to = Counter(each.provider_id for each in read["user"] if each.role == "provider" and each.is_active)
    reference = {each.id: each.reference for each in read["referral"]}
    offers = {each.id: each for each in read["offer"]}
    found: Counter[tuple[str, str]] = Counter()
    for message in read["message"]:
        if message.kind in TOLD_TO_PROVIDER:
            found[message.reference, message.kind] += 1
    for line in read["audit_line"]:
        if line.event in TOLD_TO_PROVIDER and (offer := offers[line.subject_id]).sent_at is not None:
            found[reference[offer.referral_id], line.event] -= writes_to[unit[offer.unit_id]]
    return {which: number for which, number in found.items() if number}


def unasked(read: Tables) -> Iterator[tuple[str, int]]:
    """Yield the kind and the record of each task that should stand on the list of brokerage and does not."""
    tasks = {(each.kind, each.subject_id) for each in read["task"] if each.state == "open"}
    for offer in read["offer"]:
        if offer.state in SAID_YES and ("decide_offers", offer.referral_id) not in tasks:
            yield "decide_offers", offer.referral_id
        if offer.state == "asking" and ("answer_question", offer.id) not in tasks:
            yield "answer_question", offer.id


def _unwanted(task: Any, referrals: Mapping[int, str], offers: Mapping[int, Any]) -> str:
    states = [offer.state for offer in offers.values() if offer.referral_id == task.subject_id]
    match task.kind:
        case "decide_offers" | "nobody_left" if referrals[task.subject_id] not in OPEN_NOW:
            return f"the referral is {referrals[task.subject_id]}"
        case "complete_missing" if referrals[task.subject_id] != "returned":
            return f"the referral is {referrals[task.subject_id]}"
        case "decide_offers" if not set(states) & set(SAID_YES):
            return "nobody has said yes"
        case "nobody_left" if set(states) & set(UNDER_WAY):
            return "somebody is asked"
        case "answer_question" if offers[task.subject_id].state != "asking":
            return f"the request is {offers[task.subject_id].state}"
        case "ring" if offers[task.subject_id].state not in WAITS_FOR_PROVIDER:
            return f"the request is {offers[task.subject_id].state}"
    return ""


def _is_there(stay: Any, night: date, day: date) -> bool:
    is_overdue = stay.state in THERE and stay.end_on is not None and stay.end_on <= day
    return stay.start_on <= night if is_overdue else _on(stay, night)


def _on(row: Any, night: date) -> bool:
    return row.start_on <= night and (row.end_on is None or row.end_on > night)


def _meet(one: Any, other: Any) -> bool:
    later, end = max(one.start_on, other.start_on), [each.end_on for each in (one, other) if each.end_on]
    return all(later < each for each in end)
