"""On how many examples a property is tried: the same ones for everybody in `make test`, many new ones in `make prove`.

What lands must not hang on the dice of one run; what was never thought of is for the long proofs to find.
"""

from __future__ import annotations

import os
from typing import Any

from hypothesis import settings

TIMES = int(os.environ.get("PLACEMENT_TEST_TIMES", "1"))


def tried(examples: int, **more: Any) -> settings:
    """Return the settings of a property that is tried on so many examples, or as many times more as were asked for."""
    return settings(max_examples=examples * TIMES, deadline=None, derandomize=TIMES == 1, **more)
