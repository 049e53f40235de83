"""Logging in and out."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from desk.session import drop_cookie, set_cookie, sitting
from desk.uploads import uploads
from reception import staff
from reception.refusal import Refused
from web.app import now, store
from web.languages import current_site
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
    name = request.form.get("name", "")[:200]
    try:
        key = staff.log_in(store(), name=name, password=request.form.get("password", ""), now=now())
    except Refused as refused:
        page = render_template(
            "login.html", site=current_site(), code=refused.code, sentence=sentence(refused.code), name=name
        )
        return page, STATUS.get(refused.code, 422)
    response = redirect("/", 303)
    set_cookie(response, key)
    return response


@views.post("/logout")
def leave() -> ResponseReturnValue:
    """End the session."""
    uploads().drop(sitting().key_hash)
    staff.log_out(store(), sitting(), now=now())
    response = redirect("/login", 303)
    drop_cookie(response)
    return response
