"""Keep every page of the demo city as text, to lay two versions of the product side by side.

`python tools/pages.py FOLDER [--before CHECKOUT]` seeds a demo city at a fixed instant, runs the matcher once, and
writes what each role is answered on every kind of page that its links lead to, and on every form that is sent empty.
Tokens and nonces are left out. Two folders are compared with `diff -r`.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections import Counter, deque
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
EACH = 4  # pages of one kind: the first few that the links lead to
STARTS = {
    "broker": ("/broker/?show=draft", "/broker/", "/broker/?show=on_hold", "/broker/?show=placed"),
    "provider": ("/provider/",),
    "commissioner": ("/commissioner/gaps",),
    "admin": ("/admin/",),
    "nobody": ("/sign-in", "/broker/", "/health/ready"),
}
OWN_FORM = re.compile(r'<form method="post"(?![^>]*action=)[^>]*novalidate')  # one that is sent to its own address
LEFT_OUT = (
    (re.compile(r"nonce[=-]['\"]?[\w+/=-]+"), "nonce"),
    (re.compile(r'(name="csrf_token"[^>]*value=)"[^"]+"'), r'\1""'),
    (re.compile(r"\b\d+\.\d+ (s|seconds)\b"), "seconds"),
)


class Lines(HTMLParser):
    """A page as lines: a tag with its attributes in order, or words; white space at their edges does not count."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag."""
        told = (f'{name}="{" ".join((value or "").split())}"' for name, value in sorted(attrs, key=str))
        self.lines.append(f"<{' '.join([tag, *told])}>")

    def handle_endtag(self, tag: str) -> None:
        """Keep the end of a tag."""
        self.lines.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        """Keep words."""
        if words := " ".join(data.split()):
            self.lines.append(words)


def kind_of(path: str) -> str:
    """Return a page's pattern: numbers and area codes make no other page, and of the filters only their names."""
    parts = urlsplit(path)
    names = re.sub(r"=[^&]*", "=", parts.query)
    return re.sub(r"/(\d+|E\d{8}|outside|[a-z_]+-east|north|west|south_east)(?=/|$)", "/-", parts.path) + f"?{names}"


def plain(text: str) -> str:
    """Return a page without what changes from one answer to the next, a tag or some words a line."""
    for pattern, instead in LEFT_OUT:
        text = pattern.sub(instead, text)
    page = Lines()
    page.feed(text)
    return "\n".join(page.lines)


def file_of(method: str, path: str) -> str:
    """Return the name under which a page is kept."""
    return re.sub(r"[^\w=&?-]+", "_", f"{method}{path}")[:180] + ".html"


def crawl(client: object, role: str) -> Iterator[tuple[str, str, int, str]]:
    """Yield (method, path, status, text) of the pages that a role reaches, and of its forms sent empty."""
    queue, counts, seen = deque(STARTS[role]), Counter[str](), set[str]()
    while queue:
        path = queue.popleft()
        if path in seen or counts[kind_of(path)] >= EACH or path.startswith("/static/"):
            continue
        seen.add(path)
        answer = client.get(path)  # type: ignore[attr-defined]
        counts[kind_of(path)] += answer.status_code == 200
        text = answer.get_data(as_text=True)
        yield "GET", path, answer.status_code, text
        if answer.location:
            queue.append(answer.location)
        if OWN_FORM.search(text):
            sent = client.post(path, data={})  # type: ignore[attr-defined]
            yield "POST", path, sent.status_code, sent.get_data(as_text=True)
        queue.extend(href.split("#")[0].replace("&amp;", "&") for href in re.findall(r'href="(/[^"]*)"', text))


def keep(folder: Path, home: Path) -> int:
    """Seed, solve, crawl as every role, and write; return how many pages were kept."""
    from flask_migrate import upgrade

    from placement.demo.seeding import seed
    from placement.demo.users import PASSWORD, USERS
    from placement.domain.people import SYSTEM
    from placement.jobs.solving import solve_run
    from placement.planning.runs import request_run
    from placement.records.ward_sets import gazetteer_for
    from placement.web.config import Config
    from placement.web.extensions import store
    from placement.web.factory import create_app

    settings = Config(
        home=home, database_url=f"sqlite:///{home / 'placement.db'}", secret_key="k" * 40, clock=lambda: NOW
    )
    app = create_app(settings)
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        upgrade()
        with store().reading() as session:
            gazetteer = gazetteer_for(session, on=NOW.date())
        seed(store(), now=NOW, gazetteer=gazetteer)
        with store().writing() as session:
            run_id = request_run(session, by=SYSTEM, now=NOW).id
        solve_run(store(), run_id, clock=lambda: NOW)
    emails = {role.value: email for email, _name, role in USERS}
    kept = 0
    for role in STARTS:
        client = app.test_client()
        if role in emails:
            assert client.post("/sign-in", data={"email": emails[role], "password": PASSWORD}).status_code == 302
        (folder / role).mkdir(parents=True, exist_ok=True)
        for method, path, status, text in crawl(client, role):
            (folder / role / file_of(method, path)).write_text(f"{status}\n{plain(text)}\n")
            kept += 1
    return kept


def main() -> None:
    """Read the arguments, and say how many pages were kept."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--before", type=Path, help="another checkout, whose product is asked instead of this one's")
    asked = parser.parse_args()
    sys.path.insert(0, str((asked.before or Path(__file__).parents[1]).resolve()))
    with tempfile.TemporaryDirectory() as home:
        print(f"{keep(asked.folder, Path(home))} pages in {asked.folder}")


if __name__ == "__main__":
    main()
