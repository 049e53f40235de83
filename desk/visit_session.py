"""The session of the visit day (接待页面): who is next, the talk, its decisions; for the host and who records."""

import secrets
from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue

from desk import forms
from desk.session import actor
from reception import (
    booking_days,
    booking_facts,
    departments,
    events,
    home_files,
    resolutions,
    session_agenda,
    session_arrivals,
    session_calls,
    session_talks,
    session_view,
    visit_day_session,
    visit_days,
)
from reception.cases import Case
from reception.permissions import may, permit
from reception.refusal import Refused
from reception.resolution_facts import SIGNED
from reception.rules import clock
from reception.rules.booking_states import EXPECTED
from reception.visit_days import Day
from reception.wording import Words
from web.app import now, store
from web.languages import current_site

views = Blueprint("visit_session", __name__)
PAGE = "/session"
# What a press does: the paper only comes out by it, nobody signed yet.
READ_BACK = {
    "paper": Words("打印，请业主签字", "Print it for his signature"),
    "refused": Words("打印，业主不愿签", "Print it, he will not sign"),
    "absent": Words("打印，业主已离开", "Print it, he has left"),
}


@views.get("/session")
def page() -> ResponseReturnValue:
    """Show the session of today; on any other day when the next is, and who was left over."""
    permit(actor(), "see_session")
    day = _today()
    if day is None or day.over:
        return render_template("session_none.html", site=current_site(), held=day, **_between())
    return render_template("session.html", site=current_site(), **_facts(day))


@views.get("/session/now")
def live() -> ResponseReturnValue:
    """Answer what moves, for the live screen; a page that was made for another guest is made anew."""
    permit(actor(), "see_session")
    day = _today()
    facts = _facts(day) if day is not None and not day.over else None
    response = make_response(render_template("_session_now.html", **facts) if facts else "")
    if facts is None or request.args.get("page", "") != facts["key"]:
        response.headers["HX-Refresh"] = "true"
    return response


@views.get("/session/list")
def listing() -> ResponseReturnValue:
    """Answer who waits, for the live screen."""
    permit(actor(), "see_session")
    day = _today()
    return render_template("_session_list.html", **_facts(day)) if day is not None else ""


@views.post("/session/call")
def call() -> ResponseReturnValue:
    """Call the next guest to the room, or the one chosen with a reason."""
    form = forms.fields("holding", "reason")
    session_calls.call(store(), ticket_no=request.form.get("ticket", ""), **form, by=actor(), now=now())
    return forms.lead_to(PAGE)


@views.post("/session/<act>")
def press(act: str) -> ResponseReturnValue:
    """Do an act on the guest whom the room holds. Refuses `choice_unknown`."""
    permit(actor(), "hold_session")
    acts: dict[str, Callable[..., Any]] = {
        "recall": session_calls.recall,
        "missed": session_calls.miss,
        "undo": session_calls.undo,
        "begin": session_talks.begin,
        "end": session_talks.end,
        "take-back": session_talks.take_back,
    }
    if act not in acts:
        raise Refused("choice_unknown")
    acts[act](store(), holding=request.form.get("holding", ""), by=actor(), now=now())
    return forms.lead_to(PAGE)


@views.post("/session/extend")
def extend() -> ResponseReturnValue:
    """Let the talk go on longer."""
    session_talks.extend(store(), **forms.fields("holding", "minutes"), by=actor(), now=now())
    return forms.lead_to(PAGE)


@views.post("/session/back")
def back() -> ResponseReturnValue:
    """Somebody who was called and not there waits again."""
    session_calls.back(store(), ticket_no=request.form.get("ticket", ""), by=actor(), now=now())
    return forms.lead_to(PAGE)


@views.post("/session/decide")
def decide() -> ResponseReturnValue:
    """Write a decision of the talk."""
    resolutions.decide(store(), **forms.fields("no", "nonce", "opinion", "department", "due_on"), by=actor(), now=now())
    return forms.lead_to(PAGE)


@views.post("/session/read-back")
def read_back() -> ResponseReturnValue:
    """The decisions were read to the owner, and he signed, or would not."""
    resolutions.read_back(store(), **forms.fields("no", "signed"), by=actor(), now=now())
    return forms.lead_to(PAGE)


@views.post("/session/signature")
def signature() -> ResponseReturnValue:
    """The owner took the paper otherwise than was written."""
    resolutions.note_signature(store(), **forms.fields("no", "signed"), by=actor(), now=now())
    return forms.lead_to(PAGE)


@views.post("/session/hand-over")
def hand_over() -> ResponseReturnValue:
    """For want of time a department takes the matter on."""
    form = forms.fields("no", "nonce", "opinion", "department", "due_on", "signed")
    session_talks.hand_over(store(), **form, by=actor(), now=now())
    return forms.lead_to(PAGE)


