"""The limits that hold over a whole plan: their words and sentences. `check` and the models each write them out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit on what matches may do together."""

    slug: str
    sentence: str


CAPACITY = Limit("capacity", "No unit holds more people on a night than it has free places")
SHARED_CAP = Limit("shared_cap", "No shared pool of places holds more people on a night than it has places")
CRISES = Limit("crises", "No unit holds more people in a crisis on a night than it takes at a time")
APART = Limit("apart", "People to be kept apart never share a service on the same night")
SERIES = Limit("series", "Where all stays of a series are wanted, all of them have a place or none")
SAME_GENDER = Limit("same_gender", "A unit for one gender at a time never holds two on the same night")
