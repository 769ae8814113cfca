"""Counting people so that small numbers can be protected: groups of people, and which of them make up which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from placement.reports.small_numbers import Figures, Key


class Counting:
    """Groups of people by a key, told or not, and what each is made up from, so that nothing that adds up is missed."""

    def __init__(self) -> None:
        self._people: dict[Key, frozenset[int]] = {}
        self._sums: list[tuple[Key, tuple[Key, ...]]] = []
        self._hidden: set[Key] = set()

    def whole(self, key: Key, people: Iterable[int]) -> None:
        """Add a group that is not told by itself."""
        self._put(key, people)
        self._hidden.add(key)

    def parts(self, of: Key, parts: Mapping[Key, Iterable[int]]) -> None:
        """Add groups, not told by themselves, that make up another, nobody being in two. Raises ValueError if not."""
        for key, people in parts.items():
            self.whole(key, people)
        self._make_up(of, tuple(parts))

    def sum(self, key: Key, parts: Iterable[Key]) -> None:
        """Add a group that is told, made up from others. Raises ValueError where somebody is in two of them."""
        cells = tuple(parts)
        self._put(key, (one for cell in cells for one in self._people[cell]))
        self._make_up(key, cells)

    def part(self, of: Key, key: Key, people: Iterable[int]) -> None:
        """Add a group that is told and is some of another: nobody may work out the rest either.

        Raises
        ------
        ValueError
            If they are not some of the other.
        """
        some = self._put(key, people)
        rest = ("rest", *of, "without", *key)
        self.whole(rest, self._people[of] - some)
        self._make_up(of, (key, rest))

    def people(self, key: Key) -> frozenset[int]:
        """Return who is in a group. Raises KeyError for one that is not there."""
        return self._people[key]

    def figures(self) -> Figures:
        """Return everything that was counted, for `small_numbers.protected`."""
        counts = {key: len(people) for key, people in self._people.items()}
        return Figures(counts=counts, sums=tuple(self._sums), hidden=frozenset(self._hidden))

    def _make_up(self, of: Key, parts: tuple[Key, ...]) -> None:
        if sorted(one for part in parts for one in self._people[part]) != sorted(self._people[of]):
            raise ValueError(f"{parts} do not make up {of}")
        self._sums.append((of, parts))

    def _put(self, key: Key, people: Iterable[int]) -> frozenset[int]:
        group = frozenset(people)
        if self._people.setdefault(key, group) != group:
            raise ValueError(f"{key} is there with other people")
        return group
