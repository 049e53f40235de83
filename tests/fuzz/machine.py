"""The run itself: draws requests, sends them to both apps in this process, and holds every answer to the oracles."""

import shutil
import sqlite3
import tempfile
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, got_request_exception
from werkzeug.exceptions import HTTPException

from db.store import open_store
from desk.api_resources import RESOURCES
from lobbydesk.home import store_path
from tests.conftest import Clock
from tests.fuzz import centre, oracles, rules
from tests.fuzz.callers import Caller, Callers
from tests.fuzz.learning import Knowledge, Learning
from tests.fuzz.pages import Page
from tests.fuzz.sending import Drawing, Sent
from tests.fuzz.steady import steady
from tests.fuzz.values import Values

# After so many requests the store is as it was laid, on the ordinary day or on the visit day.
ROUND = 1500


@dataclass
class Failure:
    """What was found."""

    what: str
    endpoint: str
    status: int
    sent: Sent
    near: str = ""
    # The same again: the seed of the process, and which of its requests it was.
    seed: int = 0
    step: int = 0


@dataclass
class Figures:
    """What a run counted."""

    requests: int = 0
    by_app: Counter[str] = field(default_factory=Counter)
    by_status: Counter[int] = field(default_factory=Counter)
    by_route: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    acts: int = 0


