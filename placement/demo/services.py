"""The market as a table: a row for each kind of scheme. The market is tuned here and nowhere else.

Numbers of schemes and beds follow the market position of May 2024: 71 care homes, of which 14 learning disability and
autism schemes (101 beds, 13 of them respite) and 12 mental health homes (129 beds); 51 supported living locations; 10
mental health supported living schemes. Prices, reply hours and who offers what are invented for the demo.
"""

from __future__ import annotations

from placement.demo.shapes import LIVING, SchemeShape, UnitShape

_HOUSES, _ROWS = ("House", "Lodge", "Court", "Grange"), ("Row", "Close", "Mews", "Walk", "Place")
_GENDERS = ("any", "any", "women", "any", "men", "any", "same")
_OLDER = ((65, 120), (60, 120), (55, 120))
_LD, _AUTISM, _MH = "learning_disability sleep_in garden", "autism learning_disability pbs low_arousal", "mental_health"

SHAPES = (
    SchemeShape(
        slug="ld_residential", service_type="residential", sector="ld", in_city=8, around=8, endings=_HOUSES,
        units=(
            UnitShape(
                name="Main house", capacities=(9, 8, 8, 7), offers=f"{_LD} waking_night", pounds=(1650, 2350),
                vacant=(0.11, 0.12), genders=_GENDERS,
                extras=((0.5, "epilepsy_rescue"), (0.3, "makaton"), (0.25, "ground_floor step_free wheelchair")),
            ),
        ),
    ),
    SchemeShape(
        slug="autism_residential", service_type="residential", sector="ld", in_city=3, around=6, endings=_HOUSES,
        units=(
            UnitShape(
                name="Specialist house", capacities=(8, 8, 8), offers=f"{_AUTISM} waking_night one_to_one_part_day",
                pounds=(2900, 4300), vacant=(0.10, 0.22), ages=((18, 55), (18, 64)),
                extras=((0.6, "one_to_one two_to_one_community"), (0.5, "robust_fittings"), (0.4, "complex_needs")),
            ),
        ),
    ),
    SchemeShape(
        slug="ld_respite", service_type="respite_unit", sector="ld", in_city=3, around=2, endings=("Break House",),
        weeks=3,
        units=(
            UnitShape(
                name="Short breaks", capacities=(3, 2, 2), kinds="respite", offers=f"{_LD} waking_night",
                pounds=(1500, 2000), vacant=(0.15, 0.2), reply_hours=(24, 48, 72), genders=("any", "same", "any"),
            ),
            UnitShape(
                name="Accessible room", capacities=(1,), kinds="respite", pounds=(1650, 2100), vacant=(0.8, 1.0),
                offers=f"{_LD} waking_night complex_needs hoist wheelchair wet_room step_free epilepsy_rescue",
                reply_hours=(24, 48), extras=((0.6, "peg"), (0.3, "autism")),
            ),
            UnitShape(
                name="Sensory room", capacities=(1,), kinds="respite", pounds=(1600, 2050), vacant=(0.8, 1.0),
                offers=f"{_LD} waking_night autism low_arousal robust_fittings", reply_hours=(24, 48),
                extras=((0.4, "pbs"),),
            ),
        ),
    ),
    SchemeShape(
        slug="mh_residential", service_type="residential", sector="mh", in_city=12, around=5, endings=_HOUSES,
        units=(
            UnitShape(
                name="Recovery house", capacities=(11, 10, 11, 11), kinds=f"crisis {LIVING}",
                offers=f"{_MH} waking_night", pounds=(1150, 1750), vacant=(0.07, 0.10), genders=_GENDERS,
                reply_hours=(24, 2, 2, 48), emergencies_until=("18:00", "20:00", "22:00"),
                extras=((0.3, "trauma_informed"), (0.3, "substance_misuse"), (0.2, "forensic_history")),
            ),
        ),
    ),
    SchemeShape(
        slug="older_residential", service_type="residential", sector="older", in_city=26, around=6,
        endings=("Manor", "House", "Gardens", "View"),
        units=(
            UnitShape(
                name="Residential wing", capacities=(24, 30, 18), kinds=f"respite {LIVING}", offers="sleep_in garden",
                pounds=(720, 1050), vacant=(0.06, 0.08), ages=_OLDER,
                extras=((0.6, "step_free wheelchair"), (0.3, "punjabi vegetarian"), (0.2, "gujarati"))
            ),
            UnitShape(
                name="Dementia wing", capacities=(14, 10, 16), kinds=f"crisis respite {LIVING}",
                offers="dementia dementia_friendly waking_night", pounds=(880, 1250), vacant=(0.05, 0.08), ages=_OLDER,
                reply_hours=(24, 48, 4, 24, 2), emergencies_until=("17:00", "19:00"),
                extras=((0.5, "step_free wheelchair"), (0.25, "pressure_care"), (0.2, "halal urdu")),
            ),
        ),
    ),
    SchemeShape(
        slug="older_nursing", service_type="nursing", sector="older", in_city=17, around=4,
        endings=("Nursing Home", "Park", "House"),
        units=(
            UnitShape(
                name="Nursing wing", capacities=(28, 22, 30), offers="nurse waking_night step_free wheelchair",
                kinds=f"respite {LIVING}", pounds=(1050, 1500), vacant=(0.06, 0.08), ages=_OLDER,
                extras=((0.7, "hoist pressure_care catheter_stoma"), (0.4, "peg dysphagia"), (0.3, "end_of_life")),
            ),
            UnitShape(
                name="Dementia nursing wing", capacities=(16, 12), offers="nurse dementia waking_night",
                pounds=(1180, 1650), vacant=(0.04, 0.07), ages=_OLDER, extras=((0.5, "complex_needs"),),
            ),
        ),
        shared=("Nurses at night", 1),
    ),
    SchemeShape(
        slug="pd_nursing", service_type="nursing", sector="older", in_city=2, around=0, endings=("Court",),
        units=(
            UnitShape(
                name="Physical disability wing", capacities=(16, 12), kinds=f"crisis respite {LIVING}",
                offers="physical_disability nurse waking_night hoist wheelchair step_free wet_room ground_floor peg",
                pounds=(1500, 2200), vacant=(0.07, 0.1), ages=((18, 70),), reply_hours=(4, 2),
                extras=((0.5, "acquired_brain_injury tracheostomy"),), emergencies_until=("20:00",),
            ),
        ),
    ),
    SchemeShape(
        slug="shared_house", service_type="supported_living", sector="ld", in_city=26, around=12, endings=_ROWS,
        units=(
            UnitShape(
                name="Shared house", capacities=(4, 3, 5, 4), offers=_LD, pounds=(950, 1500), vacant=(0.05, 0.10),
                genders=_GENDERS, extras=((0.35, "autism"), (0.3, "waking_night"), (0.25, "epilepsy_rescue"),
                                          (0.2, "mental_health"), (0.15, "trauma_informed"), (0.2, "halal"),
                                          (0.2, "autism pbs low_arousal")),
            ),
        ),
    ),
    SchemeShape(
        slug="core_and_cluster", service_type="supported_living", sector="ld", in_city=15, around=5, endings=_ROWS,
        units=(
            UnitShape(
                name="Flats", capacities=(3, 4), pounds=(850, 1350), vacant=(0.05, 0.08),
                offers="learning_disability sleep_in own_front_door no_shared_bathroom",
                extras=((0.4, "autism"), (0.3, "mental_health")),
            ),
            UnitShape(
                name="Flats with waking nights", capacities=(2,), pounds=(1250, 1850), vacant=(0.05, 0.10),
                offers="learning_disability waking_night own_front_door no_shared_bathroom",
                extras=((0.4, "autism pbs"), (0.3, "complex_needs"), (0.3, "step_free wheelchair ground_floor")),
            ),
        ),
        shared=("Flats with night staff", 1),
    ),
    SchemeShape(
        slug="autism_supported", service_type="supported_living", sector="ld", in_city=6, around=4, endings=_ROWS,
        units=(
            UnitShape(
                name="Specialist house", capacities=(3, 4), offers=f"{_AUTISM} waking_night one_to_one",
                pounds=(2400, 3900), vacant=(0.09, 0.25), kinds=f"crisis {LIVING}", reply_hours=(2, 2, 48),
                emergencies_until=("20:00", "18:00"), genders=("any", "any", "men"),
                extras=((0.5, "robust_fittings two_to_one_community"), (0.4, "trauma_informed"), (0.3, "two_to_one")),
            ),
        ),
    ),
    SchemeShape(
        slug="single_storey", service_type="supported_living", sector="ld", in_city=4, around=2, endings=("Bungalow",),
        units=(
            UnitShape(
                name="Bungalow", capacities=(3, 4), pounds=(1500, 2300), vacant=(0.13, 0.25), ages=((18, 35),),
                offers=f"{_LD} waking_night young_adults_in_transition single_storey step_free wheelchair wet_room",
                extras=((0.5, "hoist peg epilepsy_rescue complex_needs"), (0.3, "autism low_arousal")),
            ),
        ),
    ),
    SchemeShape(
        slug="mh_supported", service_type="supported_living", sector="mh", in_city=10, around=4, endings=_ROWS,
        units=(
            UnitShape(
                name="Shared flats", capacities=(5, 6, 4), offers=f"{_MH} sleep_in", pounds=(480, 920),
                vacant=(0.07, 0.12), genders=_GENDERS,
                extras=((0.5, "trauma_informed"), (0.35, "substance_misuse"), (0.25, "forensic_history"),
                        (0.3, "own_front_door")),
            ),
        ),
    ),
    SchemeShape(
        slug="shared_lives", service_type="shared_lives", sector="ld", in_city=1, around=0, endings=("Shared Lives",),
        units=(
            UnitShape(
                name="Carers’ homes", capacities=(12,), kinds=f"respite {LIVING}", pounds=(420, 640),
                offers="learning_disability sleep_in", vacant=(0.10, 0.10),
                reply_hours=(72,), extras=((1.0, "autism mental_health"),),
            ),
        ),
    ),
    SchemeShape(
        slug="extra_care", service_type="extra_care", sector="older", in_city=3, around=0, endings=("Village",),
        units=(
            UnitShape(
                name="Apartments", capacities=(40, 32, 24), offers="sleep_in own_front_door step_free wheelchair",
                pounds=(380, 620), vacant=(0.05, 0.05), ages=((55, 120),), extras=((0.5, "dementia_friendly"),),
            ),
        ),
    ),
    SchemeShape(
        slug="ld_crisis", service_type="crisis_accommodation", sector="ld", in_city=1, around=1, endings=("Haven",),
        weeks=2,
        units=(
            UnitShape(
                name="Crisis flat", capacities=(2,), kinds="crisis", offers=f"{_AUTISM} waking_night one_to_one",
                pounds=(3600, 4400), vacant=(0.75, 0.9), reply_hours=(1,), extras=((0.9, "robust_fittings"),),
            ),
            UnitShape(
                name="Emergency rooms", capacities=(3,), kinds="crisis", offers=_LD, pounds=(1900, 2400),
                vacant=(0.34, 0.34), reply_hours=(2,), emergencies_until=("22:00",),
                extras=((0.9, "step_free wheelchair ground_floor physical_disability"),),
            ),
        ),
        shared=("Night staff", 1),
    ),
    SchemeShape(
        slug="mh_crisis", service_type="crisis_accommodation", sector="mh", in_city=1, around=1, endings=("Refuge",),
        weeks=2,
        units=(
            UnitShape(
                name="Crisis beds", capacities=(5, 4), kinds="crisis", offers=f"{_MH} trauma_informed waking_night",
                pounds=(1400, 1800), vacant=(0.36, 0.7), reply_hours=(1, 2), extras=((0.5, "substance_misuse"),),
            ),
        ),
    ),
    SchemeShape(
        slug="step_down", service_type="step_down", sector="mh", in_city=2, around=0, endings=("Bridge",), weeks=4,
        units=(
            UnitShape(
                name="Step-down flats", capacities=(6, 5), kinds="crisis move_on", offers=f"{_MH} sleep_in",
                pounds=(700, 1000), vacant=(0.15, 0.15), reply_hours=(2, 1), emergencies_until=("17:00",),
                extras=((0.5, "trauma_informed own_front_door"),),
            ),
        ),
    ),
)  # fmt: skip
