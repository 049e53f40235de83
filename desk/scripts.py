"""What to say and what comes next, on the pages of the desk: one quiet line."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from desk.session import actor, sitting
from reception import cases, scripts, tickets
from reception.permissions import permit
from reception.tickets import Ticket
from web.app import now, store

views = Blueprint("scripts", __name__)


@views.get("/scripts/counter")
def counter() -> ResponseReturnValue:
    """Answer the line of this session's counter: it changes with time alone."""
    permit(actor(), "see_queue")
    no = sitting().counter
    found = tickets.at_counter(store(), no) if no else None
    ticket = found if found is not None and found.open_to(actor()) else None
    matters = cases.of_visit(store(), ticket.visit_id, by=actor()) if ticket else []
    return render_template("_script_counter.html", ticket=ticket, matters=matters)


@views.app_template_global()
def scripts_of_ticket(ticket: Ticket | None, matters: list[cases.Case]) -> list[scripts.Script]:
    """Return the words for whom the counter holds."""
    return scripts.of_ticket(store(), ticket, matters=bool(matters), now=now()) if ticket else []


@views.app_template_global()
def script_of(kind: str, state: str) -> scripts.Script | None:
    """Return the words for a case as it stands."""
    return scripts.of_state(store(), kind, state)
