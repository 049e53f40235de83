"""The queue at a counter: call, recall, missed and back, undo, start, complete, send to another line."""

import secrets
from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from db import paper_care, spool
from desk import box_facts, forms, leaving
from desk.kinds import KINDS
from desk.session import actor, sitting, still_open
from reception import (
    absence,
    cases,
    closing,
    counters,
    departments,
    events,
    lines,
    opening,
    queue,
    sealed_papers,
    seats,
    security_checks,
    staff,
    standing,
    tickets,
    transfers,
    visit_days,
    visit_ends,
    visit_matters,
    visits,
)
from reception.permissions import may, permit
from reception.refusal import Refused
from web import live
from web.app import now, store
from web.languages import current_site

views = Blueprint("queue", __name__)
TOPICS = "queue cases papers printers self_test site rings faults day tellings rooms box".split()  # noqa: SIM905


@views.get("/")
def home() -> ResponseReturnValue:
    """Lead everybody to the room of his role."""
    if may(actor(), "see_queue"):
        return render_template(
            "queue.html", site=current_site(), **(_counter_facts() | _queue_facts() | box_facts.facts())
        )
    if may(actor(), "see_cases"):
        return redirect("/today", 303)
    if may(actor(), "see_printers"):
        return redirect(url_for("papers.page"), 303)
    return render_template("nothing_here.html", site=current_site())


@views.get("/events")
def stream() -> ResponseReturnValue:
    """Stream what the desk watches."""
    permit(actor(), "see_cases" if may(actor(), "see_cases") else "see_printers")
    return live.answer(*TOPICS, who=str(actor().id), while_=still_open())


@views.get("/queue/list")
def waiting_list() -> ResponseReturnValue:
    """Answer the waiting and the missed, for the live screen."""
    permit(actor(), "see_queue")
    return render_template("_queue.html", **_queue_facts())


@views.get("/queue/counter")
def counter() -> ResponseReturnValue:
    """Answer the counter of this session, for the live screen."""
    permit(actor(), "see_queue")
    return render_template("_counter.html", **_counter_facts())


@views.get("/queue/box")
def box() -> ResponseReturnValue:
    """Answer how the box is: open cases, printers in trouble, the clock."""
    permit(actor(), "see_queue")
    return render_template("_box.html", **box_facts.facts())


@views.post("/queue/seat")
def seat() -> ResponseReturnValue:
    """Sit down at a counter."""
    staff.choose_counter(store(), sitting(), request.form.get("counter", ""), now=now())
    return redirect("/", 303)


@views.post("/queue/issue")
def issue() -> ResponseReturnValue:
    """Take a number for a visitor who cannot use the kiosk (代客取号)."""
    form = request.form
    line, nonce, seen = form.get("line", ""), form.get("nonce", ""), form.getlist("seen")
    security_checks.issue(store(), line=line, nonce=nonce, seen=seen, by=actor(), now=now())
    return forms.lead_to("/")


@views.post("/queue/next")
def call_next() -> ResponseReturnValue:
    """Complete what the counter holds and call the next; the counter may say which ticket it believes it holds."""
    form = request.form
    counter_no = form.get("counter", "")
    if leaving.stops("next", counter_no):
        return _answer(counter_no)
    seats.call_next(
        store(),
        sitting(),
        counter=counter_no,
        line=form.get("line") or None,
        holding=form.get("holding"),
        reason=form.get("reason", ""),
        now=now(),
    )
    return _answer(counter_no)


@views.post("/queue/recall")
def recall() -> ResponseReturnValue:
    """Call the same number again."""
    return _press(queue.recall)


@views.post("/queue/missed")
def missed() -> ResponseReturnValue:
    """Set the called number aside as missed."""
    return _press(absence.miss)


@views.post("/queue/undo")
def undo() -> ResponseReturnValue:
    """Take back the last call."""
    return _press(queue.undo_call)


@views.post("/queue/start")
def start() -> ResponseReturnValue:
    """The visitor is at the counter."""
    return _press(queue.start)


@views.post("/queue/complete")
def complete() -> ResponseReturnValue:
    """The reception is done."""
    if leaving.stops("complete", request.form.get("counter", "")):
        return _answer(request.form["counter"])
    return _press(queue.complete, reason=request.form.get("reason", ""))


@views.post("/queue/transfer")
def transfer() -> ResponseReturnValue:
    """Send the visitor to another line, with the same number."""
    return _press(transfers.to_line, line=request.form.get("line", ""))


@views.post("/queue/send")
def send() -> ResponseReturnValue:
    """Send the visitor to a certain counter or room."""
    return _press(transfers.to_counter, target=request.form.get("target", ""))


@views.post("/queue/park")
def park() -> ResponseReturnValue:
    """Set the visitor aside for a while, with a reason."""
    return _press(absence.park, reason=request.form.get("reason", ""))


@views.post("/queue/pick")
def pick() -> ResponseReturnValue:
    """Call a certain number out of order, with a reason; the answer is the list it was picked from."""
    form = request.form
    queue.call_one(
        store(),
        counter=form.get("counter", ""),
        ticket_no=form.get("ticket", ""),
        reason=form.get("reason", ""),
        by=actor(),
        now=now(),
    )
    return _list()


