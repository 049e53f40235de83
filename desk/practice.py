"""练习模式 (SYS-50) at the desk: the same app a second time, on a store of its own, for whoever's browser says so.

The app of practice never learns where the real store is, and the real one never where practice is: which of the two a
request reaches is told by a cookie before either sees it. What a page of the one sends to the other is refused: every
request that changes something bears the mark of the page it came from. One thing alone is told from the one to the
other: which tasks of the practice script somebody has passed (`training`).
"""

import re
import secrets
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, current_app, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Request
from werkzeug.wrappers import Response as Answer

from db import pulse
from desk import session, training
from desk.papers import NAMES
from desk.session import actor, sitting
from reception import practice, staff
from reception.permissions import permit
from reception.refusal import Refused
from reception.rules import numbers
from web import cookies, problems, refusals
from web.app import MAX_BODY, Clock, now, store
from web.languages import current_site

views = Blueprint("practice", __name__)

COOKIE, SESSION_COOKIE = "practice", "desk-practice"
FOLDER, FILE = "practice", "lobbydesk.db"
# Where a browser is led whose practice ended without it.
TOLD = "/?practice=over"
# How a page says that it is of practice: in a form, and in what htmx sends.
FIELD, HEADER = "practice", "X-Practice"
_HEAD = '<link rel="stylesheet" href="/assets/practice.css"></head>'
_FORM = re.compile(r'(<form\b[^>]*\bmethod="post"[^>]*>)')
_MARKED = rf'\1<input type="hidden" name="{FIELD}" value="1">'
# (kind, facts, number of the copy) -> PNG; the front door gives it, for the desk cannot draw papers.
Draw = Callable[[str, str, int], bytes]


class Practice:
    """The app of practice while somebody practises; without anybody there is none, and nothing of it on the disk."""

    def __init__(self, home: Path, make: Callable[[Path], Flask], clock: Clock, draw: Draw | None) -> None:
        self._folder, self._make, self._clock, self.draw = home / FOLDER, make, clock, draw
        self._lock = threading.Lock()
        self.app: Flask | None = None
        self.key = ""
        self._ear = ExitStack()
        # What one passed in practice is told to the real desk; nothing else is.
        self.told: training.Told = lambda by, tasks: None

    def begin(self, real: Any, login: str) -> tuple[str, str]:
        """Make the store where nobody practises yet; return the key of practice, and of this person's session in it."""
        with self._lock:
            if not self._somebody():
                self._clear()
                path = self._folder / secrets.token_hex(4) / FILE
                practice.build(real, path, by=actor(), now=self._clock())
                self.app, self.key = self._make(path), secrets.token_urlsafe(16)
                # Where a print service would listen: the app itself lets the papers come out.
                self._ear.enter_context(pulse.Listener(pulse.run_folder(path), f"print-{practice.PRINTER}"))
                self.app.extensions["practice"] = self
            assert self.app is not None
            with self.app.app_context():
                return self.key, practice.sit_down(store(), login=login, now=self._clock())

    def end(self) -> None:
        """Throw everything away once the last one has left."""
        with self._lock:
            if not self._somebody():
                self._clear()

    def of(self, key: str) -> Flask | None:
        """Return the app that a browser with this cookie belongs to; None once an erasing has ended the practice."""
        same, app = secrets.compare_digest(key.encode(errors="replace"), self.key.encode()), self.app
        return app if app is not None and same and not _ended(app) else None

    def end_streams(self) -> None:
        """End its streams: the service is told to stop, by a signal, which must wait for no lock."""
        app = self.app
        if app is not None:
            app.extensions["live"].stop()

    def clear(self) -> None:
        """Throw everything away, also what a process before this one left behind."""
        with self._lock:
            self._clear()

    def _somebody(self) -> bool:
        if self.app is None or _ended(self.app):
            return False
        with self.app.app_context():
            return practice.somebody_practises(store(), now=self._clock())

    def _clear(self) -> None:
        if self.app is not None:
            self.app.extensions["live"].stop()
            self.app.extensions["live"].join()
            self.app.extensions["stores"].close()
        self.app, self.key = None, ""
        self._ear.close()
        _remove(self._folder)


