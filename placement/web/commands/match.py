"""`flask match …`: the engine on files, without a database. Standard output carries the answer and nothing else."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeVar

import click
from flask.cli import AppGroup

from placement.matching.budget import Budget
from placement.matching.explaining.explain import explain
from placement.matching.judging.check import check
from placement.matching.judging.objectives import OBJECTIVES
from placement.matching.problem.documents import read_instance, read_plan, write_plan
from placement.matching.problem.errors import MalformedDocument, one_line
from placement.matching.problem.instance import Instance
from placement.matching.problem.plan import Plan
from placement.matching.problem.series import stays_of
from placement.matching.solvers.silence import stdout_reserved
from placement.matching.worth.first_come import Tally, first_come, tally

if TYPE_CHECKING:
    from placement.matching.worth.values import Values

T = TypeVar("T")
Document = click.Path(path_type=Path)
FAULTY, MALFORMED = 1, 2

match = AppGroup("match", help="Solve, check, explain and value matching problems in files.")


@match.command("solve", with_appcontext=False)
@click.argument("instance_path", metavar="INSTANCE.json", type=Document)
@click.option("--seconds", type=click.FloatRange(min=0, min_open=True), default=60.0, show_default=True)
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=0, show_default=True)
def solve_command(instance_path: Path, seconds: float, seed: int) -> None:
    """Write the best plan for INSTANCE.json to standard output."""
    instance = _read(instance_path, read_instance)
    plan = _solved(instance, Budget(seconds=seconds), seed)
    click.echo(write_plan(plan), nl=False)


@match.command("check", with_appcontext=False)
@click.argument("instance_path", metavar="INSTANCE.json", type=Document)
@click.argument("plan_path", metavar="PLAN.json", type=Document)
def check_command(instance_path: Path, plan_path: Path) -> None:
    """Audit PLAN.json against INSTANCE.json: one line a violation, or the value of each objective."""
    instance, plan = _read(instance_path, read_instance), _read(plan_path, read_plan)
    verdict = check(instance, plan)
    for violation in verdict.violations:
        click.echo(one_line(str(violation)))
    if not verdict.is_sound:
        sys.exit(FAULTY)
    for outcome in plan.objectives:
        click.echo(f"{outcome.slug} {outcome.value} (bound {outcome.bound})")


@match.command("explain", with_appcontext=False)
@click.argument("instance_path", metavar="INSTANCE.json", type=Document)
@click.argument("plan_path", metavar="PLAN.json", type=Document)
@click.argument("need")
def explain_command(instance_path: Path, plan_path: Path, need: str) -> None:
    """Say why NEED has the place that it has in PLAN.json, or none."""
    instance, plan = _sound(instance_path, plan_path)
    if need not in {known.id for known in stays_of(instance).instance.needs}:
        _refuse(f"{instance_path}: needs: none has the id {need!r}")
    click.echo(json.dumps(explain(instance, plan, need).to_dict(), ensure_ascii=False, indent=1))


@match.command("compare", with_appcontext=False)
@click.argument("instance_path", metavar="INSTANCE.json", type=Document)
@click.argument("plan_path", metavar="[PLAN.json]", type=Document, required=False)
@click.option("--seconds", type=click.FloatRange(min=0, min_open=True), default=60.0, show_default=True)
def compare_command(instance_path: Path, plan_path: Path | None, seconds: float) -> None:
    """Set first come, first served beside PLAN.json, or beside the optimum where no plan is given."""
    if plan_path is None:
        instance = _read(instance_path, read_instance)
        plan = _solved(instance, Budget(seconds=seconds))
    else:
        instance, plan = _sound(instance_path, plan_path)
    _table(tally(instance, first_come(instance)), tally(instance, plan), plan.status)


@match.command("value", with_appcontext=False)
@click.argument("instance_path", metavar="INSTANCE.json", type=Document)
@click.option("--seconds", type=click.FloatRange(min=0, min_open=True), default=60.0, show_default=True)
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=0, show_default=True)
@click.option("--top", type=click.IntRange(min=1), default=10, show_default=True, help="Kinds of place to answer for.")
@click.option("--table", is_flag=True, help="A table to read instead of JSON.")
def value_command(instance_path: Path, seconds: float, seed: int, top: int, table: bool) -> None:
    """Say what 1, 2 and 5 more places of each kind would add to the plan for INSTANCE.json, best first.

    A kind is what a place offers, in the city or elsewhere, in bands of £500 a week: each kind that a unit has or a
    need asks for. A new place is free on all nights, takes everybody, costs its band's median and lies amid its like;
    the JSON gives it as a unit that can be added to the instance. Kinds are screened by the duals of the relaxation
    and the TOP most promising answered by solving again: every number is the difference of two plans, and `agrees`
    and `agreement` say how far the duals were right. Kinds that the SECONDS do not reach are left out.
    """
    from placement.matching.worth.values import values  # here, because it loads OR-Tools

    instance = _read(instance_path, read_instance)
    with stdout_reserved():
        found = values(instance, budget=Budget(seconds=seconds), seed=seed, top=top)
    if table:
        _value_table(found)
    else:
        click.echo(json.dumps(found.to_dict(instance), ensure_ascii=False, indent=1))


def _value_table(found: Values) -> None:
    """Print a line a kind: what it adds to the people met in the city by 1, 2 and 5 places, then one place's tiers."""
    click.echo(
        f"{found.kinds} kinds of place, {len(found.places)} solved again; the plan without them is {found.base.status}"
    )
    click.echo(f"{'':4}{'in the city, by places':^27}{'one place adds':^27}")
    click.echo(f"{'':4}{'1':>9}{'2':>9}{'5':>9}{'placed':>9}{'fit':>9}{'cost £':>9}  kind")
    for rank, place in enumerate(found.places, start=1):
        one = place.gains[0].adds
        numbers = [*(gain.adds["in_city"] for gain in place.gains), one["placed"], one["fit"], one["cost"]]
        proven = "" if all(gain.status == "optimal" for gain in place.gains) else " (not proven)"
        click.echo(f"{rank:>3} {''.join(f'{number:>+9,}' for number in numbers)}  {place.kind}{proven}")
    for slug, rates in found.agreement().items():
        correlation = "" if rates["correlation"] is None else f", correlation {rates['correlation']:.2f}"
        click.echo(f"duals of {slug}: right for {rates['equal']:.0%}{correlation}")