class Machine:
    """Both apps on one store, their callers, and what is known of the routes."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.seed, self.random = seed, Random(seed)
        self.figures, self.failures = Figures(), list[Failure]()
        self.known = Knowledge()
        for one in RESOURCES:
            # Read as a whole, not by name: what a system may say is declared.
            self.known.names[f"api.{one.name}"]["args"].update(dict.fromkeys(one.parameters))
        self.values = Values(self.random, self.known, centre.PEOPLE)
        self.folder = folder
        self.defect = self.reached = self.last = ""
        self._known_failures: set[tuple[str, str]] = set()
        self._lay()
        self.apps = self._make()
        self.store = open_store(store_path(self.home))
        self.watch = sqlite3.connect(store_path(self.home))
        self.traces = {name: self._traced(app) for name, app in self.apps.items()}
        self.rules = [
            (name, rule) for name, app in self.apps.items() for rule in app.url_map.iter_rules() if rule.methods
        ]
        self.drawing = Drawing(self.random, self.known, self.values, self.rules)
        self.begin(0)

    def _lay(self) -> None:
        """Lay the two centres; the run works on a third, filled from them."""
        self.laid: list[tuple[Path, datetime]] = []
        for number in range(2):
            home = self.folder / f"laid{number}"
            home.mkdir()
            self.laid.append((home, centre.build(home, visit_day=number == 1).at))
        self.home = self.folder / "home"
        shutil.copytree(self.laid[0][0], self.home)
        self.clock = Clock(self.laid[0][1])

    def _make(self) -> dict[str, Flask]:
        from desk.app import create as create_desk
        from kiosk.app import create as create_kiosk

        made = {"desk": create_desk(store_path(self.home), clock=self.clock)}
        made["kiosk"] = create_kiosk(store_path(self.home), clock=self.clock)
        for app in made.values():
            app.request_class = Learning
            app.logger.disabled = True
            app.teardown_request(self._ask)
            got_request_exception.connect(self._defect, app)
        return made

    def _ask(self, _: object) -> None:
        from flask import request

        self.reached = request.endpoint or ""
        if request.endpoint:
            self.known.learn(request.endpoint, request.asked)  # type: ignore[attr-defined]

    def _defect(self, _: Flask, exception: Exception) -> None:
        self.defect = "".join(traceback.format_exception(exception)[-4:])

    def _traced(self, app: Flask) -> oracles.Trace:
        trace = oracles.Trace()
        with app.app_context():
            app.extensions["stores"].get().connection.set_trace_callback(trace.note)
        return trace

    def begin(self, number: int) -> None:
        """Begin a round: the store as it was laid, everybody logged in anew."""
        home, at = self.laid[number % 2]
        self.clock.at = at
        source = sqlite3.connect(store_path(home))
        target = sqlite3.connect(store_path(self.home))
        source.backup(target)
        source.close()
        target.close()
        self.round = number
        self.values.look(self.store)
        self.values.good = centre.log_ins(home)
        self.callers = Callers(self.store, home, self.apps, self.clock)

    def step(self) -> Sent:
        """Draw one request, send it, ask what came of it; return it."""
        if self.figures.requests and self.figures.requests % ROUND == 0:
            self.check_store()
            self.begin(self.round + 1)
        elif self.figures.requests % 250 == 249:
            self.check_store()
        self._pass_time()
        name, rule = self.drawing.rule(self.figures.by_route)
        one = self.drawing.caller(self.callers, name, rule.endpoint)
        sent, file = self.drawing.draw(name, rule, one)
        self.send(one, rule.endpoint, sent, file)
        return sent

    def _pass_time(self) -> None:
        roll = self.random.random()
        self.clock.forward(seconds=1 if roll < 0.97 else 45 if roll < 0.998 else 1000)

    def send(self, one: Caller, endpoint: str, sent: Sent, file: tuple[Any, str] | None = None) -> None:
        """Send a request and hold the answer to the oracles."""
        trace = self.traces[sent.app]
        trace.clear()
        version = self.watch.execute("PRAGMA data_version").fetchone()
        last_paper = self.store.value("SELECT max(id) FROM print_jobs") or 0
        self.reached = ""
        status, text, kind, location = self._open(one, sent, file)
        endpoint = self.reached or endpoint
        moved = self.watch.execute("PRAGMA data_version").fetchone() != version
        self._count(sent, endpoint, status, trace)
        self.last = f"{status} wrote {sorted(trace.tables)}\n{text}"
        page = (
            self._read(sent.app, text, sent.url)
            if kind == "text/html" and status // 100 != 3 and self._is_read(endpoint)
            else None
        )
        wrong = oracles.answered(status, text, page) or oracles.written(endpoint, sent.method, status, trace, moved)
        if (
            not wrong
            and sent.headers.get("Sec-Fetch-Site") != "same-origin"
            and sent.method == "POST"
            and status != 403
        ):
            wrong = f"a request of another site was answered {status}" if status not in (404, 405, 413) else ""
        wrong = wrong or oracles.foreign(
            self.store,
            one.who,
            text + (self._printed(last_paper) if endpoint in rules.PRINTS_AGAIN else ""),
            sent.text,
            set(),
            endpoint=endpoint,
            revealed="reveals" in trace.tables,
        )
        if wrong:
            self._fail(wrong, endpoint, status, sent, text)
        self.callers.renew(one, endpoint, status, location)

    def _open(self, one: Caller, sent: Sent, file: tuple[Any, str] | None) -> tuple[int, str, str, str]:
        asks = {"query_string": sent.form} if sent.method in {"GET", "HEAD"} else {}
        data: dict[str, Any] = {}
        if not asks:
            for name, value in sent.form:
                data.setdefault(name, []).append(value)
            if file:
                data[sent.file] = [file]
        try:
            with one.client.open(
                sent.url,
                method=sent.method,
                headers=sent.headers,
                data=data or None,
                **asks,  # type: ignore[arg-type]
            ) as answer:
                text = "" if answer.is_streamed and answer.mimetype == "text/event-stream" else _text(answer)
                found = answer.status_code, text, answer.mimetype or "", answer.headers.get("Location", "")
        except (ValueError, UnicodeError) as error:
            # The test client itself could not send this; no server would ever get it.
            found = 400, "", f"not sent: {error}", ""
        one.client.delete_cookie("practice")
        return found

    def _printed(self, after: int) -> str:
        """Return what stands on the papers that were queued after this one."""
        return "\n".join(row[0] for row in self.store.rows("SELECT facts FROM print_jobs WHERE id > ?", [after]))

    def _count(self, sent: Sent, endpoint: str, status: int, trace: oracles.Trace) -> None:
        figures = self.figures
        figures.requests += 1
        figures.by_app[sent.app] += 1
        figures.by_status[status] += 1
        figures.by_route[f"{sent.app} {endpoint}"] += 1
        figures.acts += trace.commits
        if status < 400:
            figures.done[f"{sent.app} {endpoint}"] += 1

    def _is_read(self, endpoint: str) -> bool:
        return self.figures.by_route[endpoint] < 40 or self.random.random() < 0.15

    def _read(self, app: str, text: str, url: str) -> Page:
        """Read a page, and keep where it leads and what it sends."""
        page = Page(text, url)
        for link in page.links:
            self._learn_address(app, link, "GET")
        for form in page.forms:
            endpoint = self._learn_address(app, form.action.split("?")[0], form.method.upper())
            if endpoint:
                self.known.saw_form(f"{app} {endpoint}", form.action, form.fields)
                for name, value in (*form.fields, *form.options):
                    self.known.saw(endpoint, name, value)
        return page

    def _learn_address(self, app: str, url: str, method: str) -> str:
        parts = urlsplit(url)
        if parts.netloc or not parts.path.startswith("/"):
            return ""
        try:
            endpoint, values = self.apps[app].url_map.bind("localhost").match(parts.path, method)
        except HTTPException:
            return ""
        for name, value in values.items():
            self.known.saw_part(name, value)
        if parts.query and method == "GET":
            pairs = [tuple((*piece.split("=", 1), "")[:2]) for piece in parts.query.split("&")]
            self.known.saw_form(f"{app} {endpoint}", parts.path, pairs)  # type: ignore[arg-type]
        return str(endpoint)

    def check_store(self) -> None:
        """Ask the store for what must never be in it."""
        wrong = oracles.never(self.store)
        if wrong:
            self._fail(wrong, "the store", 0, Sent("", "", "", "", [], {}), "")

    def _fail(self, what: str, endpoint: str, status: int, sent: Sent, text: str) -> None:
        key = (what.split(" of person")[0].split(" acts:")[0], endpoint)
        if key not in self._known_failures:
            self._known_failures.add(key)
            near, step = self.defect if status >= 500 else "", self.figures.requests
            self.failures.append(Failure(what, endpoint, status, sent, near, self.seed, step))

    def close(self) -> None:
        """End what runs."""
        for app in self.apps.values():
            if "practice" in app.extensions:
                app.extensions["practice"].clear()
            app.extensions["live"].stop()
            app.extensions["live"].join()
            app.extensions["stores"].close()
            # It is the process's, not the app's: what comes after would be silent, too.
            app.logger.disabled = False
        self.store.close()
        self.watch.close()


def _text(answer: Any) -> str:
    return (
        ""
        if answer.mimetype.startswith(("image/", "audio/", "font/"))
        else answer.get_data().decode("utf-8", "replace")
    )


@contextmanager
def machine(seed: int) -> Iterator[Machine]:
    """Give a machine with a folder of its own, and clear everything away afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="fuzz", dir=centre.process_folder()))
    try:
        with steady(Random(seed)):
            made = Machine(seed, folder)
            try:
                yield made
            finally:
                made.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run(seed: int, requests: int) -> tuple[Figures, list[Failure]]:
    """Send so many requests; return what was counted and found."""
    with machine(seed) as made:
        for _ in range(requests):
            made.step()
        made.check_store()
        return made.figures, made.failures


def again(seed: int, step: int) -> tuple[str, list[Failure]]:
    """Do a run again up to one of its requests; return that request with its whole answer, and what it broke."""
    with machine(seed) as made:
        sent = [made.step() for _ in range(step)][-1]
        return f"{sent.line()}\n{made.last}", [one for one in made.failures if one.step == step]
