"""The worker's phone page: today's orders, one order, and one thumb for each thing that is done with it."""

import secrets
from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from desk import work_door, worker_quote
from desk.forms import fields
from reception import (
    order_materials,
    order_steps,
    photos,
    release_gate,
    repair_facts,
    work_orders,
    worker_orders,
)
from reception.cases import Case
from reception.order_steps import SEND_BACK_REASONS, SUSPEND_REASONS
from reception.refusal import Refused
from web.app import now, store
from web.languages import current_site
from web.qr import svg

views = Blueprint("work", __name__)
LINES = 3


@views.get("/work")
def orders() -> ResponseReturnValue:
    """Show the orders of the day in the order they are done."""
    page = render_template(
        "work_day.html",
        day=worker_orders.day(store(), by=work_door.actor(), now=now()),
        states=repair_facts.STATES,
        sent_back=request.args.get("told") == "send_back",
        found=request.args.get("no", "")[:20] if request.args.get("told") == "found" else "",
        site=current_site(),
    )
    response = make_response(page)
    # The page looks again by itself: unchanged, it costs nothing on a thin line.
    response.headers["Cache-Control"] = "no-store"
    response.add_etag()
    return response.make_conditional(request)


@views.get("/work/q/<token>")
def by_code(token: str) -> ResponseReturnValue:
    """Lead from the code on the worker's slip to the order."""
    order = work_orders.by_token(store(), token)
    if order is None:
        # The pass of goods has a code of its own: it opens the gate's page, for whoever keeps the gate.
        opened = release_gate.opened(store(), token, by=work_door.actor(), now=now())
        return redirect(f"/work/gate/{opened.found.token}", 303)
    try:
        work_orders.reach(order, work_door.actor())
    except Refused:
        # Of another's order not even that there is one.
        raise Refused("code_unknown") from None
    return redirect(f"/work/o/{order.no}", 303)


@views.get("/work/o/<order_no>")
def order(order_no: str) -> ResponseReturnValue:
    """Show one order with what can be done now."""
    sheet = worker_orders.sheet(store(), order_no, by=work_door.actor(), now=now())
    return render_template(
        "work_order.html",
        sheet=sheet,
        card=sheet.card,
        order=sheet.card.order,
        case=sheet.card.case,
        repair=sheet.card.repair,
        price=sheet.price,
        photos=photos.of_order(store(), sheet.card.order),
        reported=photos.of_report(store(), sheet.card.order.case_id),
        materials=order_materials.of_order(store(), sheet.card.order.id),
        nonces={name: secrets.token_urlsafe(16) for name in (*ACTS, *photos.STAGES, "quote")},
        quote=worker_quote.facts(sheet),
        states=repair_facts.STATES,
        stages=photos.STAGES,
        most_photos=photos.MOST,
        phrases=repair_facts.WORK_DONE,
        suspend_reasons=SUSPEND_REASONS,
        send_back_reasons=SEND_BACK_REASONS,
        suppliers=order_materials.SUPPLIERS,
        lines=LINES,
        site=current_site(),
    )


@views.get("/work/o/<order_no>/owner.svg")
def owner_code(order_no: str) -> ResponseReturnValue:
    """Draw the code that the owner's own phone scans from the worker's: his page, to agree, sign and rate."""
    case = worker_orders.show_owner_code(store(), order_no, by=work_door.actor(), now=now())
    response = make_response(svg(current_site().page_url(case.token)))
    response.mimetype = "image/svg+xml"
    return response


@views.post("/work/o/<order_no>/<act>")
def do(order_no: str, act: str) -> ResponseReturnValue:
    """Do one thing with an order, once however often it is sent."""
    if act not in ACTS:
        abort(404)
    step, typed = ACTS[act]
    # The nonce is asked for here: a phone on a bad line sends again, and must not do a thing twice.
    if not request.form.get("nonce"):
        raise Refused("nonce_missing")
    number = work_orders.find(store(), order_no).no
    step(store(), order_no=number, nonce=request.form["nonce"], **typed(), by=work_door.actor(), now=now())
    return redirect("/work?told=send_back" if act == "send_back" else f"/work/o/{number}", 303)


def _finish() -> dict[str, Any]:
    columns = (request.form.getlist(name) for name in ("material", "quantity", "unit", "supplied_by"))
    return {
        "work_done": _work_done(),
        "labour_minutes": order_steps.labour(request.form.get("labour_minutes", "")),
        "materials": order_materials.typed(zip(*columns, strict=False)),
    }


def _work_done() -> str:
    """Return what was done: the phrases that were tapped, and what was written."""
    tapped = [
        repair_facts.WORK_DONE[code].zh for code in request.form.getlist("phrase") if code in repair_facts.WORK_DONE
    ]
    return "；".join(part for part in ("、".join(tapped), request.form.get("work_done", "").strip()) if part)


# What each act takes from its form, besides the order, its nonce and who.
ACTS: dict[str, tuple[Callable[..., Case], Callable[[], dict[str, Any]]]] = {
    "accept": (order_steps.accept, dict),
    "arrive": (order_steps.arrive, dict),
    "start": (order_steps.start, dict),
    "resume": (order_steps.resume, dict),
    "suspend": (order_steps.suspend, lambda: fields("reason", "note")),
    "send_back": (order_steps.send_back, lambda: fields("reason", "note")),
    "reschedule": (order_steps.reschedule, lambda: fields("appointed_at", "reason")),
    "finish": (order_steps.finish, _finish),
}