@views.post("/queue/restore")
def restore() -> ResponseReturnValue:
    """Bring a missed number back into the queue."""
    absence.restore(store(), ticket_no=request.form.get("ticket", ""), by=actor(), now=now())
    return _list()


@views.post("/queue/unpark")
def unpark() -> ResponseReturnValue:
    """The visitor who was set aside waits again."""
    absence.unpark(store(), ticket_no=request.form.get("ticket", ""), by=actor(), now=now())
    return _list()


@views.post("/counter/<act>")
def counter_state(act: str) -> ResponseReturnValue:
    """Open, pause or close a counter."""
    acts: dict[str, Callable[..., None]] = {
        "open": counters.open_counter,
        "pause": partial(counters.pause, reason=request.form.get("reason", "")),
        "close": counters.close,
    }
    if act not in acts:
        abort(404)
    counter_no = request.form.get("counter", "")
    acts[act](store(), counter=counter_no, by=actor(), now=now())
    return _answer(counter_no)


@views.post("/queue/close-day")
def close_day() -> ResponseReturnValue:
    """End the day: what is open ends, the counters close, the day's log is written."""
    closing.close_day(store(), day=closing.today(store(), now=now()), by=actor(), now=now())
    return redirect("/", 303)


def _list() -> ResponseReturnValue:
    if request.headers.get("HX-Request") == "true":
        return render_template("_queue.html", **_queue_facts())
    return redirect("/", 303)


def _press(act: Callable[..., Any], **also: str) -> ResponseReturnValue:
    """Do an act on the ticket that the counter holds, and show the counter as it stands then."""
    counter_no = request.form.get("counter", "")
    act(store(), counter=counter_no, holding=request.form.get("holding", ""), by=actor(), now=now(), **also)
    return _answer(counter_no)


def _answer(counter_no: str) -> ResponseReturnValue:
    if request.headers.get("HX-Request") == "true":
        return render_template("_counter.html", **_counter_facts(counter_no))
    asked = {"asking": g.asking, "holding": request.form.get("holding")} if g.get("asking") else {}
    return redirect(url_for("queue.home", **asked), 303)


def _counter_facts(counter_no: str | None = None) -> dict[str, Any]:
    """Return what the fragment of a counter shows: the one of this session, or the one just pressed at."""
    no = counter_no or sitting().counter
    there = tickets.at_counter(store(), no) if no else None
    ticket = there if there is not None and there.open_to(actor()) else None
    matters = cases.of_visit(store(), ticket.visit_id, by=actor()) if ticket else []
    return {
        "counter": lines.name_of_counter(store(), no),
        "busy": there is not None and ticket is None,
        "counters": lines.counters(store()),
        "lines": lines.lines(store()),
        "private_lines": lines.in_private(store()),
        "private_waiting": sum(one.hears == actor().hears_as for one in tickets.waiting(store())),
        "ticket": ticket,
        "ticket_paper": paper_care.newest(store(), tickets.ref(ticket.id), "ticket", "") if ticket else None,
        "visitor": _visitor(ticket) if ticket else None,
        "told": visit_matters.of_visit(store(), ticket.visit_id) if ticket else [],
        "host": visit_matters.host_of(store(), ticket.visit_id) if ticket else None,
        "matters": matters,
        "asking": leaving.asking(ticket),
        "end_reasons": visit_ends.REASONS,
        "papers": {case.id: spool.paper_state(store(), cases.ref(case)) for case in matters},
        "kinds": KINDS,
        "hosts": departments.all_of_them(store()) if ticket else [],
        "park_reasons": absence.PARK_REASONS,
        "pause_reasons": counters.PAUSE_REASONS,
        "visit_day": visit_days.upcoming(store(), now=now()),
    }


def _visitor(ticket: tickets.Ticket) -> visits.Visitor | None:
    try:
        return visits.visitor(store(), ticket, by=actor())
    except Refused:
        return None


def _queue_facts() -> dict[str, Any]:
    moment = events.moment(store(), now())
    groups = dict(standing.in_order(store(), now=moment))
    place = {ticket_id: number for number, ticket_id in enumerate(groups)}
    every, aside = (
        sealed_papers.known_tickets(read, by=actor()) for read in (tickets.waiting(store()), tickets.set_aside(store()))
    )
    # Guests of the visit day wait for its session alone.
    waiting = [ticket for ticket in every if ticket.hears is None and not ticket.session]
    aside = [ticket for ticket in aside if not ticket.session]
    # Who was sent to a certain counter stands behind the common queue here; his counter sees him first.
    waiting.sort(key=lambda ticket: place.get(ticket.id, len(place)))
    return {
        "waiting": waiting,
        "in_private": [ticket for ticket in every if ticket.hears is not None],
        "aside": aside,
        "briefs": visits.briefs(store(), [ticket.visit_id for ticket in every + aside]),
        "moment": moment,
        "groups": groups,
        "seat": sitting().counter,
        "pick_reasons": queue.PICK_REASONS,
        "park_reasons": absence.PARK_REASONS,
        "warn": current_site().wait_warn_minutes,
        "red": current_site().wait_red_minutes,
        "opening": opening.opening(store(), now=moment),
        "lines": lines.lines(store()),
        "private_lines": lines.in_private(store()),
        "nonce": secrets.token_urlsafe(16),
    }
