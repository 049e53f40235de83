"""A repair registered at the kiosk, without a number: the form that makes it, and the page of what comes next."""

from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from db import paper_care
from kiosk.screen import told
from reception import cases, kiosk_repairs, papers, repair_facts, spooling
from reception.permissions import KIOSK
from reception.refusal import Refused
from web.app import now, store
from web.languages import current_site

views = Blueprint("repair", __name__)


@views.post("/repair")
def register() -> ResponseReturnValue:
    """Register the repair and lead to its page; the same nonce leads to the same page."""
    form = request.form
    case = kiosk_repairs.register(
        store(),
        **{name: form.get(name, "") for name in ("nonce", "matter", "place", "urgency", "time", "unit", "phone")},
        by=told(KIOSK),
        now=now(),
    )
    return redirect(f"/repair/{case.token}", 303)


@views.get("/repair/<token>")
def registered(token: str) -> ResponseReturnValue:
    """Show the number, what happens next, and how the receipt is."""
    return render_template("repair_registered.html", site=current_site(), **_facts(token))


@views.get("/repair/<token>/state")
def state(token: str) -> ResponseReturnValue:
    """Answer that alone, for the live screen."""
    return render_template("_repair_registered.html", site=current_site(), **_facts(token))


def _facts(token: str) -> dict[str, Any]:
    case = cases.by_token(store(), token)
    if case.kind != repair_facts.KIND:
        raise Refused("code_unknown")
    paper = paper_care.newest(store(), cases.ref(case), papers.RepairReceipt.KIND, "")
    printer = spooling.ticket_printer(store(), current_site())
    return {
        "case": case,
        "expected": repair_facts.expected(
            current_site(), repair_facts.details(store(), case).urgency, phone=case.phone
        ),
        "paper": None if paper is None else paper.condition,
        "elsewhere": paper is not None and printer is not None and paper.printer != printer.name,
        "printer_trouble": printer is not None and printer.in_trouble,
    }