def _remove(folder: Path) -> None:
    """Remove the store; a request that is still under way may write beside it, and is soon done."""
    for _ in range(20):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(0.05)


class Switch:
    """What stands before the real app: a browser that practises never reaches it."""

    def __init__(self, real: Callable[..., Iterable[bytes]], practising: Practice) -> None:
        self._real, self._practice = real, practising

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Hand a request to the app its cookie names; to neither where that practice is over."""
        asked = Request(environ)
        key = asked.cookies.get(cookies.named(COOKIE, asked), "")
        # A program has no cookies; one that it bears by accident leads it nowhere.
        if not key or asked.path.startswith(problems.PATH):
            return self._real(environ, start_response)
        found = self._practice.of(key)
        return found(environ, start_response) if found is not None else over(environ)(environ, start_response)


def install(real: Flask, store_path: Path, make: Callable[[Path], Flask], clock: Clock, draw: Draw | None) -> None:
    """Let the real app have a practice beside it."""

    def beside(path: Path) -> Flask:
        app = _mark(make(path))
        app.extensions["live"].places = real.extensions["live"].places
        return app

    found = Practice(store_path.parent, beside, clock, draw)
    found.clear()
    found.told = training.tell(real)
    real.extensions["practice"] = found
    real.before_request(_refuse_practice)
    real.wsgi_app = Switch(real.wsgi_app, found)  # type: ignore[method-assign]


def _mark(app: Flask) -> Flask:
    """Make an app one of practice: its pages say so, its papers come out on the screen, its sessions are its own."""
    app.config.update(PRACTICE=True, DESK_COOKIE=SESSION_COOKIE)
    app.before_request_funcs.setdefault(None, []).insert(0, _only_practice)
    app.after_request(_after)
    app.register_error_handler(sqlite3.Error, _cut_off)
    return app


def _ended(app: Flask) -> bool:
    """Tell whether the store of practice was taken away: whoever is erased leaves nothing in it (`erasure`)."""
    return not app.extensions["stores"].path.exists()


def _cut_off(error: sqlite3.Error) -> ResponseReturnValue:
    """Lead back whose practice was ended while he pressed."""
    return over(request.environ) if _ended(current_app) else refusals.troubled(error)


def over(environ: dict[str, Any] | None = None) -> Answer:
    """Answer a browser whose practice is over: back to the real desk, nothing done; who did not leave is told."""
    answer = Answer("", 303, {"Location": "/" if environ is None else TOLD})
    if environ is not None and environ.get("HTTP_HX_REQUEST") == "true":
        answer = Answer("", 200, {"HX-Redirect": TOLD})
    asked = Request(environ) if environ is not None else request
    for name in (COOKIE, SESSION_COOKIE):
        cookies.drop(answer, name, asked=asked)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _marked() -> bool:
    if request.headers.get(HEADER) == "1":
        return True
    # What is sent up is read by its view alone, which says how large it may be; no page of practice sends as much.
    small = request.mimetype == "application/x-www-form-urlencoded" and (request.content_length or 0) <= MAX_BODY
    return small and request.form.get(FIELD) == "1"


def _refuse_practice() -> ResponseReturnValue | None:
    """The real app: nothing that a page of practice sends is done here."""
    if request.method in {"GET", "HEAD"}:
        return _anew() if request.headers.get(HEADER) == "1" else None
    if _marked():
        raise Refused("practice_over")
    return None


def _only_practice() -> ResponseReturnValue | None:
    """The app of practice: nothing that a page of the real desk sends is done here; nobody logs in here either."""
    if request.endpoint in {"login.show", "login.enter", "login.unlock", "login.leave"}:
        return over(request.environ)
    if request.method in {"GET", "HEAD"}:
        stray = request.headers.get("HX-Request") == "true" and request.headers.get(HEADER) != "1"
        if stray:
            return _anew()
    elif not _marked():
        raise Refused("practice_runs")
    seated = staff.session(store(), cookies.key(SESSION_COOKIE), now=now())
    # Nobody has a password there: a locked session of practice is over.
    if (seated is None or seated.locked) and request.endpoint not in session.OPEN:
        return over(request.environ)
    return None


def _anew() -> Response:
    # A part of a page must not come out of the other store: the page is fetched whole.
    return Response("", 204, {"HX-Refresh": "true"})


def _after(response: Response) -> Response:
    if request.endpoint == "practice.leave" or _ended(current_app):
        # Whoever left last, or an erasing, has taken the store away.
        return response
    if request.method == "POST" and request.endpoint is not None:
        practice.come_out(store(), now=now())
        if g.get("sitting") is not None:
            training.look(current_app, current_app.extensions["practice"].told)
    if response.mimetype == "text/html" and not response.direct_passthrough:
        response.set_data(_FORM.sub(_MARKED, _framed(response.get_data(as_text=True))))
    return response


def _framed(html: str) -> str:
    """Return a page with what says that it is practice, whatever its template; a part of a page as it is."""
    if "</body>" not in html:
        return html
    seated = g.get("sitting") is not None
    progress = training.progress() if seated else (0, 0)
    bar = render_template("_practice.html", papers=practice.papers(store()), may_act=seated, progress=progress)
    html = html.replace("</body>", f"{bar}</body>", 1).replace("</head>", _HEAD, 1)
    html = html.replace("<title>", "<title>【练习 PRACTICE】", 1)
    return html.replace("<body ", f'<body data-practice hx-headers=\'{{"{HEADER}": "1"}}\' ', 1)


def _here() -> Practice:
    """Return the practice that this app belongs to; in the app of practice alone."""
    permit(actor(), "practise")
    if not current_app.config.get("PRACTICE"):
        raise Refused("practice_over")
    found: Practice = current_app.extensions["practice"]
    return found


@views.post("/practice/start")
def start() -> ResponseReturnValue:
    """Begin to practise, in this browser."""
    permit(actor(), "practise")
    if current_app.config.get("PRACTICE"):
        raise Refused("practice_runs")
    practising: Practice = current_app.extensions["practice"]
    login = store().value("SELECT login FROM staff WHERE id = ?", [actor().id])
    key, seat = practising.begin(store(), login)
    response = redirect("/", 303)
    for name, value in ((COOKIE, key), (SESSION_COOKIE, seat)):
        cookies.put(response, name, value)
    return response


@views.post("/practice/leave")
def leave() -> ResponseReturnValue:
    """Leave; the last one leaves nothing behind."""
    practising = _here()
    staff.log_out(store(), sitting(), now=now())
    practising.end()
    return over()


@views.post("/practice/visitors")
def visitors() -> ResponseReturnValue:
    """Let three more made-up visitors in."""
    _here()
    practice.arrive(store(), nonce=request.form.get("nonce", ""), by=actor(), now=now())
    return redirect("/", 303)


@views.get("/practice/papers")
def papers() -> ResponseReturnValue:
    """Show what came out, as pictures."""
    drawn = _here().draw is not None
    return render_template(
        "practice_papers.html", site=current_site(), papers=practice.papers(store()), names=NAMES, drawn=drawn
    )


@views.get("/practice/papers/<job_id>.png")
def picture(job_id: str) -> ResponseReturnValue:
    """Answer the picture of a paper."""
    permit(actor(), "practise")
    if not current_app.config.get("PRACTICE"):
        raise Refused("paper_unknown")
    draw, found = _here().draw, practice.paper(store(), numbers.whole(job_id) or 0)
    if draw is None or found is None:
        raise Refused("paper_unknown")
    return Response(draw(*found), mimetype="image/png")
