"""A real server: half requests take no thread, health is answered in a full house, connections outlive a proxy's."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time

import pytest

from placement.web.serving import settings as served
from placement.web.serving.worker import MOST_BODY, missing
from tests.journeys.servers import ROOT, free_port

APP = """
import time
def application(environ, start):
    body = environ["wsgi.input"].read()
    if environ["PATH_INFO"] == "/slow":
        time.sleep(3)
    start("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(str(len(body)))))])
    return [str(len(body)).encode()]
"""


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    folder, port = tmp_path_factory.mktemp("served"), free_port()
    (folder / "served.py").write_text(APP)
    command = [
        sys.executable, "-m", "gunicorn", "served:application", "-c", "python:placement.web.serving.settings",
        "--bind", f"127.0.0.1:{port}", "--workers", "1", "--threads", "4", "--chdir", str(folder),
    ]  # fmt: skip
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    server = subprocess.Popen(command, cwd=ROOT, env=environment)
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with contextlib.suppress(OSError):
            ask(port)
            break
        time.sleep(0.05)  # a server that starts has no event to wait for
    yield port
    server.terminate()
    server.wait(20)


def ask(port, path="/", method="GET", body=None, headers=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, path, body=body, headers=headers or {})
    answer = connection.getresponse().read().decode()
    connection.close()
    return answer


def half(port, text):
    client = socket.create_connection(("127.0.0.1", port), timeout=10)
    client.sendall(text)
    return client


@pytest.mark.parametrize(
    "text",
    [b"", b"POST / HTTP/1.1\r\nHost: a\r\n", b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nhalf of it"],
    ids=["nothing", "half a head", "half a body"],
)
def test_a_hundred_clients_that_send_half_a_request_hold_up_nobody(port, text):
    clients = [half(port, text) for _ in range(100)]
    began = time.monotonic()
    assert [ask(port) for _ in range(5)] == ["0"] * 5
    assert time.monotonic() - began < 2
    for client in clients:
        client.close()


def test_health_is_answered_while_every_thread_is_at_work(port):
    busy = [half(port, b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n") for _ in range(6)]
    began = time.monotonic()
    assert ask(port, "/health/live") == "0"
    assert time.monotonic() - began < 1
    for client in busy:
        client.close()


def test_requests_in_pieces_in_a_row_and_long_ones_are_answered_whole(port):
    client = half(port, b"POST / HTTP/1.1\r\nHost: a\r\nContent-Le")
    client.sendall(b"ngth: 10\r\n\r\n01234")
    client.sendall(b"56789GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHo")
    client.sendall(b"st: a\r\nConnection: close\r\n\r\n")
    heard = b""
    while more := client.recv(65536):
        heard += more
    client.close()
    assert [part.rpartition(b"\r\n\r\n")[2] for part in heard.split(b"HTTP/1.1 200 OK")[1:]] == [b"10", b"0", b"0"]
    assert ask(port, method="POST", body=b"x" * 5_000_000) == "5000000"


def test_who_waits_for_leave_to_send_a_body_is_given_it(port):
    client = half(port, b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
    assert client.recv(1000).startswith(b"HTTP/1.1 100 Continue")
    client.sendall(b"hello")
    answer = client.recv(1000)
    assert b"200 OK" in (answer if b"200 OK" in answer else client.recv(1000))
    client.close()


def test_a_connection_is_kept_longer_than_proxies_keep_theirs():
    assert served.keepalive > 60


@pytest.mark.parametrize(
    ("heard", "left"),
    [
        (b"", 1),
        (b"GET / HTTP/1.1\r\nHost: a\r\n", 1),
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", 0),
        (b"POST / HTTP/1.1\r\nCONTENT-LENGTH: 5\r\n\r\n", 5),
        (b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n123456", 0),
        (b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (MOST_BODY + 1), 0),
        (b"POST / HTTP/1.1\r\n\r\nContent-Length: 5\r\n\r\n", 0),
        (b"x" * 70_000, 0),
    ],
)
def test_a_request_tells_how_much_of_it_is_missing(heard, left):
    assert missing(heard) == left
