"""One's own account: the password, and where one is logged in."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from desk import forms
from desk.session import sitting
from reception import sessions, staff
from web.app import now, store

views = Blueprint("password", __name__)


@views.get("/password")
def show() -> ResponseReturnValue:
    """Show the form."""
    own = sessions.own(store(), sitting(), now=now())
    changed = request.args.get("changed") == "1"
    return render_template("password.html", **forms.blank(), sessions=own, changed=changed)


@views.post("/password")
def change() -> ResponseReturnValue:
    """Change it."""
    staff.change_password(store(), sitting(), **forms.fields("old", "new"), now=now())
    return forms.lead_to("/password?changed=1")


@views.post("/password/sessions/end")
def end() -> ResponseReturnValue:
    """End one of one's own log-ins elsewhere."""
    sessions.end_own(store(), sitting(), mark=request.form.get("mark", ""), now=now())
    return forms.lead_to("/password")


@views.post("/password/sessions/end-others")
def end_others() -> ResponseReturnValue:
    """End all of them but this one."""
    sessions.end_others(store(), sitting(), now=now())
    return forms.lead_to("/password")
