"""What an import has found so far, kept while its plan is made."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from placement.geography.errors import MalformedPostcode, UnknownPostcode
from placement.geography.gazetteer import Gazetteer, Located
from placement.market.imports.changes import Action, ImportPlan, LeftOut, LeftOutReason, Note, RegisterChange, problem
from placement.market.imports.cqc.rows import CqcLocation, Problem
from placement.market.imports.matches import LocationMatch
from placement.market.imports.scope import Scope


@dataclass(slots=True, kw_only=True)
class Findings:
    """What has been found so far, on a day.

    `runs`: by CQC id of a provider, the rows that its services have belonged to.
    """

    gazetteer: Gazetteer
    scope: Scope
    on: date
    changes: list[RegisterChange] = field(default_factory=list)
    unchanged: int = 0
    left_out: list[LeftOut] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    first_notes: list[Note] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    runs: dict[str, set[int | None]] = field(default_factory=lambda: defaultdict(set))

    def leave(self, location: CqcLocation, reason: LeftOutReason, words: str = "") -> None:
        """Leave a location out."""
        left = LeftOut(cqc_id=location.location_id, reason=reason, file=location.file, row=location.row, words=words)
        self.left_out.append(left)

    def note(self, match: LocationMatch, words: str, *, first: bool = False) -> None:
        """Keep a note, unless there are no words; `first` before all that are not."""
        file, row = (match.location.file, match.location.row) if match.location else ("", 0)
        if words:
            kept = self.first_notes if first else self.notes
            kept.append(Note(cqc_id=match.location_id, words=words, file=file, row=row))

    def note_on(self, location: CqcLocation, words: str) -> None:
        """Keep a note on what a file says of a location."""
        self.notes.append(Note(cqc_id=location.location_id, words=words, file=location.file, row=location.row))

    def locate(self, location: CqcLocation, otherwise: str, *, is_row_used: bool) -> Located | None:
        """Return where a location's postcode is; if nobody knows, keep the problem."""
        try:
            return self.gazetteer.locate(location.postcode)
        except (MalformedPostcode, UnknownPostcode) as error:
            words = f"{str(error).rstrip('.')}. {error.advice}"
            self.problems.append(problem(location, otherwise.format(words), is_row_used=is_row_used))
            return None

    @property
    def added(self) -> frozenset[str]:
        """The ids of the locations that are added so far."""
        return frozenset(each.cqc_id for each in self.changes if each.action is Action.ADDED)

    def plan(self, providers: tuple[RegisterChange, ...]) -> ImportPlan:
        """Return it all, providers first."""
        return ImportPlan(
            changes=(*providers, *self.changes),
            unchanged=self.unchanged,
            left_out=tuple(sorted(self.left_out, key=lambda each: each.cqc_id)),
            notes=(*self.first_notes, *self.notes),
            problems=tuple(self.problems),
        )
