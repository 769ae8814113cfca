"""An instance that contradicts itself cannot be made, whoever makes it."""

from __future__ import annotations

import pytest

from placement.matching.problem.errors import MalformedInstance
from tests.matching.builders import a_need, a_unit, an_instance


def test_an_instance_built_in_code_is_held_to_the_same():
    with pytest.raises(MalformedInstance, match=r"needs\[0\]\.apart"):
        an_instance([a_unit()], [a_need(apart=frozenset({"N9"}))])
    with pytest.raises(MalformedInstance, match=r"units\[0\]\.acceptance"):
        an_instance([a_unit(acceptance=float("nan"))], [])
