"""What commissioning has to do: a list, and one button for what is done."""

import re
from datetime import timedelta

from placement.domain.people import SYSTEM, Role
from placement.records.tasks import ask_for
from tests.builders import a_service, a_unit
from tests.conftest import NOW
from tests.web.pages.broker.test_questions import text
from tests.web_client import signed_in


def test_a_silent_service_stands_there_with_whom_to_ring_until_it_is_done(app, store):
    with store.writing() as session:
        service = a_unit(session, service=a_service(session, telephone="024 7600 0000")).service
        ask_for(session, "ring_silent", service, due_at=NOW + timedelta(hours=8), by=SYSTEM, now=NOW)
        name = service.name
    commissioner = signed_in(app, Role.COMMISSIONER)
    page = commissioner.get("/commissioner/tasks")
    assert name in text(page)
    assert "024 7600 0000" in text(page)

    (task,) = re.findall(r'name="task" id="task-(\d+)"', page.get_data(as_text=True))
    commissioner.post("/commissioner/tasks/done", {}, page="/commissioner/tasks")
    assert "Tick the tasks first." in text(commissioner.get("/commissioner/tasks"))
    commissioner.post("/commissioner/tasks/done", {"task": task}, page="/commissioner/tasks")
    said = text(commissioner.get("/commissioner/tasks"))
    assert "1 task done." in said
    assert name not in said


def test_a_brokers_task_is_not_commissionings_to_end(app, store):
    with store.writing() as session:
        service = a_unit(session).service
        task = ask_for(session, "follow_up", service, due_at=NOW, by=SYSTEM, now=NOW, words="Ring").id
    commissioner = signed_in(app, Role.COMMISSIONER)
    commissioner.post("/commissioner/tasks/done", {"task": str(task)}, page="/commissioner/tasks")
    assert "Tick the tasks first." in text(commissioner.get("/commissioner/tasks"))
