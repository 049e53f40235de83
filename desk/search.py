"""Search by number, unit and phone tail. By POST: what is typed must not stand in an address."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from desk.kinds import KINDS
from desk.session import actor
from reception import cases
from web.app import store
from web.languages import current_site

views = Blueprint("search", __name__)


@views.post("/search")
def search() -> ResponseReturnValue:
    """List what was found."""
    query = request.form.get("query", "")
    return render_template(
        "search.html", site=current_site(), kinds=KINDS, query=query, found=cases.search(store(), query, by=actor())
    )
