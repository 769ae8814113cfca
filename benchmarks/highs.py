"""HiGHS on the inventory form, tier after tier. Never imported together with OR-Tools: the two clash in one process."""

from __future__ import annotations

from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.fresh import Lap

Floats = NDArray[np.float64]


def climb(path: str, whole: bool, tiers: int, seconds: float) -> dict[str, Any]:
    """Maximise the first `tiers` objectives of a form in turn, each at most `seconds`, keeping those before it.

    `whole` asks for whole numbers to proof (gap 0), otherwise the linear relaxation is solved. Returns the laps of
    loading and of each tier with its value, bound and status, and the chosen columns.
    """
    form = np.load(path)
    worth = form["worth"]
    with Lap() as loading:
        model = _loaded(form, whole)
    climbed: list[dict[str, Any]] = []
    for tier in range(tiers):
        if climbed:
            _hold(model, worth[tier - 1], climbed[-1]["value"], whole)
        with Lap() as lap:
            every = np.arange(worth.shape[1], dtype=np.int32)
            model.changeColsCost(len(every), every, worth[tier])
            # The limit counts from the first run of the model.
            model.setOptionValue("time_limit", model.getRunTime() + seconds)
            model.run()
        climbed.append({"wall": lap.wall, "cpu": lap.cpu, **_outcome(model, whole)})
        if climbed[-1]["status"] != "Optimal":
            break
    used = np.asarray(model.getSolution().col_value)[: int(form["columns"])]
    return {
        "load": {"wall": loading.wall, "cpu": loading.cpu},
        "tiers": climbed,
        "chosen": np.flatnonzero(used > 0.5).tolist() if whole else [],
    }


def _loaded(form: Any, whole: bool) -> Any:
    import highspy  # here, so that a process that holds OR-Tools may name this module

    model = highspy.Highs()  # type: ignore[no-untyped-call]  # the package says it is typed and is so in part
    for option, value in (("output_flag", False), ("threads", 1), ("mip_rel_gap", 0.0)):
        model.setOptionValue(option, value)
    size, columns = len(form["upper"]), int(form["columns"])
    # Occupancies are whole wherever the columns are.
    integrality = np.zeros(size, np.int32)
    integrality[:columns] = int(whole)
    model.passModel(
        size,
        len(form["row_upper"]),
        len(form["row"]),
        int(highspy.MatrixFormat.kColwise),
        int(highspy.ObjSense.kMaximize),
        0.0,
        form["worth"][0],
        np.zeros(size),
        form["upper"],
        form["row_lower"],
        form["row_upper"],
        form["first"],
        form["row"],
        form["entry"],
        integrality,
    )
    return model


def _hold(model: Any, worth: Floats, value: float, whole: bool) -> None:
    """Keep a tier at its value: exactly in whole numbers, within the solver's tolerance otherwise."""
    known = np.asarray(model.getSolution().col_value)
    least = value if whole else value - 1e-6 * max(1.0, abs(value))
    columns = np.flatnonzero(worth).astype(np.int32)
    model.addRow(least, np.inf, len(columns), columns, worth[columns])
    if whole:  # a new row forgets the answer: hand it back as the first one of the next tier
        model.setSolution(len(known), np.arange(len(known), dtype=np.int32), np.rint(known))


def _outcome(model: Any, whole: bool) -> dict[str, Any]:
    told = model.getInfo()
    value = float(told.objective_function_value)
    bound = float(told.mip_dual_bound) if whole else value
    status = model.modelStatusToString(model.getModelStatus())
    known = value if np.isfinite(value) else None  # at its limit it may have no answer at all
    return {
        "value": round(known) if whole and known is not None else known,
        "bound": bound if np.isfinite(bound) else None,
        "status": status,
    }


def climbs(path: str, whole: bool, tiers: int, seconds: float, repeats: int = 1) -> dict[str, Any]:
    """Climb some times over and return the last climb with the median laps."""
    told = [climb(path, whole, tiers, seconds) for _ in range(repeats)]
    last = told[-1]
    for clock in ("wall", "cpu"):
        last["load"][clock] = median(one["load"][clock] for one in told)
        for index, tier in enumerate(last["tiers"]):
            tier[clock] = median(one["tiers"][index][clock] for one in told if index < len(one["tiers"]))
    return last