def _solved(instance: Instance, budget: Budget, seed: int = 0) -> Plan:
    """Solve with nothing but the answer on standard output.

    The solver is imported here: loading OR-Tools takes a second that no other command and no web worker should pay.
    """
    from placement.matching.tiers.solving import solve

    with stdout_reserved():
        return solve(instance, budget=budget, seed=seed)


def _table(before: Tally, after: Tally, status: str) -> None:
    click.echo(f"{'':14}{'first come':>14}{f'plan ({status})':>18}")
    rows = [
        ("out of city", before.out_of_city, after.out_of_city),
        ("unplaced", before.unplaced, after.unplaced),
        ("placed", before.placed, after.placed),
        *((row.slug, before.objectives[row.slug], after.objectives[row.slug]) for row in OBJECTIVES),
    ]
    for name, first, planned in rows:
        click.echo(f"{name:14}{first:>14,}{planned:>18,}")


def _sound(instance_path: Path, plan_path: Path) -> tuple[Instance, Plan]:
    """Read both; a plan that breaks its instance cannot be explained or compared."""
    instance, plan = _read(instance_path, read_instance), _read(plan_path, read_plan)
    violations = check(instance, plan).violations
    if violations:
        click.echo(one_line(f"{plan_path}: is not a plan for this instance: {violations[0]}"), err=True)
        sys.exit(FAULTY)
    return instance, plan


def _read(path: Path, reader: Callable[[bytes], T]) -> T:
    try:
        return reader(path.read_bytes())
    except MalformedDocument as error:
        _refuse(f"{path}: {error}")
    except OSError as error:
        _refuse(f"{path}: cannot be read: {error.strerror}")
    except ValueError:  # a path that no file system takes, such as one with a null byte
        _refuse("the path of the file is not a path")


def _refuse(message: str) -> NoReturn:
    click.echo(one_line(message), err=True)
    sys.exit(MALFORMED)
