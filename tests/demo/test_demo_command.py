from tests.builders import a_unit


def test_the_command_refuses_politely_where_there_are_providers(app, store):
    with store.writing() as session:
        a_unit(session)

    answer = app.test_cli_runner().invoke(args=["demo", "seed"])

    assert answer.exit_code == 2
    assert "There are providers already" in answer.output
