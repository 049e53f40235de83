"""A visit day booked without a clerk: at the kiosk, on a phone by the number that waits; changed on its own page."""

from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from db import paper_care
from kiosk import case_page
from kiosk.screen import holder, told
from reception import (
    booking_days,
    booking_facts,
    booking_slips,
    booking_steps,
    booking_view,
    cases,
    complaint_facts,
    events,
    own_bookings,
    spooling,
    tickets,
)
from reception.permissions import KIOSK
from reception.refusal import Refused
from reception.rules.booking_states import UNSIGNED
from web import refusals
from web.app import now, store
from web.languages import current_site
from web.statuses import STATUS

views = Blueprint("booking", __name__)
FIELDS = ("name", "phone", "unit", "matter", "topic", "slot")


@views.post("/visit-day")
def register() -> ResponseReturnValue:
    """Book at the kiosk what was chosen, and lead to its page; the same nonce leads to the same page."""
    form = request.form
    chosen = {name: form.get(name, "") for name in ("nonce", "unit", "phone", "topic", "slot")}
    case = own_bookings.register(store(), **chosen, by=told(KIOSK), now=now())
    return redirect(f"/visit-day/{case.token}", 303)


@views.get("/visit-day/<token>")
def registered(token: str) -> ResponseReturnValue:
    """Show day and time, what happens next, and how the slip is."""
    return render_template("visit_day_booked.html", site=current_site(), **_facts(token))


@views.get("/visit-day/<token>/state")
def state(token: str) -> ResponseReturnValue:
    """Answer that alone, for the live screen."""
    return render_template("_visit_day_booked.html", site=current_site(), **_facts(token))


def _facts(token: str) -> dict[str, Any]:
    case = cases.by_token(store(), token)
    if case.kind != booking_facts.KIND:
        raise Refused("code_unknown")
    page = booking_view.page(store(), case, now=events.moment(store(), now()))
    part = booking_slips.part_of(page.booking.edition)
    paper = paper_care.newest(store(), cases.ref(case), booking_slips.KIND, part)
    printer = spooling.ticket_printer(store(), current_site())
    return {
        "case": case,
        "page": page,
        "unsigned": case.state in UNSIGNED,
        "before_minutes": booking_slips.BEFORE_MINUTES,
        "paper": None if paper is None else paper.condition,
        "elsewhere": paper is not None and printer is not None and paper.printer != printer.name,
        "printer_trouble": printer is not None and printer.in_trouble,
    }


@views.get("/T/<token>/book")
def ask(token: str) -> ResponseReturnValue:
    """Show whoever waits the form to book on his phone instead. Refuses `code_unknown`."""
    return _asked(token)


def _asked(token: str, refused: Refused | None = None) -> str:
    ticket = tickets.by_token(store(), token)
    if ticket.line != own_bookings.LINE:
        raise Refused("code_unknown")
    return render_template(
        "visit_day_ask.html",
        site=current_site(),
        ticket=ticket,
        booked=own_bookings.of_ticket(store(), ticket),
        offers=[one for one in booking_days.offers(store(), now=now()) if one.open],
        closed=booking_days.closed_before(store(), now=now()),
        topics=complaint_facts.classes(store()),
        said={name: request.form.get(name, "") for name in FIELDS},
        code=refused.code if refused else "",
        sentence=refusals.sentence(refused.code) if refused else "",
    )


@views.post("/T/<token>/book")
def book(token: str) -> ResponseReturnValue:
    """Book on a phone, and give the number back; a refusal stands on the same page, and nothing typed is lost."""
    form = {name: request.form.get(name, "") for name in FIELDS}
    try:
        case = own_bookings.by_ticket(store(), token=token, **form, by=told(holder()), now=now())
    except Refused as refused:
        if refused.code in {"code_unknown", "not_permitted"}:
            raise
        return _asked(token, refused), STATUS.get(refused.code, 422)
    return redirect(f"/T/{case.token}", 303)


@views.post("/T/<token>/withdraw")
def withdraw(token: str) -> ResponseReturnValue:
    """The owner takes his booking back."""
    form = request.form
    return case_page.act_on(
        token,
        lambda: booking_steps.withdraw_by_token(
            store(),
            token=token,
            phone_tail=form.get("phone", ""),
            reason=form.get("reason", ""),
            by=holder(),
            now=now(),
        ),
    )


@views.post("/T/<token>/change")
def change(token: str) -> ResponseReturnValue:
    """The owner chooses another time."""
    day, starts = booking_days.parted(request.form.get("slot", ""))
    return case_page.act_on(
        token,
        lambda: booking_steps.change_by_token(
            store(),
            token=token,
            phone_tail=request.form.get("phone", ""),
            day=day,
            starts=starts,
            by=holder(),
            now=now(),
        ),
    )
