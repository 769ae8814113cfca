"""Two at once: a form that was filled in while somebody else saved. The one answer for every form over a stored record.

The page builds its form over what is stored, under the record's lock, and lets it `meet`. What only one of the two
changed is kept and told; about what both changed the page asks, with both answers, and nothing is stored until then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import Field, TextAreaField

from placement.domain.errors import EditedMeanwhile, Invalid
from placement.domain.merging import Asked
from placement.records.events import AuditLine
from placement.web.access import current_actor
from placement.web.formatting import ago, day, miles, pounds
from placement.web.forms import fields
from placement.web.forms.looks import MEDIUM
from placement.web.forms.marks import ASKED, BOTH, KEEP, MARKS, MINE, SHOWN, SHOWN_AGAIN, THEIRS
from placement.web.forms.shapes import MilesField, PoundsField
from placement.web.forms.shared import SharedForm, stored_in
from placement.web.forms.typed_form import TypedForm
from placement.web.transactions import now

NOT_TOGETHER = "Somebody else has changed other answers on this page. Together with yours they do not hold: check them."
CHOOSE = "Choose which answer to keep"
OPTIONAL = " (optional)"
EMPTY = "Nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherSave:
    """Who else saved, as far as the trail says, and when."""

    name: str
    at: datetime | None
    is_own: bool = False

    @property
    def whose(self) -> str:
        """Return “Amina Khan’s, saved 3 minutes ago”."""
        when = f", saved {ago(self.at, now())}" if self.at else ""
        return f"Yours from another window{when}" if self.is_own else f"{self.name}’s{when}"


class BothChanged(EditedMeanwhile):
    """Both have changed the same answers: those `asked` about now, and those that nothing was chosen for before."""

    def __init__(
        self, form: SharedForm, other: OtherSave, *, asked: Sequence[Asked], unsaid: Sequence[Asked] = ()
    ) -> None:
        who = "You changed this in another window" if other.is_own else f"{other.name} changed this"
        super().__init__(f"{who} while you were writing")
        self.form, self.other, self.unsaid = form, other, unsaid
        self.questions = [each for each in form.questions if each in (*asked, *unsaid)]


def other_save(line: AuditLine | None) -> OtherSave:
    """Return who saved by a line of the trail."""
    if line is None:
        return OtherSave(name="Somebody else", at=None)
    is_own = line.actor_id is not None and line.actor_id == current_actor().user_id
    return OtherSave(name=line.actor_name, at=line.happened_at, is_own=is_own)


def meet(form: SharedForm, other: OtherSave) -> str:
    """Let a form that is sent meet what its record says by now, under the record's lock; return what is told of it.

    Raises BothChanged where both have changed an answer, and Invalid, with the form's errors set, where the answers of
    the two do not hold together. The form then has what is to be stored.
    """
    form.validate()  # some answers have their one form only once they are judged
    merged = form.meet()
    unsaid = [question for question in _unsaid(form) if question not in merged.asked]
    if merged.asked or unsaid:
        form.show_asked(merged.asked)
        raise BothChanged(form, other, asked=merged.asked, unsaid=unsaid)
    form.show(form.stored)
    if not form.validate():
        raise Invalid(NOT_TOGETHER)
    return _told(form, other, merged.theirs)


def tell(words: str) -> None:
    """Say on the next page what of somebody else's was kept, if anything was."""
    if words:
        flash(words)


def both_page(error: BothChanged) -> ResponseReturnValue:
    """Answer with both versions of what both have changed, and with everything that was typed carried in the page."""
    chosen = _choices(error)
    page = render_template(
        "errors/two_at_once.html",
        title=str(error),
        other=error.other,
        chosen=chosen,
        asking=[chosen[KEEP + question[0]] for question in error.questions],
        kept=[(name, value) for name, value in request.form.items(multi=True) if not _is_ours(name)],
        shown=error.form.shown.data,
        asked=" ".join(question[0] for question in error.questions),
        again=SHOWN_AGAIN,
    )
    return page, error.status


def said(field: Any, value: Any) -> str:
    """Return an answer as a person reads it."""
    if hasattr(field, "choices"):
        chosen = [str(each) for each in (value if isinstance(value, list | tuple) else [value]) if each is not None]
        return ", ".join(label for choice, label, *_ in field.iter_choices() if str(choice) in chosen) or EMPTY
    if value is None or value == "":
        return EMPTY
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return day(value)
    if isinstance(field, PoundsField):
        return pounds(value)
    return miles(value) if isinstance(field, MilesField) else str(value)


def _unsaid(form: SharedForm) -> tuple[Asked, ...]:
    """Return what was asked about and has no answer yet."""
    asked = request.form.get(ASKED, "").split()
    chosen = {name for name in asked if request.form.get(KEEP + name) in (THEIRS, MINE, BOTH)}
    return tuple(question for question in form.questions if question[0] in asked and question[0] not in chosen)


def _is_ours(name: str) -> bool:
    return name in MARKS or name in (SHOWN, ASKED) or name.startswith(KEEP)


def _choices(error: BothChanged) -> TypedForm:
    """Return a question for each answer that both have changed."""

    def asked() -> dict[str, Any]:
        return {KEEP + question[0]: _choice(error, question) for question in error.questions}

    @fields.having(asked)
    class ChoiceOfTwoForm(TypedForm):
        """Which answer to keep, a question each."""

    form = ChoiceOfTwoForm(formdata=None)
    for question in error.unsaid:
        form[KEEP + question[0]].errors = [CHOOSE]
    return form


def _choice(error: BothChanged, question: Asked) -> Any:
    asked = [error.form[name] for name in question]
    theirs, mine = (_lines(asked, values) for values in ([stored_in(f) for f in asked], [f.data for f in asked]))
    rows = [(THEIRS, error.other.whose, theirs), (MINE, "Yours, not saved yet", mine)]
    if len(asked) == 1 and isinstance(asked[0], TextAreaField) and EMPTY not in (theirs, mine):
        rows.append((BOTH, "Both, one after the other", ""))
    return fields.radios(
        error.form.named.get(question) or ", ".join(_name(field) for field in asked),
        [(value, whose) for value, whose, _ in rows],
        hints={value: words for value, _, words in rows if words},
        look=MEDIUM,
    )


def _lines(asked: Sequence[Field], values: Sequence[Any]) -> str:
    if len(asked) == 1:
        return said(asked[0], values[0])
    return "\n".join(f"{_name(field)}: {said(field, value)}" for field, value in zip(asked, values, strict=True))


def _told(form: SharedForm, other: OtherSave, theirs: Sequence[Asked]) -> str:
    if not theirs:
        return ""
    names = "; ".join(
        form.named.get(question) or "; ".join(_name(form[name]) for name in question) for question in theirs
    )
    who = "What you changed in another window" if other.is_own else f"What {other.name} changed while you were writing"
    return f"Saved. {who} is kept too: {names}."


def _name(field: Field) -> str:
    return str(field.label.text).removesuffix(OPTIONAL).rstrip("?")
