"""How geography says no."""

from __future__ import annotations

from collections.abc import Sequence

from placement.domain.errors import Invalid, PlacementError, UnusableFile


class MalformedPostcode(Invalid):
    """What was typed cannot be a United Kingdom postcode."""

    advice = "Enter a full postcode, for example CV1 5RR."

    def __init__(self, message: str, *, suggestions: Sequence[str] = ()) -> None:
        super().__init__(message, field="postcode")
        self.suggestions = tuple(suggestions)
        if suggestions:
            # An instance says it better than its class: the person chooses, the product never guesses.
            self.advice = f"Did you mean {' or '.join(suggestions)}?"


class UnknownPostcode(Invalid):
    """The postcode has the right shape, but nothing says where it is."""

    advice = "Check the postcode. A postcode newer than the directory can be looked up after its next release."

    def __init__(self, message: str, *, suggestions: Sequence[str] = ()) -> None:
        super().__init__(message, field="postcode")
        self.suggestions = tuple(suggestions)
        if suggestions:
            self.advice = f"Did you mean {' or '.join(suggestions)}?"


class OffTheMap(UnknownPostcode):
    """The postcode is in the directory, and has no place on the grid of Great Britain."""

    advice = "Enter a postcode in England, Scotland or Wales: distances and wards are worked out from it."


class UnusableWardFile(UnusableFile):
    """A file of ward outlines cannot be used; the message names the feature that is wrong, the advice what mends it."""

    advice = "Download the ward boundaries again as GeoJSON with longitude and latitude (WGS 84)."

    def __init__(self, message: str, *, advice: str = "") -> None:
        super().__init__(message)
        if advice:
            self.advice = advice


class OutlinesMissing(PlacementError):
    """A map was asked for, and there are no outlines to draw."""

    status = 404
    advice = "Run the set-up again, or upload the ward boundaries as GeoJSON."
