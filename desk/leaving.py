"""The counter's one question before a visitor leaves: no matter is recorded, is that so? (RUL-21)

Only the desk's own buttons ask (`ask=1`): a script that calls the next is answered as the contract says.
"""

from flask import g, request

from desk.session import actor
from reception import tickets, visit_ends
from reception.permissions import permit
from reception.tickets import Ticket
from web.app import store

# Which presses end a visit, and so ask.
PRESSES = ("next", "complete")


def stops(press: str, counter_no: str) -> bool:
    """Tell whether a press is held back by the question, which the counter's fragment then shows."""
    if request.form.get("ask") != "1":
        return False
    permit(actor(), "call_next" if press == "next" else "complete")
    ticket = tickets.at_counter(store(), counter_no)
    # Another ticket than the page believes: the press itself answers that, with a fresh view.
    if ticket is None or not ticket.open_to(actor()) or request.form.get("holding", "").upper() != ticket.no:
        return False
    g.asking = press if visit_ends.nothing_recorded(store(), ticket, by=actor()) else ""
    return bool(g.asking)


def asking(ticket: Ticket | None) -> str:
    """Return which press the counter is asked about, '' for none; a screen that renews itself keeps the question."""
    if "asking" in g:
        return str(g.asking)
    press, holding = request.args.get("asking", ""), request.args.get("holding", "")
    if ticket is None or press not in PRESSES or holding != ticket.no:
        return ""
    return press if visit_ends.nothing_recorded(store(), ticket, by=actor()) else ""
