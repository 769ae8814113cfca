"""R38: fifty people at work for a minute, each with a few seconds to read a page, against one of them alone."""

from __future__ import annotations

import http.client
import json
import os
import random
import re
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field

import pytest

from placement.demo.users import PASSWORD, USERS
from tests.conftest import ROOT
from tests.jobs.test_supervising import eventually
from tests.web.test_start import Copy
from tests.web_client import TOKEN

READS = 5.0  # seconds on a page, on average
PAGES = {
    "broker@demo.example": ("/broker/", "/broker/services", "/broker/placements", "/broker/runs"),
    "provider@demo.example": ("/provider/", "/provider/services", "/provider/placements"),
    "commissioner@demo.example": ("/commissioner/gaps", "/commissioner/out-of-city"),
    "admin@demo.example": ("/admin/", "/admin/users", "/admin/audit"),
}


@dataclass
class Crowd:
    """What came back: seconds of each answer, and everything that should not have."""

    port: int
    seconds: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def visit(self, email: str, until: float, seed: int) -> None:
        """Sign in and look at pages until the time is over."""
        chance, cookie = random.Random(seed), ""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

        def ask(method, path, body=None):
            nonlocal cookie
            headers = {"Cookie": cookie}
            if body:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            began = time.monotonic()
            try:
                connection.request(method, path, body=body, headers=headers)
                answer = connection.getresponse()
                text = answer.read().decode()
            except (OSError, http.client.HTTPException) as error:
                self.wrong.append(f"{path}: {type(error).__name__}")
                connection.close()
                return ""
            self.seconds.append(time.monotonic() - began)
            if answer.status not in (200, 302):
                self.wrong.append(f"{path}: {answer.status}")
            for kept in answer.headers.get_all("Set-Cookie") or ():
                cookie = kept.partition(";")[0]
            return text

        time.sleep(chance.random() * READS)
        token = TOKEN.search(ask("GET", "/sign-in"))
        ask("POST", "/sign-in", f"csrf_token={token.group(1)}&email={email}&password={PASSWORD}")
        while time.monotonic() < until:
            ask("GET", chance.choice(PAGES[email]))
            time.sleep(chance.uniform(0, 2 * READS))
        connection.close()


def crowd(port, people, seconds):
    found, until = Crowd(port), time.monotonic() + seconds
    emails = [USERS[number % len(USERS)][0] for number in range(people)]
    threads = [threading.Thread(target=found.visit, args=(email, until, n)) for n, email in enumerate(emails)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def p95(seconds):
    return sorted(seconds)[int(len(seconds) * 0.95)]


@pytest.mark.prove
def test_fifty_people_for_a_minute_lose_nothing_and_wait_little_longer_than_few(sqlite_template, tmp_path):
    """One at a time first: each role alone, for the pages weigh very differently."""
    shutil.copy(sqlite_template, tmp_path / "placement.db")
    environment = os.environ | {"PLACEMENT_HOME": str(tmp_path), "DATABASE_URL": ""}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "demo", "seed"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    copy = Copy(tmp_path)
    assert eventually(lambda: "is running at" in copy.log(), 60), copy.log()
    alone = Crowd(copy.port)
    for number, (email, _name, _role) in enumerate(USERS):
        for _ in range(2):
            alone.visit(email, time.monotonic() + 15, number)
    many = crowd(copy.port, 50, 60)
    copy.stop()

    told = {
        "answers": [len(alone.seconds), len(many.seconds)],
        "p95": [round(p95(alone.seconds), 3), round(p95(many.seconds), 3)],
        "ratio": round(p95(many.seconds) / p95(alone.seconds), 2),
    }
    print(json.dumps(told))
    assert many.wrong == []
    assert not re.search(r"Traceback|unexpected", copy.log())
    assert told["ratio"] <= 3, told
