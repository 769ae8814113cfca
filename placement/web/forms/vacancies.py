"""The four numbers of units, of one service or of all of an organisation, and what becomes of places that were left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from wtforms import HiddenField

from placement.domain.errors import Invalid
from placement.domain.limits import MOST_PLACES
from placement.domain.merging import Asked, Merged
from placement.domain.reasons import KEEPINGS
from placement.market.numbers import Numbers, require_sum
from placement.market.vacated import Becomes, SaidOfPlace
from placement.web.forms import fields
from placement.web.forms.entered import Entered
from placement.web.forms.looks import Look
from placement.web.forms.shared import SharedForm, answer_of, shown_in
from placement.web.forms.typed_form import TypedForm, is_shown_again

NUMBERS = {
    "maximum": "Maximum capacity",
    "occupied": "Occupied",
    "reserved": "Reserved",
    "accepting": "Vacant and accepting",
}
REPORTED = "reported"
"""Of `rest`: all others are right that were ever reported; anything else asks for the numbers of those as well."""
BECOMES = {
    Becomes.FREE: "Yes, for somebody new",
    Becomes.PREPARING: "No, being prepared until a day",
    Becomes.KEPT: "No, kept for another reason",
}


class NumbersForm(SharedForm):
    """The four numbers of units: only what was changed is judged or, where the others are said to be right, all."""

    unit_ids: ClassVar[tuple[int, ...]] = ()
    seen = HiddenField()
    rest = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._others: frozenset[int] = frozenset()

    @property
    def others(self) -> frozenset[int]:
        """The units whose numbers are others by now than the form showed; whoever sent it has not seen them."""
        shown, stored = shown_in(self.shown.data) or {}, self.stored
        names = {unit_id: names_of(unit_id) for unit_id in self.unit_ids}
        return frozenset(
            unit_id for unit_id in names if any(shown.get(name, ()) != stored[name] for name in names[unit_id])
        )

    def meet(self) -> Merged:
        """Merge as every shared form; what others have changed is not said to be right by whoever sent this one."""
        self._others = self.others
        return super().meet()

    def changed(self, unit_id: int) -> bool:
        """Return whether the numbers of a unit are others than the form showed, or cannot be read."""
        shown = shown_in(self.shown.data)
        boxes = [self[name] for name in names_of(unit_id)]
        return any(
            box.process_errors or shown is None or answer_of(box.data) != shown.get(box.name, ()) for box in boxes
        )

    def told(self) -> list[int]:
        """Return the units of which something is said: those that are changed and, if all others are right, those."""
        right = set(self.unit_ids) - self._others if self.rest.data else set()
        if self.rest.data == REPORTED:
            right -= {unit_id for unit_id in right if self[f"occupied-{unit_id}"].object_data is None}
        return [unit_id for unit_id in self.unit_ids if unit_id in right or self.changed(unit_id)]

    def numbers(self, unit_id: int) -> Numbers:
        """Return the numbers of a unit, once they hold."""
        return Numbers(**{slug: self[name].data for slug, name in zip(NUMBERS, names_of(unit_id), strict=True)})

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Return whether the numbers hold of which something is said; every fault stands at its own box."""
        if is_shown_again():
            return False
        super().validate(*args, **kwargs)
        told = self.told()
        for unit_id in self.unit_ids:
            boxes = [self[name] for name in names_of(unit_id)]
            if unit_id not in told:
                for box in boxes:
                    box.errors = []
            elif not any(box.errors for box in boxes):
                self._require_sum(unit_id)
            for box in boxes:
                box.errors = [self._whose(unit_id, each) for each in box.errors]
        return not self.errors

    def _require_sum(self, unit_id: int) -> None:
        try:
            require_sum(unit_id, self.numbers(unit_id))
        except Invalid as error:
            self[error.field or f"accepting-{unit_id}"].errors = [str(error)]

    def _whose(self, unit_id: int, words: str) -> str:
        """Return a fault with the unit that it is about, where there are several: it stands at the top as well."""
        return words if len(self.unit_ids) == 1 else f"{self.named[names_of(unit_id)]}: {words}"


def names_of(unit_id: int) -> Asked:
    """Return the names of a unit's four boxes."""
    return tuple(f"{slug}-{unit_id}" for slug in NUMBERS)


def numbers_form(units: Mapping[int, str]) -> type[NumbersForm]:
    """Return the form of some units, named by id: boxes such as `accepting-12`, and what its page showed."""

    def boxes() -> dict[str, Any]:
        return {f"{slug}-{unit_id}": _number(label) for unit_id in units for slug, label in NUMBERS.items()}

    @fields.having(boxes)
    class NumbersOfUnits(NumbersForm):
        """The four numbers of each unit, which are kept or left together."""

        unit_ids = tuple(units)
        bonds = tuple(map(names_of, units))
        named = {names_of(unit_id): name for unit_id, name in units.items()}

    return NumbersOfUnits


def _number(label: str) -> Any:
    return fields.number(label, [Entered(f"Enter a number for “{label.lower()}”")], most=MOST_PLACES)


def vacated_form(units: Sequence[int], *, day: date) -> type[TypedForm]:
    """Return the question what becomes of places that were left in some units, asked on a day."""

    def asked() -> dict[str, Any]:
        return {name: field for unit_id in units for name, field in _vacated(unit_id).items()}

    @fields.having(asked)
    class VacatedForm(TypedForm):
        """For each unit: free, being prepared until a day, or kept for a reason."""

        def validate(self, *args: Any, **kwargs: Any) -> bool:
            """Return whether every answer has what it needs."""
            super().validate(*args, **kwargs)
            for unit_id in units:
                _require_whole(self, unit_id, day)
            return not self.errors

        def said(self) -> dict[int, SaidOfPlace]:
            """Return the answers, by unit, once they hold."""
            return {unit_id: _said(self, unit_id) for unit_id in units}

    return VacatedForm


def _vacated(unit_id: int) -> dict[str, Any]:
    look = Look(is_small=True)
    return {
        f"becomes-{unit_id}": fields.radios(
            "Can somebody new come?", list(BECOMES.items()), [Entered("Choose what becomes of it")], look=look
        ),
        f"until-{unit_id}": fields.day("If it is being prepared: ready on"),
        f"why-{unit_id}": fields.select(
            "If it is kept: why?", [("", "Choose a reason"), *((each.slug, each.label) for each in KEEPINGS)]
        ),
    }


def _require_whole(form: Any, unit_id: int, day: date) -> None:
    becomes, until, why = (form[f"{name}-{unit_id}"] for name in ("becomes", "until", "why"))
    if becomes.data == Becomes.PREPARING and not until.errors and not (until.data and until.data > day):
        until.errors = ["Enter the day on which it is ready, after today"]
    if becomes.data == Becomes.KEPT and not why.data:
        why.errors = ["Choose why it is kept"]


def _said(form: Any, unit_id: int) -> SaidOfPlace:
    becomes = Becomes(form[f"becomes-{unit_id}"].data)
    return SaidOfPlace(
        becomes=becomes,
        until=form[f"until-{unit_id}"].data if becomes is Becomes.PREPARING else None,
        reason=form[f"why-{unit_id}"].data if becomes is Becomes.KEPT else None,
    )
