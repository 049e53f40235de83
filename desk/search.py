"""Search by number, unit and phone tail. By POST: what is typed must not stand in an address."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from db import paper_care
from desk.kinds import KINDS
from desk.session import actor
from reception import case_search, tickets
from web.app import now, store
from web.languages import current_site

views = Blueprint("search", __name__)


@views.post("/search")
def search() -> ResponseReturnValue:
    """List what was found."""
    query = request.form.get("query", "")
    found = case_search.search(store(), query, by=actor())
    ticket = tickets.of_today(store(), query, now=now(), zone=current_site().zone)
    return render_template(
        "search.html",
        site=current_site(),
        kinds=KINDS,
        query=query,
        found=found,
        ticket=ticket,
        ticket_paper=paper_care.newest(store(), tickets.ref(ticket.id), "ticket", "") if ticket else None,
    )