@views.post("/session/rebook")
def rebook() -> ResponseReturnValue:
    """For want of time he gets another day."""
    session_talks.rebook(store(), **forms.fields("no", "day", "starts", "reason"), by=actor(), now=now())
    return forms.lead_to(PAGE)


@views.post("/session/check-in")
def check_in() -> ResponseReturnValue:
    """Check in who is here, by the number of his booking or the end of his telephone."""
    session_arrivals.check_in_by(store(), who=request.form.get("who", ""), by=actor(), now=now())
    return forms.lead_to(PAGE)


@views.post("/session/hold")
def hold() -> ResponseReturnValue:
    """End the session of today."""
    visit_day_session.hold(store(), by=actor(), now=now())
    return forms.lead_to(PAGE)


@views.get("/session/guest/<no>")
def guest(no: str) -> ResponseReturnValue:
    """Show what is done for somebody for whom there is no time: another day, or a department."""
    permit(actor(), "hold_session")
    case = visit_day_session.booking(store(), no, by=actor())
    moment = events.moment(store(), now())
    return render_template(
        "session_guest.html",
        site=current_site(),
        case=case,
        booking=booking_facts.details(store(), case),
        departments=departments.all_of_them(store()),
        signed=SIGNED,
        offers=[one for one in booking_days.offers(store(), now=moment) if one.open and one.free],
        nonce=secrets.token_urlsafe(16),
    )


@views.post("/session/history")
def history() -> ResponseReturnValue:
    """Open what the centre knows of the home of who is in the room; the look is written down."""
    permit(actor(), "hold_session")
    case = visit_day_session.booking(store(), request.form.get("no", ""), by=actor())
    found = home_files.look_up(store(), case.unit.label if case.unit else "", by=actor(), now=now())
    return render_template("session_history.html", site=current_site(), case=case, file=found)


@views.get("/session/agenda")
def agenda() -> ResponseReturnValue:
    """Show the agenda of a day: who is received, about what, who accompanies; the look is written down."""
    found = session_agenda.read(store(), on=request.args.get("day", ""), by=actor(), now=now())
    return render_template(
        "session_agenda.html",
        site=current_site(),
        agenda=found,
        every=departments.all_of_them(store()),
        chosen=session_agenda.chosen(store(), found.day) or session_agenda.proposed(store(), found.day),
        nonce=secrets.token_urlsafe(16),
    )


@views.post("/session/agenda")
def settle() -> ResponseReturnValue:
    """Settle the agenda: which departments accompany."""
    day = session_agenda.settle(
        store(), on=request.form.get("day", ""), accompany=request.form.getlist("accompany"), by=actor(), now=now()
    )
    return forms.lead_to(f"/session/agenda?day={day.actual_on}")


@views.post("/session/agenda/print")
def print_agenda() -> ResponseReturnValue:
    """Print the agenda on the strip of the printer behind the desk."""
    on = request.form.get("day", "")
    session_agenda.print_out(store(), on=on, nonce=request.form.get("nonce", ""), by=actor(), now=now())
    return forms.lead_to(f"/session/agenda?day={session_agenda.coming(store(), on, now=now()).actual_on}&printed=1")


def facts(case: Case) -> dict[str, Any]:
    """Return what the page of a booking shows of its day: whether he may be checked in now, or is here and waits."""
    day = booking_facts.details(store(), case).day
    today = day.actual_on == _local_today() and not day.over
    return {
        "may_arrive": today and case.state in EXPECTED and may(actor(), "check_in_visit_day"),
        "is_here": case.state == "checked_in" and may(actor(), "hold_session"),
    }


def _local_today() -> date:
    return clock.local_day(events.moment(store(), now()), current_site().zone)


def _today() -> Day | None:
    return visit_days.on(store(), _local_today())


def _between() -> dict[str, Any]:
    try:
        coming: Day | None = session_agenda.coming(store(), "", now=now())
    except Refused:
        coming = None
    return {
        "coming": coming,
        "left_over": visit_day_session.left_over(store(), by=actor()),
        "states": booking_facts.STATES,
    }


def _facts(day: Day) -> dict[str, Any]:
    if not visit_day_session.leads(day, actor()):
        raise Refused("not_of_session")
    current = session_view.current(store(), day, by=actor(), now=now())
    return {
        "day": day,
        "board": session_view.board(store(), day, now=now()),
        "current": current,
        "key": session_view.key(current),
        "holding": current.ticket.no if current else "",
        "arrivals": booking_facts.ARRIVALS,
        "states": booking_facts.STATES,
        "reasons": session_calls.REASONS,
        "minutes": session_talks.STEPS_OF_MINUTES,
        "departments": departments.all_of_them(store()),
        "signed": SIGNED,
        "read_back": READ_BACK,
        "zone": current_site().zone,
        "nonce": secrets.token_urlsafe(16),
    }
