"""Logging in and out, and the lock between the two."""

from flask import Blueprint, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from desk import session
from desk.session import drop_cookie, set_cookie, sitting
from desk.uploads import uploads
from reception import sessions, staff
from reception.refusal import Refused
from web.app import now, store
from web.languages import current_site, own_path
from web.refusals import sentence
from web.statuses import STATUS

views = Blueprint("login", __name__)


@views.get("/login")
def show() -> ResponseReturnValue:
    """Show the form; it tells nothing about who exists."""
    return render_template("login.html", site=current_site(), code="", sentence="", name="")


@views.post("/login")
def enter() -> ResponseReturnValue:
    """Open a session, with a new key each time."""
    name = request.form.get("name", "").strip()[:200]
    try:
        keys = staff.log_in(store(), name=name, **_how(), now=now())
    except Refused as refused:
        page = render_template(
            "login.html", site=current_site(), code=refused.code, sentence=sentence(refused.code), name=name
        )
        return page, STATUS.get(refused.code, 422)
    response = redirect("/", 303)
    set_cookie(response, *keys)
    return response


def _how() -> dict[str, str]:
    password = request.form.get("password", "")
    return {"password": password, "browser": session.browser(), "device": session.device()}


@views.post("/unlock")
def unlock() -> ResponseReturnValue:
    """Go on where the lock stopped: with the password of the same person, and a new key."""
    old, back = staff.session(store(), session.key(), look=True, now=now()), own_path(request.form.get("back", "/"))
    by_page = request.headers.get("HX-Request") == "true"
    try:
        keys = staff.unlock(store(), session.key(), login=request.form.get("who", "")[:200], **_how(), now=now())
    except Refused as refused:
        if by_page or old is None:
            raise
        return session.lock_page(old, back=back, code=refused.code, status=STATUS.get(refused.code, 422))
    if keys is None:
        return ("", 204, {"HX-Redirect": "/"}) if by_page else redirect("/", 303)
    response = make_response("", 204) if by_page else redirect(back, 303)
    if by_page:
        response.headers["HX-Trigger"] = "unlocked"
    set_cookie(response, *keys)
    if old is not None:
        uploads().move(old.key_hash, sessions.hash_of(keys[0]))
    return response


@views.post("/lock")
def lock() -> ResponseReturnValue:
    """Lock this screen (锁屏): the page stays below."""
    sessions.lock(store(), sitting(), now=now())
    return ("", 423) if request.headers.get("HX-Request") == "true" else redirect("/", 303)


@views.post("/here")
def here() -> ResponseReturnValue:
    """Somebody types or points: the session is in use, although nothing was sent yet."""
    return "", 204


@views.get("/here")
def look() -> ResponseReturnValue:
    """Whether the session is still open, for a page that covers itself when it is not."""
    return "", 204


@views.post("/logout")
def leave() -> ResponseReturnValue:
    """End the session."""
    uploads().drop(sitting().key_hash)
    staff.log_out(store(), sitting(), now=now())
    response = redirect("/login", 303)
    drop_cookie(response)
    return response
