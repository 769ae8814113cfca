"""Updating numbers: one page and one way to act, for one service or all, signed in or by a link alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from placement.domain.clocks import today
from placement.domain.errors import EditedMeanwhile, Invalid, ToConfirm
from placement.domain.people import Actor
from placement.market.organisation import SaidRight, UnitNumbers, confirm_services, lock_units, report_services
from placement.market.vacated import Becomes, SaidOfPlace, vacated
from placement.records.providers import Service
from placement.web.forms.binding import show_error
from placement.web.forms.confirming import confirmed
from placement.web.forms.fields import options
from placement.web.forms.hidden import ids
from placement.web.forms.marks import MARKS, SHOWN_AGAIN
from placement.web.forms.typed_form import TypedForm, is_shown_again
from placement.web.forms.vacancies import BECOMES, NumbersForm, vacated_form
from placement.web.meeting import BothChanged, OtherSave, both_page, meet, tell
from placement.web.pages.numbers import first_rows, form_over, rows_of, sent_rows
from placement.web.pages.provider.board import ServiceRow, UnitRow
from placement.web.pages.updated import told_of
from placement.web.transactions import committing, now, reading

RIGHT = "right"  # the step that says that the numbers are as the page shows them
NOT_FREE = options([(value, words) for value, words in BECOMES.items() if value is not Becomes.FREE])
ANSWERS = ("becomes-", "until-", "why-")
NOTHING = "You have not changed a number. If they are all right, press “These numbers are right”."
NEVER = "Enter the numbers of every unit once before you say that they are right: {}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Updating:
    """Where numbers are updated: which services, who acts, the template, and where what was stored leads.

    `stored` is done in the unit that stores something.
    """

    services: Callable[[Any], Sequence[Service]]
    actor: Callable[[Any], Actor]
    template: str
    after: Callable[[], str]
    stored: Callable[[Any], None] = lambda _session: None
    is_by_link: bool = False


class NotSaid(Exception):
    """Places were left, and nobody has said what becomes of them."""

    def __init__(self, form: TypedForm, asked: Sequence[tuple[UnitRow, int, int]]) -> None:
        super().__init__("Somebody has left")
        self.form, self.asked = form, asked


def update(where: Updating) -> ResponseReturnValue:
    """Show the numbers, or store what the page says of them."""
    is_right = request.form.get("step") == RIGHT
    if request.method != "POST" or (is_right and is_shown_again()):
        return fresh_page(where)
    if is_right:
        return _right(where)
    rows = list(sent_rows(rows_of(where.services(reading()), reading())))
    form = form_over(rows)
    if rows and not form.validate():
        return _page(where, rows, form), 422 if form.errors else 200
    if not form.told():
        return fresh_page(where, problem=NOTHING, status=422)
    return _saved(where, rows, form)


def fresh_page(where: Updating, *, problem: str = "", status: int = 200) -> ResponseReturnValue:
    """Show the numbers as they should be now."""
    rows = first_rows(rows_of(where.services(reading()), reading()))
    return _page(where, rows, form_over(rows, fresh=True), problem=problem), status


def _saved(where: Updating, rows: Sequence[ServiceRow], form: NumbersForm) -> ResponseReturnValue:
    try:
        with committing() as session:
            told, words = _store(where, session)
    except BothChanged as error:
        return both_page(error)
    except NotSaid as error:
        return _vacated_page(error)
    except ToConfirm as error:
        return _page(where, rows, form, questions=error.questions), error.status
    except EditedMeanwhile as error:
        return fresh_page(where, problem=f"{error} These are the numbers now.", status=error.status)
    except Invalid as error:
        show_error(form, error)
        return _page(where, rows, form), error.status
    flash(told)
    tell(words)
    return redirect(where.after())


def _store(where: Updating, session: Any) -> tuple[str, str]:
    """Store what is told of each unit, under the locks of them all; return what the next page says."""
    services = where.services(session)
    lock_units(session, services)
    rows = list(sent_rows(rows_of(services, session)))
    form = form_over(rows)  # what is stored by now stands in it beside what was typed
    words = meet(form, _other(where, session, rows, form))
    units = {unit.id: unit for row in rows for unit in row.units}
    numbers = {unit_id: form.numbers(unit_id) for unit_id in form.told()}
    said = _said(units, {unit_id: vacated(units[unit_id].numbers, given) for unit_id, given in numbers.items()}, form)
    told = {
        unit_id: UnitNumbers(before=units[unit_id].numbers, given=given, said=said.get(unit_id))
        for unit_id, given in numbers.items()
    }
    if not told:
        raise EditedMeanwhile("Somebody else has changed these numbers.")
    report_services(session, services, told, by=where.actor(session), now=now(), confirmed=confirmed())
    where.stored(session)
    unknown = [row.name for row in rows if any(unit.numbers is None and unit.id not in told for unit in row.units)]
    return told_of(rows, told, is_all=bool(form.rest.data)) + _once(unknown), words


def _right(where: Updating) -> ResponseReturnValue:
    """Say in one tap that every number is as the page shows it."""
    try:
        with committing() as session:
            found = confirm_services(
                session, where.services(session), by=where.actor(session), now=now(), seen=ids(request.form.get("seen"))
            )
            if not found.right:
                raise _refusal(found)
            where.stored(session)
            told = _told_right(found)
    except Invalid as error:
        return fresh_page(where, problem=str(error), status=error.status)
    except EditedMeanwhile as error:
        return fresh_page(where, problem=f"{error} These are the numbers now.", status=error.status)
    flash(told)
    return redirect(where.after())


def _refusal(found: SaidRight) -> Invalid | EditedMeanwhile:
    if found.changed:
        return EditedMeanwhile(f"{_names(found.changed)} was updated after you opened this page.")
    return Invalid(NEVER.format(_names(found.unknown) or "there is no unit"))


def _told_right(found: SaidRight) -> str:
    number = len(found.right)
    told = f"{found.right[0].name} is" if number == 1 else f"{number} services are"
    changed = f" Look again at {_names(found.changed)}: somebody else has changed it." if found.changed else ""
    return f"{told} up to date: nothing has changed.{changed}{_once([each.name for each in found.unknown])}"


def _once(unknown: Sequence[str]) -> str:
    return f" Enter the numbers of {_listed(unknown)} once." if unknown else ""


def _names(services: Sequence[Service]) -> str:
    return _listed([service.name for service in services])


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + (" and others" if len(names) > 3 else "")


def _other(where: Updating, session: Any, rows: Sequence[ServiceRow], form: NumbersForm) -> OtherSave:
    """Return who changed what the form showed: the newest to report it or, where nobody has, who reserves places."""
    seen, others = ids(form.seen.data), form.others
    reports = [unit.report for row in rows for unit in row.units if unit.report and unit.id in others]
    newer = [report for report in reports if report.id not in seen]
    if not newer:
        return OtherSave(name="Brokerage", at=None)
    newest = max(newer, key=lambda report: report.id)
    is_own = newest.reported_by_id == where.actor(session).user_id
    return OtherSave(
        name="Somebody else" if where.is_by_link else newest.reporter, at=newest.reported_at, is_own=is_own
    )


def _said(units: Mapping[int, UnitRow], places: Mapping[int, int], form: NumbersForm) -> dict[int, SaidOfPlace]:
    """Return what was said of places that were left. Raises NotSaid where there is something to ask."""
    asked = {unit_id: number for unit_id, number in places.items() if number}
    if not asked:
        return {}
    left = vacated_form(list(asked), day=today(now()))()
    is_answered = any(name.startswith(ANSWERS) for name in request.form)
    if is_answered and left.validate():
        said: dict[int, SaidOfPlace] = left.said()
        return said
    if not is_answered:
        left = vacated_form(list(asked), day=today(now()))(formdata=None)
    if len(asked) == 1:
        left[f"becomes-{next(iter(asked))}"].choices = NOT_FREE  # that it is free is a button of its own
    raise NotSaid(left, [(units[unit_id], number, form.numbers(unit_id).occupied) for unit_id, number in asked.items()])


def _vacated_page(error: NotSaid) -> ResponseReturnValue:
    """Ask what becomes of places that were left, with everything that was typed carried in the page."""
    kept = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in MARKS and not name.startswith(ANSWERS)
    ]
    page = render_template("provider/vacated.html", form=error.form, asked=error.asked, kept=kept, again=SHOWN_AGAIN)
    return page, 422


def _page(where: Updating, rows: Sequence[ServiceRow], form: NumbersForm, **more: Any) -> str:
    services = where.services(reading())
    return render_template(
        where.template,
        rows=rows,
        form=form,
        others=sum(bool(service.units) for service in services) - len(rows),
        unitless=[service for service in services if not service.units],
        is_by_link=where.is_by_link,
        answers=[pair for pair in request.form.items(multi=True) if pair[0].startswith(ANSWERS)],
        **more,
    )
