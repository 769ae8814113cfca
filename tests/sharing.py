"""Which tests run on one worker, one after the other: they share something that takes long to make, or the machine.

pytest-xdist's own groups need an attribute that pytest 9 no longer has, and quietly do nothing.
"""

from __future__ import annotations

import re

from xdist.scheduler import LoadScopeScheduling

TOGETHER = (
    (re.compile(r"tests/demo/"), "the demo city on both engines"),
    (re.compile(r"tests/journeys/"), "the browser"),
    (re.compile(r"tests/races/"), "races, which would disturb each other"),
    (re.compile(r"tests/web/test_\w+\.py::.*\[sqlite"), "the world on SQLite"),
    (re.compile(r"tests/web/test_\w+\.py::.*\[postgresql"), "the world on PostgreSQL"),
)


class Sharing(LoadScopeScheduling):  # type: ignore[misc]
    """Every test alone, except those that the table keeps together; the largest groups begin first."""

    def _split_scope(self, nodeid: str) -> str:
        return next((name for pattern, name in TOGETHER if pattern.search(nodeid)), nodeid)
