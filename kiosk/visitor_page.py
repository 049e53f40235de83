"""The visitor's page `/T/<TOKEN>`: on the kiosk the ticket screen, on a phone the place in the queue or the case."""

from typing import Any

from flask import Blueprint, jsonify, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as Answer

from db import paper_care
from kiosk import case_page
from kiosk.screen import at_kiosk, holder
from reception import (
    absence,
    appointment_arrivals,
    cases,
    departures,
    events,
    lines,
    own_bookings,
    reach,
    session_view,
    spooling,
    standing,
    tickets,
)
from reception.refusal import Refused
from reception.tickets import Ticket
from web.app import now, store
from web.languages import current_site
from web.qr import svg

views = Blueprint("visitor_page", __name__)


@views.get("/T/<token>")
@views.get("/t/<token>", endpoint="page_lower")
def page(token: str) -> ResponseReturnValue:
    """Show how the ticket, or the case, stands. Says nothing personal."""
    try:
        ticket = tickets.by_token(store(), token)
    except Refused:
        return _conditional(case_page.page(token))
    template = "ticket.html" if at_kiosk() else "visitor.html"
    return _conditional(render_template(template, site=current_site(), **_facts(ticket)))


@views.get("/T/<token>/state")
def state(token: str) -> ResponseReturnValue:
    """Answer the fragment of the ticket, or of the case, alone; phones poll it with an ETag."""
    try:
        ticket = tickets.by_token(store(), token)
    except Refused:
        return _conditional(case_page.fragment(token))
    template = "_ticket.html" if at_kiosk() else "_visitor.html"
    return _conditional(render_template(template, **_facts(ticket)))


@views.post("/T/<token>/cancel")
def cancel(token: str) -> ResponseReturnValue:
    """Give the number back."""
    ticket = absence.cancel(store(), token=token, by=holder(), now=now())
    return redirect(f"/T/{ticket.token}", 303)


@views.post("/T/<token>/later")
def later(token: str) -> ResponseReturnValue:
    """Be called later, once: some of the line go first."""
    ticket = absence.postpone(store(), token=token, by=holder(), now=now())
    return redirect(f"/T/{ticket.token}", 303)


@views.post("/T/<token>/leave")
def leave(token: str) -> ResponseReturnValue:
    """Leave the building after the visit to a host (离开登记)."""
    ticket = departures.leave_by_token(store(), token=token, by=holder(), now=now())
    return redirect(f"/T/{ticket.token}", 303)


@views.get("/T/box")
def box() -> ResponseReturnValue:
    """Answer which box this is: by that it knows itself at its public address."""
    return jsonify(box=reach.box_id(store()))


@views.get("/T/<token>/qr.svg")
def qr(token: str) -> ResponseReturnValue:
    """Draw the code that leads to this page. Refuses `code_unknown`."""
    try:
        canonical = tickets.by_token(store(), token).token
    except Refused:
        canonical = cases.by_token(store(), token).token
    response = make_response(svg(current_site().page_url(canonical)))
    response.mimetype = "image/svg+xml"
    return response


def _facts(ticket: Ticket) -> dict[str, Any]:
    paper = paper_care.newest(store(), tickets.ref(ticket.id), "ticket", "")
    printer = spooling.ticket_printer(store(), current_site())
    moment = events.moment(store(), now())
    place = standing.place(store(), ticket, now=moment)
    return {
        "ticket": ticket,
        # He has an appointment: whom he comes to see was told when he checked in.
        "host_told": appointment_arrivals.is_of_one(store(), ticket.id),
        "booked": own_bookings.of_ticket(store(), ticket),
        "with_host": departures.is_with_host(store(), ticket),
        # Received on the visit day: by his hour, and no counter calls him.
        "guest": session_view.of_ticket(store(), ticket, now=now()),
        "zone": current_site().zone,
        "ahead": place.ahead,
        "wait": place.wait,
        "late": place.late,
        "moment": moment,
        "to_pass": current_site().let_pass,
        "paper": None if paper is None else paper.condition,
        "seen": paper is not None and paper.looked_at is not None,
        # Below the screen, or somewhere else: the screen must not send anybody to an empty slot.
        "elsewhere": paper is not None and printer is not None and paper.printer != printer.name,
        "printer_trouble": printer is not None and printer.in_trouble,
        "counter": lines.name_of_counter(store(), ticket.counter),
    }


def _conditional(html: str | Answer) -> Answer:
    response = make_response(html)
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    return response.make_conditional(request)
