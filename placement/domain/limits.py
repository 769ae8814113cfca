"""How much is still believed: beyond these a number is a slip of the keyboard, and forms, actions, tables refuse it."""

from __future__ import annotations

MOST_PLACES = 2_000
"""Of one unit, or under one shared cap."""
FARTHEST_START = 730
"""Nights from today on which a stay may begin."""
LONGEST_STAY = 3_650
"""Nights of a stay with an end; a kind of referral may allow fewer."""
MOST_TURNAROUND = 28
"""Nights for which a place is not free after a stay."""
