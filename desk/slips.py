"""回单 at the desk: a pile of signed slips, one scan and one form each."""

from collections.abc import Container
from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from desk import forms
from desk.session import actor
from reception import (
    cases,
    follow_ups,
    liability,
    order_editions,
    order_materials,
    order_steps,
    price_list,
    quotations,
    repair_facts,
    slips,
    work_orders,
)
from reception.cases import Case
from reception.permissions import permit
from reception.price_lines import Wanted
from reception.rules import clock
from web.app import now, store
from web.languages import current_site

views = Blueprint("slips", __name__)
# What was scanned instead of the worker's copy is said on the page that it led to.
COPIES = {"owner": "?by=owner", "case": "?by=case"}
MATERIAL_LINES, PRICE_LINES = 3, 3


@views.get("/slips")
def pile() -> ResponseReturnValue:
    """Wait for the next scan."""
    permit(actor(), "see_signature")
    done = request.args.get("done", "")
    return render_template("slips.html", site=current_site(), done=done, out=work_orders.out(store(), by=actor()))


@views.post("/slips/find")
def find() -> ResponseReturnValue:
    """Lead to the form of the scanned slip."""
    scan = slips.scanned(store(), request.form.get("code", ""), by=actor())
    return redirect(f"/slips/{scan.order.no}{COPIES.get(scan.copy, '')}", 303)


@views.get("/slips/<order_no>")
def page(order_no: str) -> ResponseReturnValue:
    """Show the form of one slip, with what is known filled in."""
    order = slips.find(store(), order_no, by=actor())
    case = cases.whole(store(), order.case_id)
    repair, choices = repair_facts.details(store(), case), liability.choices(store(), case)
    zone, signatures = current_site().zone, slips.ways_to_sign(store(), order, repair.liability)
    # What was agreed on is where the eye begins, but nobody arrived before it.
    known = next((at for at in (order.arrived_at, order.appointed_at) if at and clock.from_text(at) <= now()), None)
    return render_template(
        "slip.html",
        site=current_site(),
        order=order,
        slip=order_editions.state(store(), order),
        scanned=request.args.get("by", ""),
        live=work_orders.live(store(), order.case_id),
        case=cases.masked(store(), order.case_id),
        unit=case.unit,
        repair=repair,
        workers=work_orders.workers(store(), order.department),
        usual=repair_facts.WORK_DONE.values(),
        signatures=signatures,
        signed=_usually_signed(case, signatures),
        scores=follow_ups.SCORES,
        suppliers=order_materials.SUPPLIERS,
        lines=MATERIAL_LINES,
        price_rows=PRICE_LINES,
        suspend_reasons=order_steps.SUSPEND_REASONS,
        send_back_reasons=order_steps.SEND_BACK_REASONS,
        arrived=clock.from_text(known).astimezone(zone).strftime("%m-%d %H:%M") if known else "",
        proposal=liability.proposal(store(), case),
        why=liability.WHY,
        liabilities=repair_facts.LIABILITIES,
        choices={code: words for code, words in choices.items() if code != "undetermined"},
        # A price is written down where paid work is possible still: the slip says that it was agreed to before.
        priced=order.finished_at is None and (repair.liability == "paid" or "paid" in choices),
        categories=repair_facts.CATEGORIES,
        parts=liability.parts(store()),
        agreed=quotations.agreed(store(), case.id),
        prices=price_list.by_category(store(), list(repair_facts.CATEGORIES), first=liability.category(store(), case)),
    )


def _usually_signed(case: Case, signatures: Container[str]) -> str:
    if slips.LATER in signatures:
        return slips.LATER
    return "common_area" if case.source == repair_facts.FOUND and "common_area" in signatures else "paper"


@views.post("/slips/<order_no>")
def hand_in(order_no: str) -> ResponseReturnValue:
    """Record the slip, and wait for the next."""
    slips.hand_in(
        store(),
        nonce=request.form.get("nonce", ""),
        order_no=order_no,
        slip=_slip(),
        by=actor(),
        now=now(),
    )
    return forms.lead_to(f"/slips?done={order_no}")


@views.post("/slips/<order_no>/not-fixed")
def not_fixed(order_no: str) -> ResponseReturnValue:
    """The slip came back without the work done: set aside, or sent back."""
    act, _, reason = request.form.get("why", "").partition(":")
    step: Any = order_steps.suspend if act == "suspend" else order_steps.send_back
    note = request.form.get("note", "")
    step(store(), order_no=order_no, reason=reason, note=note, by=actor(), now=now())
    return forms.lead_to(f"/slips?done={order_no}")


def _slip() -> slips.Slip:
    form = request.form
    columns = (form.getlist(name) for name in ("mat_name", "mat_quantity", "mat_unit", "mat_from"))
    written = [slips.WrittenMaterial(*line) for line in zip(*columns, strict=False)]
    return slips.Slip(
        **forms.fields(
            "worker", "arrived_at", "finished_at", "work_done", "labour", "liability", "part", "reason", "note", "score"
        ),
        how=form.get("how", "paper"),
        materials=tuple(line for line in written if line.name.strip()),
        lines=_price_lines(),
        price_agreed=form.get("price_agreed") == "1",
        rechecked=form.get("rechecked") == "1",
        told=form.get("told") == "1",
    )


def _price_lines() -> tuple[Wanted, ...]:
    columns = (request.form.getlist(name) for name in ("price_item", "price_name", "price_quantity", "price_each"))
    return tuple(
        Wanted(item=item, name=name, quantity=quantity, price=price)
        for item, name, quantity, price in zip(*columns, strict=False)
        if item or name.strip()
    )
