"""Who sits at the desk: every request but the login needs a session; the worker's phone page has a door of its own.

A session that nobody used is locked: a page is answered with the page of the lock, a part of a page with 423 alone, and
the page that asked covers itself and keeps what was typed (lock.js).
"""

from collections.abc import Callable

from flask import Flask, current_app, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as Answer

from desk import work_door
from reception import sessions, staff
from reception.permissions import Actor, may
from reception.sessions import Session
from web import cookies
from web.app import now, store
from web.languages import current_site

COOKIE, BROWSER = "desk", "desk-browser"
BROWSER_KEPT = 180 * 24 * 3600
# A page that looks by itself says so: it keeps no session open by it, and is led nowhere.
LOOK = "X-Look"
# What somebody with a one-time code may do: change it, or leave.
CHANGING = {"password.show", "password.change", "login.leave", "login.lock", "login.here", "login.look"}
# What is done at a locked screen.
LOCKED = {"login.leave", "login.lock"}
OPEN = {
    "login.show",
    "login.enter",
    "login.unlock",
    "health",
    "web.asset",
    "web.htmx_script",
    "static",
    "language_0",
    "language_1",
}
# Asked by the page itself, whatever it sends.
LOOKS = {"queue.stream", "login.look"}
_SYSTEMS = (
    ("iphone", "iPhone"), ("ipad", "iPad"), ("harmony", "HarmonyOS"), ("android", "Android"), ("windows", "Windows"),
    ("mac os", "macOS"), ("linux", "Linux"),
)  # fmt: skip
_BROWSERS = (("edg", "Edge"), ("firefox", "Firefox"), ("chrom", "Chrome"), ("safari", "Safari"))


def install(app: Flask) -> None:
    """Ask for a session before every view but the open ones."""
    app.before_request(_ask)
    app.context_processor(lambda: {"sitting": g.get("sitting"), "may": lambda act: may(actor(), act)})
    app.context_processor(lambda: {"worker": work_door.worker(), "start": "/work" if work_door.is_here() else "/"})


def _ask() -> ResponseReturnValue | None:
    # An address that does not exist is a 404 for everybody; it tells nothing.
    if request.endpoint is None or request.endpoint in OPEN:
        return None
    if request.blueprint == "api":
        # Other systems have a door of their own, which knows no cookie (desk/api.py).
        return None
    if work_door.is_here():
        return work_door.ask()
    look = request.method == "GET" and (LOOK in request.headers or request.endpoint in LOOKS)
    found = staff.session(store(), key(), look=look, now=now())
    if found is not None and found.locked and request.endpoint not in LOCKED:
        return lock_page(found)
    g.sitting = found
    if found is not None and (not found.must_change or request.endpoint in CHANGING):
        return None
    if found is None and LOOK in request.headers:
        # Over, or another key by now: the page covers itself, and what was typed into it is not led away.
        return "", 423
    place = "/login" if found is None else "/password"
    if request.headers.get("HX-Request") == "true":
        return "", 401, {"HX-Redirect": place}
    return redirect(place, 303)


def lock_page(locked: Session, *, back: str = "", code: str = "", status: int = 423) -> ResponseReturnValue:
    """Answer what meets the lock: the page that unlocks and leads back, or nothing to a part of a page."""
    asked = request.headers.get("HX-Request") == "true" or LOOK in request.headers or request.endpoint in LOOKS
    if asked or request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate":
        return "", 423
    there = back or (request.full_path.rstrip("?") if request.method == "GET" else "/")
    page = render_template("lock.html", site=current_site(), locked=locked, back=there, code=code)
    return page, status


def key() -> str:
    """Return the key of this browser's session, or ''."""
    return cookies.key(current_app.config.get("DESK_COOKIE", COOKIE))


def browser() -> str:
    """Return the key by which this browser is known, or ''."""
    return cookies.key(BROWSER)


def device() -> str:
    """Return what the browser says of itself, coarsely: a system and a browser, such as `Windows · Chrome`."""
    said = request.user_agent.string.lower()
    found = (next((name for word, name in names if word in said), "") for names in (_SYSTEMS, _BROWSERS))
    return " · ".join(name for name in found if name)


def still_open() -> Callable[[], bool]:
    """Return what tells, outside the request, whether its session is still open: streams end at the lock."""
    stores, clock, own = current_app.extensions["stores"], current_app.extensions["clock"], key()
    return lambda: sessions.is_open(stores.get(), own, now=clock())


def sitting() -> Session:
    """Return the session of this request; there is one behind every closed door."""
    found: Session = g.sitting
    return found


def actor() -> Actor:
    """Return who acts in this request."""
    return sitting().actor


def set_cookie(response: Answer, key: str, known: str = "") -> None:
    """Give the browser its keys: not for scripts, not for other sites."""
    cookies.put(response, COOKIE, key)
    if known:
        cookies.put(response, BROWSER, known, max_age=BROWSER_KEPT)


def drop_cookie(response: Answer) -> None:
    """Take the key from the browser."""
    cookies.drop(response, COOKIE)
