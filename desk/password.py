"""One's own password."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from desk import forms
from desk.session import sitting
from reception import staff
from web.app import now, store

views = Blueprint("password", __name__)


@views.get("/password")
def show() -> ResponseReturnValue:
    """Show the form."""
    return render_template("password.html", **forms.blank(), changed=request.args.get("changed") == "1")


@views.post("/password")
def change() -> ResponseReturnValue:
    """Change it."""
    staff.change_password(store(), sitting(), **forms.fields("old", "new"), now=now())
    return forms.lead_to("/password?changed=1")
