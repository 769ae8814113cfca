"""GOV.UK Notify through its own client, against a server that answers as Notify's documentation says."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from sqlalchemy import select

from placement.jobs.notify import Notify
from placement.jobs.sending import Mailing, send_messages
from placement.records.messages import Message, send_later
from placement.records.outbox import LEASE, take_next
from tests.conftest import NOW

SERVICE, SECRET, TEMPLATE = (f"{digit * 8}-1111-4111-8111-{digit * 12}" for digit in "123")


def refused(status, error, message):
    return status, {"status_code": status, "errors": [{"error": error, "message": message}]}


NO_ADDRESS = refused(400, "ValidationError", "email_address Not a valid email address: gone@example.org")
TRIAL = refused(400, "BadRequestError", "Can’t send to this recipient using a team-only API key")
NO_TEMPLATE = refused(400, "BadRequestError", "Template not found")
NO_KEY = refused(403, "AuthError", "Invalid token: API key not found")
TOO_MANY = refused(429, "RateLimitError", "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds")
BROKEN = refused(500, "Exception", "Internal server error")
TAKEN = 201, {"id": TEMPLATE}


class Service:
    """What was asked of Notify, and what it answers: to an address of `poison` as that says, to others `answer`."""

    def __init__(self):
        self.asked, self.answer, self.poison = [], TAKEN, {}


@pytest.fixture
def service():
    found = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, said = found.poison.get(body["email_address"], found.answer)
            found.asked.append((self.path, body, status))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(said).encode())

        def log_message(self, *_said):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    found.address = f"http://127.0.0.1:{server.server_port}"
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def mailing(service):
    port = Notify(key=f"live-{SERVICE}-{SECRET}", template=TEMPLATE, address=service.address)
    return Mailing(port=port, address="https://places.example.org")


def written(store, *references, to="one@example.org"):
    with store.writing() as session:
        for reference in references:
            send_later(session, "offer_sent", to=to, reference=reference, path="/answer/link/x", until=NOW, now=NOW)


def stands(store):
    with store.reading() as session:
        rows = session.scalars(select(Message).order_by(Message.id))
        return [(each.reference, each.state.value, each.failure, each.tries) for each in rows]


def test_a_message_goes_out_with_its_number_as_reference(store, clock, mailing, service):
    written(store, "RF-1")
    assert send_messages(store, clock=clock, mailing=mailing) == 1
    ((path, body, _),) = service.asked
    with store.reading() as session:
        number = session.scalars(select(Message.number)).one()
    assert path == "/v2/notifications/email"
    assert (body["email_address"], body["template_id"], body["reference"]) == ("one@example.org", TEMPLATE, number)
    assert body["personalisation"]["subject"] == "RF-1: could you take somebody?"
    assert "https://places.example.org/answer/link/x" in body["personalisation"]["message"]


@pytest.mark.parametrize("answer", [NO_ADDRESS, TRIAL], ids=["no address", "trial"])
def test_an_address_that_notify_refuses_is_parked_and_all_others_go_on(store, clock, mailing, service, answer, caplog):
    service.poison = {"gone@example.org": answer}
    written(store, "RF-1", to="gone@example.org")
    written(store, "RF-2")
    assert send_messages(store, clock=clock, mailing=mailing) == 1
    assert stands(store) == [("RF-1", "parked", "recipient_400", 1), ("RF-2", "sent", None, 1)]
    assert "example.org" not in caplog.text


@pytest.mark.parametrize("answer", [NO_TEMPLATE, NO_KEY, TOO_MANY, BROKEN], ids=["template", "key", "limit", "fault"])
def test_what_notify_has_against_us_costs_no_message_anything(store, clock, mailing, service, answer, caplog):
    service.answer = answer
    written(store, "RF-1", "RF-2")
    for minute in range(60):
        clock.now = NOW + timedelta(minutes=minute)
        send_messages(store, clock=clock, mailing=mailing)
    assert [row[1] for row in stands(store)] == ["waiting", "waiting"]
    assert [row[3] for row in stands(store)] == [0, 0]
    assert stands(store)[0][2] == f"notify_{answer[0]}"
    service.answer = TAKEN
    clock.now = NOW + timedelta(minutes=61)
    assert send_messages(store, clock=clock, mailing=mailing) == 2
    assert [body["personalisation"]["subject"][:4] for _, body, status in service.asked if status == 201] == [
        "RF-1", "RF-2",
    ]  # fmt: skip
    assert caplog.text == ""


def test_notify_away_is_the_servers_fault_and_duplicates_carry_the_same_reference(store, clock, mailing, service):
    away = Mailing(port=Notify(key=f"live-{SERVICE}-{SECRET}", template=TEMPLATE, address="http://127.0.0.1:1"))
    written(store, "RF-1")
    assert send_messages(store, clock=clock, mailing=away) == 0
    assert stands(store) == [("RF-1", "waiting", "notify_503", 0)]
    clock.now = NOW + timedelta(minutes=1)
    assert send_messages(store, clock=clock, mailing=mailing) == 1

    written(store, "RF-2")  # its first worker dies between Notify's answer and the note of it
    with store.writing() as session:
        taken = take_next(session, now=clock.now)
    first = len(service.asked)
    from placement.jobs.sending import _mail

    mailing.port.send(_mail(taken, mailing, clock.now))
    clock.now += LEASE
    assert send_messages(store, clock=clock, mailing=mailing) == 1
    assert {body["reference"] for _, body, _ in service.asked[first:]} == {taken.number}
    assert len(service.asked[first:]) == 2
