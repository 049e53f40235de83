"""Who sits at the desk: every request but the login needs a session; the worker's phone page has a door of its own."""

from flask import Flask, current_app, g, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as Answer

from desk import work_door
from reception import staff
from reception.permissions import Actor, may
from reception.staff import Session
from web import cookies
from web.app import now, store

COOKIE = "desk"
# What somebody with a one-time code may do: change it, or leave.
CHANGING = {"password.show", "password.change", "login.leave"}
OPEN = {"login.show", "login.enter", "health", "web.asset", "web.htmx_script", "static", "language_0", "language_1"}


def install(app: Flask) -> None:
    """Ask for a session before every view but the open ones."""
    app.before_request(_ask)
    app.context_processor(lambda: {"sitting": g.get("sitting"), "may": lambda act: may(actor(), act)})
    app.context_processor(lambda: {"worker": work_door.worker(), "start": "/work" if work_door.is_here() else "/"})


def _ask() -> ResponseReturnValue | None:
    # An address that does not exist is a 404 for everybody; it tells nothing.
    if request.endpoint is None or request.endpoint in OPEN:
        return None
    if work_door.is_here():
        return work_door.ask()
    g.sitting = staff.session(store(), cookies.key(current_app.config.get("DESK_COOKIE", COOKIE)), now=now())
    if g.sitting is not None and (not g.sitting.must_change or request.endpoint in CHANGING):
        return None
    place = "/login" if g.sitting is None else "/password"
    if request.headers.get("HX-Request") == "true":
        return "", 401, {"HX-Redirect": place}
    return redirect(place, 303)


def sitting() -> Session:
    """Return the session of this request; there is one behind every closed door."""
    found: Session = g.sitting
    return found


def actor() -> Actor:
    """Return who acts in this request."""
    return sitting().actor


def set_cookie(response: Answer, key: str) -> None:
    """Give the browser its key: not for scripts, not for other sites."""
    cookies.put(response, COOKIE, key)


def drop_cookie(response: Answer) -> None:
    """Take the key from the browser."""
    cookies.drop(response, COOKIE)
