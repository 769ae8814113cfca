from collections.abc import Callable

from click.testing import CliRunner

from placement.web.commands.demo import build_group
from tests.conftest import NOW
from tests.demo.conftest import City


def test_the_command_refuses_politely_where_there_are_providers(cities: Callable[[str], City], gazetteer):
    group = build_group(lambda: cities("sqlite").store, lambda: gazetteer, clock=lambda: NOW)

    answer = CliRunner().invoke(group, ["seed"])

    assert answer.exit_code == 2
    assert "There are providers already" in answer.output
