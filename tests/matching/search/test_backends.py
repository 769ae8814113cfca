"""Which solver looks at columns is decided by how many there are, by what binds them and by what limits the search."""

import pytest

from placement.matching.budget import Budget, Watch
from placement.matching.parameters import CoreParameters
from placement.matching.search.backends import is_for_highs
from tests.matching.builders import a_need, a_unit, an_instance
from tests.matching.programs import opened


def a_program(gender):
    """Return the columns of a woman and a man who could be in one unit on the same nights."""
    units = [a_unit("U1", gender=gender, free=[(0, 10, 2)]), a_unit("U2", free=[(0, 10, 1)])]
    needs = [a_need(f"N{n}", nights=3, latest=4, gender=("woman", "man")[n % 2]) for n in range(6)]
    return opened(an_instance(units, needs), in_rows=False)


@pytest.mark.parametrize(
    ("gender", "columns", "work", "is_highs"),
    [("any", 11, None, True), ("any", 10, None, False), ("any", 11, 1.0, False), ("same", 11, None, False)],
)
def test_highs_looks_at_many_columns_that_only_rows_bind_where_time_is_the_limit(gender, columns, work, is_highs):
    watch = Watch(Budget(work=work))

    assert is_for_highs(a_program(gender), columns, watch, CoreParameters(large=10)) is is_highs
