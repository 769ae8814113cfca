"""Hospital bed planning (patient admission scheduling): instances that others published, read, scored and solved.

The problem is Demeester, Souffriau, De Causmaecker and Vanden Berghe's (Artificial Intelligence in Medicine, 2010),
with one room a stay. Every patient has fixed dates and has to be placed; what a plan costs is a penalty a night for
each pair of patient and room. `cost_of` reads nothing of the engine, so that it can judge what the engine makes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import process_time

from placement.matching.budget import Budget
from placement.matching.problem.facts import Need, Span, UnitFacts
from placement.matching.problem.instance import Instance
from placement.matching.problem.plan import Plan
from placement.matching.tiers.solving import solve

TOO_LARGE = 8
NOT_THE_DEPARTMENT = 10
NOT_THE_ROOM = 20
FOR_A_PRIORITY = 10
WITHOUT_WISH = 20

LINEAR_BOUNDS = {
    "testdata01": 6432,
    "testdata02": 11102,
    "testdata03": 7410,
    "testdata04": 11408,
    "testdata05": 6208,
    "testdata06": 7864,
}
"""What no plan can cost less than, by the linear relaxation with one room a stay: bounds, not optima."""

CITY = "hospital"
GENDERS_OF_ROOMS = {"D": "same", "M": "men", "F": "women", "N": "any"}
GENDERS_OF_PATIENTS = {"M": "man", "F": "woman"}
PLAIN_FIT = 30
"""The fit of any match here before penalties: quality not rated 10, acceptance unknown 20."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A room with its department's limits: `priorities` by specialism, ages inclusive, equipment by position."""

    id: str
    beds: int
    gender: str
    min_age: int
    max_age: int
    departments_specialisms: frozenset[str]
    priorities: Mapping[str, int]
    equipment: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """A patient in bed on the nights `[first, last)`; `nights` says how many of them by specialism."""

    id: str
    age: int
    gender: str
    first: int
    last: int
    nights: Mapping[str, int]
    largest_room: int | None
    required: frozenset[int]
    preferred: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hospital:
    """One published instance."""

    rooms: tuple[Room, ...]
    patients: tuple[Patient, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What a plan costs, and a sentence for each hard rule broken."""

    cost: int
    broken: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One instance solved: its cost by the outside scorer, the engine's bound in the same unit, CPU seconds."""

    name: str
    patients: int
    score: Score
    bound: int
    seconds: float

    @property
    def gap(self) -> float:
        """How far the cost is above the published linear bound, as a share of that."""
        return self.score.cost / LINEAR_BOUNDS[self.name] - 1

    @property
    def own_gap(self) -> float:
        """How far the cost is above what the engine itself proved, as a share of that."""
        return self.score.cost / self.bound - 1


def read_hospital(text: str) -> Hospital:
    """Read a published instance.

    Patients without a night are left out, and stays are cut at the planning horizon, as where the bounds come from.
    """
    sections = _sections(text)
    departments = {fields[0][0]: fields for fields in sections["DEPARTMENTS"]}
    horizon = next(int(fields[0][-1]) for fields in sections[""] if fields[0][:2] == ["Planning", "horizon:"])
    patients = (_patient(fields, horizon) for fields in sections["PATIENTS"])
    return Hospital(
        rooms=tuple(_room(fields, departments[fields[2][0]]) for fields in sections["ROOMS"]),
        patients=tuple(patient for patient in patients if patient.first < patient.last),
    )


def _sections(text: str) -> dict[str, list[list[list[str]]]]:
    """Return the lines below each heading, split at bars, then at blanks."""
    sections: dict[str, list[list[list[str]]]] = defaultdict(list)
    heading = ""
    for line in text.splitlines():
        if line.strip().endswith(":"):
            heading = line.strip()[:-1]
        elif line.strip() and line.strip() != "END.":
            sections[heading].append([field.split() for field in line.split("|")])
    return sections


def _pairs(words: list[str]) -> Iterator[tuple[str, str]]:
    return zip(words[::2], words[1::2], strict=True)


def _flagged(flags: list[str]) -> frozenset[int]:
    return frozenset(position for position, flag in enumerate(flags) if flag == "1")


def _room(fields: list[list[str]], department: list[list[str]]) -> Room:
    (name, *_), beds, _, gender, specialisms, equipment = fields
    _, _, youngest, oldest = department[0]
    return Room(
        id=name,
        beds=int(beds[0]),
        gender=gender[0],
        min_age=int(youngest),
        max_age=int(oldest) or 150,  # 0 stands for no limit
        departments_specialisms=frozenset(specialism for _, specialism in _pairs(department[1])),
        priorities={specialism: int(priority) for priority, specialism in _pairs(specialisms)},
        equipment=_flagged(equipment),
    )


def _patient(fields: list[list[str]], horizon: int) -> Patient:
    (name, _, age, gender), (first, last), nights, largest, required, preferred = fields
    named = [specialism for specialism, count in _pairs(nights[1:]) for _ in range(int(count))]
    return Patient(
        id=name,
        age=int(age),
        gender=gender,
        first=int(first),
        last=min(int(last), horizon),
        nights=Counter(named[: max(0, horizon - int(first))]),
        largest_room=int(largest[0]) if largest else None,
        required=_flagged(required),
        preferred=_flagged(preferred),
    )


def penalty(patient: Patient, room: Room) -> int:
    """Return what the whole stay of this patient in this room costs."""
    stay = patient.last - patient.first
    nightly = WITHOUT_WISH * len(patient.preferred - room.equipment)
    if patient.largest_room is not None and room.beds > patient.largest_room:
        nightly += TOO_LARGE
    return stay * nightly + sum(nights * _unskilled(room, named) for named, nights in patient.nights.items())


def _unskilled(room: Room, specialism: str) -> int:
    """Return what a night costs for how well room and department know this specialism."""
    department = 0 if specialism in room.departments_specialisms else NOT_THE_DEPARTMENT
    if specialism not in room.priorities:
        return department + NOT_THE_ROOM
    return department + FOR_A_PRIORITY * (room.priorities[specialism] - 1)


def cost_of(hospital: Hospital, placed: Mapping[str, str]) -> Score:
    """Judge a plan that gives the ids of patients the ids of rooms, by the published rules and by nothing else."""
    rooms = {room.id: room for room in hospital.rooms}
    stays = [(patient, rooms[placed[patient.id]]) for patient in hospital.patients if patient.id in placed]
    broken = [
        *(f"patient {patient.id} has no bed" for patient in hospital.patients if patient.id not in placed),
        *(f"patient {patient.id} in room {room.id}: {why}" for patient, room in stays for why in _unfit(patient, room)),
        *_crowded(stays),
    ]
    return Score(cost=sum(penalty(patient, room) for patient, room in stays), broken=tuple(broken))


def _unfit(patient: Patient, room: Room) -> Iterator[str]:
    if patient.required - room.equipment:
        yield "without required equipment"
    if not room.min_age <= patient.age <= room.max_age:
        yield "of another age"
    if room.gender in ("M", "F") and room.gender != patient.gender:
        yield "of another gender"


def _crowded(stays: list[tuple[Patient, Room]]) -> Iterator[str]:
    """Yield each room and night with more people than beds, or with two genders where there may be one."""
    rooms = {room.id: room for _, room in stays}
    there: dict[tuple[str, int], list[Patient]] = defaultdict(list)
    for patient, room in stays:
        for night in range(patient.first, patient.last):
            there[room.id, night].append(patient)
    for (name, night), patients in sorted(there.items()):
        room = rooms[name]
        if len(patients) > room.beds:
            yield f"room {name}, night {night}: {len(patients)} people in {room.beds} beds"
        if room.gender == "D" and len({patient.gender for patient in patients}) > 1:
            yield f"room {name}, night {night}: two genders"


def instance_of(hospital: Hospital) -> Instance:
    """Return the hospital as an instance of the engine, in which fit = PLAIN_FIT × patients placed − cost.

    Everything lies in the city and has one weight, so that the first two objectives count the patients placed.
    """
    horizon = max(patient.last for patient in hospital.patients)
    return Instance(
        first_night=date(2026, 1, 1),  # the instances name no date
        nights=horizon,
        city=CITY,
        units=tuple(_unit(room, horizon) for room in hospital.rooms),
        needs=tuple(_need(patient, hospital) for patient in hospital.patients),
    )


def _unit(room: Room, horizon: int) -> UnitFacts:
    return UnitFacts(
        id=room.id,
        service=room.id,
        authority=CITY,
        free=(Span(0, horizon, room.beds),),
        min_age=room.min_age,
        max_age=room.max_age,
        gender=GENDERS_OF_ROOMS[room.gender],
        offers=frozenset(f"equipment-{position}" for position in room.equipment),
    )


def _need(patient: Patient, hospital: Hospital) -> Need:
    return Need(
        id=patient.id,
        kind="planned",
        earliest=patient.first,
        latest=patient.first,
        nights=patient.last - patient.first,
        age=patient.age,
        gender=GENDERS_OF_PATIENTS[patient.gender],
        essential=frozenset(f"equipment-{position}" for position in patient.required),
        extra_points={room.id: -penalty(patient, room) for room in hospital.rooms},
    )


def rooms_of(plan: Plan) -> dict[str, str]:
    """Return which room the plan gives each patient it places."""
    return {match.need: match.unit for match in plan.matches}


def tried(path: Path, *, seconds: float, seed: int = 0) -> Trial:
    """Solve one published file within so many seconds of wall clock."""
    hospital = read_hospital(path.read_text())
    began = process_time()
    plan = solve(instance_of(hospital), budget=Budget(seconds=seconds), seed=seed)
    spent = process_time() - began
    fit = next(outcome for outcome in plan.objectives if outcome.slug == "fit")
    return Trial(
        name=path.stem,
        patients=len(hospital.patients),
        score=cost_of(hospital, rooms_of(plan)),
        bound=PLAIN_FIT * len(hospital.patients) - fit.bound,
        seconds=spent,
    )
