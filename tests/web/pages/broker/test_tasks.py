"""Tasks: following up a person or a service, marking alerts as seen, a team's tasks, and several at once."""

from placement.domain.people import SYSTEM
from placement.domain.states import TaskState
from placement.records.referrals import Referral
from placement.records.tasks import Task, ask_for
from placement.records.teams import add_team
from placement.records.users import User
from tests.builders import a_referral
from tests.conftest import NOW
from tests.web.pages.broker.test_matches import text

DAY = {"on": ["30", "11", "2026"]}


def some_tasks(store, *kinds, **values):
    with store.writing() as session:
        about = a_referral(session, **values)
        made = [ask_for(session, kind, about, due_at=NOW, by=SYSTEM, now=NOW) for kind in kinds]
        session.flush()
        return [each.id for each in made]


def tasks_of(store):
    with store.reading() as session:
        found = {task.id: task for task in session.query(Task).order_by(Task.id)}
        session.expunge_all()
        return found


def test_a_person_and_a_service_are_followed_up_and_it_stands_where_they_are_seen(broker, market, store):
    page = f"/broker/referrals/{market.referral}"
    sent = broker.post(f"{page}/follow-up", {"words": "Ring his sister", "about": "person", **DAY})
    assert sent.status_code == 302
    assert "Ring his sister" in text(broker.get(page))
    with store.reading() as session:
        person, service = session.get(Referral, market.referral).person_id, 1
    (task,) = tasks_of(store).values()
    assert (task.subject, task.subject_id, task.words) == ("person", person, "Ring his sister")
    assert f'href="{page}"' in broker.get(f"/broker/tasks/{task.id}").text

    there = f"/broker/services/{service}"
    assert broker.post(f"{there}/follow-up", {"words": "", **DAY}).status_code == 422
    assert broker.post(f"{there}/follow-up", {"words": "Ask about the hoist", **DAY}).status_code == 302
    assert "Ask about the hoist" in text(broker.get(there))


def test_an_alert_stands_out_until_somebody_says_that_they_have_seen_it(broker, store):
    alert, duty = some_tasks(store, "new_place", "complete_referral")
    assert "1 alert not seen" in text(broker.get("/broker/"))
    page = text(broker.get(f"/broker/tasks/{alert}"))
    assert "Not seen" in page, "looking at a page writes nothing"
    assert "I have seen it" not in text(broker.get(f"/broker/tasks/{duty}"))
    assert broker.post(f"/broker/tasks/{alert}/seen", page=f"/broker/tasks/{alert}").status_code == 302
    assert "Not seen" not in text(broker.get(f"/broker/tasks/{alert}"))
    assert "alert not seen" not in text(broker.get("/broker/"))
    assert tasks_of(store)[alert].seen_at == NOW


def test_several_tasks_are_seen_done_and_dismissed_at_once_and_what_is_over_stays_so(broker, store):
    first = some_tasks(store, "new_place", "nobody_left", "decide_offers")
    assert "Tick the tasks first" in text(broker.get(broker.post("/broker/tasks/seen", page="/broker/tasks").location))
    assert broker.post("/broker/tasks/seen", {"task": first[:2]}, page="/broker/tasks").status_code == 302
    assert [task.seen_at is not None for task in tasks_of(store).values()] == [True, True, False]
    assert broker.post("/broker/tasks/done", {"task": first[0]}, page="/broker/tasks").status_code == 302
    refused = broker.post("/broker/tasks/dismissed", {"task": first}, page="/broker/tasks")
    assert refused.status_code == 422
    assert "Choose why they need not be done" in text(refused)
    assert refused.text.count(" checked") == 2, "the ticks stay"
    data = {"task": [*first, 987654], "reason": "not_needed"}
    done = broker.post("/broker/tasks/dismissed", data, page="/broker/tasks")
    assert "2 tasks dismissed." in text(broker.get(done.location))
    assert [task.state for task in tasks_of(store).values()] == [
        TaskState.DONE, TaskState.DISMISSED, TaskState.DISMISSED,
    ]  # fmt: skip


def test_a_teams_tasks_are_those_of_its_people_and_nobodys_about_its_referrals(broker, store):
    with store.writing() as session:
        team = add_team(session, name="East", by=SYSTEM, now=NOW)
        session.flush()
        me = session.query(User).filter_by(email="broker@example.org").one()
        me.team_id = team.id
        number = team.id
    theirs = some_tasks(store, "new_place", team_id=number)
    some_tasks(store, "nobody_left")
    mine = some_tasks(store, "complete_referral")
    with store.writing() as session:
        session.get(Task, mine[0]).assigned_to_id = session.query(User).filter_by(email="broker@example.org").one().id
    work = text(broker.get("/broker/"))
    assert all(words in work for words in ("1 mine", "2 of my team", "2 nobody’s"))
    page = broker.get("/broker/tasks?whose=team").text
    assert all(f'href="/broker/tasks/{each}"' in page for each in (*theirs, *mine))
    assert "1 to 2 of 2 tasks" in text(broker.get("/broker/tasks?whose=team"))
