"""Which unit a row of a file means: by our number, or by its service and its name. Nothing is guessed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from placement.domain.errors import Invalid
from placement.domain.text import readable
from placement.market.imports.vacancies.current import UnitNow
from placement.sheets.numbers import plain_number

NOT_YOURS = "None of your units has this number. Take it from the file with your numbers, or leave it empty"
NO_SERVICE = "Enter the unit number, or the CQC location ID or the name of the service"
NOT_HERE = "None of your services has this {what}. Write it as it stands in the file with your numbers"
SEVERAL = "Several of your services have this name: give the CQC location ID or the unit number"
WHICH = "This service has several units: enter which, one of {names}"
OTHER = "Unit {number} is called “{name}” here. Correct the number or the name"


class UnitIndex:
    """The units that a file can mean."""

    def __init__(self, units: Iterable[UnitNow]) -> None:
        self._by_number: dict[str, UnitNow] = {}
        self._by_cqc_id: defaultdict[str, list[UnitNow]] = defaultdict(list)
        self._by_name: defaultdict[str, list[UnitNow]] = defaultdict(list)
        for each in units:
            self._by_number[str(each.unit.id)] = each
            self._by_cqc_id[(each.service.cqc_location_id or "").upper()].append(each)
            self._by_name[known_as(each.service.name)].append(each)

    def of_service(self, cqc_id: str, service: str) -> list[UnitNow]:
        """Return the units of the service that a row means. Raises Invalid, naming the column."""
        if cqc_id.strip():
            units = self._by_cqc_id.get(cqc_id.strip().upper())
            if not units:
                raise Invalid(NOT_HERE.format(what="CQC location ID"), field="cqc_id")
            return units
        if not service.strip():
            raise Invalid(NO_SERVICE, field="service")
        units = self._by_name.get(known_as(service))
        if not units:
            raise Invalid(NOT_HERE.format(what="name"), field="service")
        if len({each.service.id for each in units}) > 1:
            raise Invalid(SEVERAL, field="service")
        return units

    def unit(self, reference: str, cqc_id: str, service: str, name: str) -> UnitNow:
        """Return the unit that a row means. Raises Invalid, naming the column."""
        if reference.strip():
            return self._numbered(plain_number(reference), name)
        units = self.of_service(cqc_id, service)
        named = [each for each in units if known_as(each.unit.name) == known_as(name)]
        if not name.strip() and len(units) == 1:
            return units[0]
        if not named:
            raise Invalid(WHICH.format(names=", ".join(f"“{each.unit.name}”" for each in units)), field="unit")
        return named[0]

    def _numbered(self, reference: str, name: str) -> UnitNow:
        found = self._by_number.get(reference)
        if found is None:
            raise Invalid(NOT_YOURS, field="reference")
        # Who sorts one column and not the others would otherwise give every unit another's numbers.
        if name.strip() and known_as(name) != known_as(found.unit.name):
            raise Invalid(OTHER.format(number=reference, name=found.unit.name), field="unit")
        return found


def known_as(name: str) -> str:
    """Return a name as it is compared: without capitals, and without the apostrophe that guards it in a text file."""
    return readable(name).casefold().lstrip("'")
