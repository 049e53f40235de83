"""Work orders at the desk: sent out, moved on for workers who go by paper, done again, cancelled."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from desk import forms, paid_work
from desk.session import actor
from reception import (
    acceptance,
    departments,
    events,
    fault_cases,
    fault_records,
    message_texts,
    order_editions,
    order_materials,
    order_steps,
    photos,
    repair_facts,
    repairs,
    work_orders,
)
from reception.cases import Case
from reception.rules import clock
from reception.rules.repair_states import acts_in
from web.app import now, store

views = Blueprint("orders", __name__)
# The fields that each step takes besides the order itself.
STEPS: dict[str, tuple[Callable[..., Case], tuple[str, ...]]] = {
    "accept": (order_steps.accept, ("worker",)),
    "arrive": (order_steps.arrive, ("worker", "at_time")),
    "start": (order_steps.start, ("at_time",)),
    "suspend": (order_steps.suspend, ("reason", "note")),
    "resume": (order_steps.resume, ()),
    "send-back": (order_steps.send_back, ("reason", "note")),
    "reschedule": (order_steps.reschedule, ("appointed_at", "reason")),
    "recheck": (acceptance.recheck, ()),
}


def facts(case: Case) -> dict[str, Any]:
    """Return what the page of a repair shows of its orders, and what may be done now."""
    orders, live = work_orders.of_case(store(), case.id), work_orders.live(store(), case.id)
    at = events.moment(store(), now())
    proposed = work_orders.proposed(store(), case, at)
    came_back = orders[-1] if orders and case.state == "returned" else None
    return paid_work.facts(case) | {
        "orders": orders,
        "photos": photos.of_case(store(), case.id),
        "live": live,
        "slip": order_editions.state(store(), orders[-1]) if orders and case.closed_at is None else None,
        "materials": {order.id: order_materials.of_order(store(), order.id) for order in orders},
        "acts": acts_in(case.state),
        "departments": departments.all_of_them(store()),
        "workers": work_orders.workers_by_department(store()),
        "suspended": order_steps.why_suspended(store(), case.id),
        "team": work_orders.workers(store(), live.department) if live else [],
        "suspend_reasons": order_steps.SUSPEND_REASONS,
        "send_back_reasons": order_steps.SEND_BACK_REASONS,
        "cancel_reasons": acceptance.CANCEL_REASONS,
        "cancel_texts": message_texts.cancel_texts(store(), case),
        "signatures": acceptance.BY_STAFF,
        "categories": repair_facts.CATEGORIES,
        "urgencies": repair_facts.URGENCIES,
        "sources": repair_facts.SOURCES,
        "cancel_lacks": acceptance.before_cancelling(store(), case),
        "amendable": case.closed_at is None and case.state not in repairs.SIGNED,
        "missing": work_orders.lacking(store(), case, proposed, at),
        "proposed_at": clock.to_text(proposed) if proposed else "",
        "came_back": order_steps.why_returned(came_back.state_reason, came_back.state_note) if came_back else None,
        "why_returned": order_steps.why_returned,
        "its_fault": fault_cases.fault_of(store(), case.id),
        "held": fault_records.holding(store(), case.id) is not None,
    }


@views.post("/orders/<order_no>/<step>")
def move(order_no: str, step: str) -> ResponseReturnValue:
    """Do one step of an order, and show its repair."""
    if step not in STEPS:
        abort(404)
    act, names = STEPS[step]
    case = act(store(), order_no=order_no, **forms.fields(*names), by=actor(), now=now())
    return forms.lead_to(f"/cases/{case.no}")


@views.post("/orders/<order_no>/papers")
def renew_papers(order_no: str) -> ResponseReturnValue:
    """Print a new edition of both copies, since what the old ones say is no longer so."""
    nonce = request.form.get("nonce", "")
    case = order_editions.renew(store(), order_no=order_no, nonce=nonce, by=actor(), now=now())
    return forms.lead_to(f"/cases/{case.no}")


@views.post("/repairs/<no>/dispatch")
def dispatch(no: str) -> ResponseReturnValue:
    """Send a repair out: to whom the form names, else by the rule of its category."""
    to = request.form.get("to", "")
    case = work_orders.dispatch(
        store(),
        no=no,
        department=to.removeprefix("team:") if to.startswith("team:") else "",
        worker="" if to.startswith("team:") else to,
        appointed_at=request.form.get("appointed_at", ""),
        by=actor(),
        now=now(),
    )
    return forms.lead_to(f"/cases/{case.no}")


@views.post("/repairs/<no>/rework")
def rework(no: str) -> ResponseReturnValue:
    """The work must be done again."""
    case = acceptance.rework(store(), no=no, reason=request.form.get("reason", ""), by=actor(), now=now())
    return forms.lead_to(f"/cases/{case.no}")


@views.post("/repairs/<no>/cancel")
def cancel(no: str) -> ResponseReturnValue:
    """End a repair before any work, with what the person was told."""
    case = acceptance.cancel(store(), no=no, **forms.fields("reason", "channel", "text"), by=actor(), now=now())
    return forms.lead_to(f"/cases/{case.no}")
