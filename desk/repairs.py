"""Registering repairs at the desk, and completing what was registered."""

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from desk import forms
from desk.session import actor
from reception import repair_facts, repairs, visits, work_orders
from reception.cases import Case
from reception.complaint_facts import Complaint
from reception.kinds import KINDS
from reception.permissions import permit
from web.app import now, store

views = Blueprint("repairs", __name__)
HINT = _l("Matter, place, time, urgency → receipt and work order")
FIELDS = ("name", "phone", "unit", "category", "content", "place", "convenient_time")


@views.get("/repairs/new")
def new() -> ResponseReturnValue:
    """Show the form; `from` names the case that the repair comes out of."""
    permit(actor(), "register_repair")
    no = request.args.get("from", "")
    origin = repairs.out_of(store(), no, by=actor()) if no else None
    blank = forms.blank()
    return render_template(
        "repair_new.html",
        categories=repair_facts.CATEGORIES,
        urgencies=repair_facts.URGENCIES,
        workers=work_orders.workers_by_department(store()),
        origin=origin,
        **blank | (_out_of(origin) if origin else {}),
    )


def _out_of(origin: Case) -> dict[str, Any]:
    """Return what a case brings along: its matter as a draft, its home, the person where this reader sees him whole.

    What is masked is no name and no number: it never stands in a field.
    """
    details = KINDS[origin.kind].details(store(), origin)
    name, phone = (origin.name, origin.phone) if origin.whole else ("", "")
    person = visits.Particulars(name=name, phone=phone, unit=origin.unit)
    return {"visitor": person, "draft": details.facts if isinstance(details, Complaint) else ""}


@views.post("/repairs")
def register() -> ResponseReturnValue:
    """Register the repair; the second button of the form dispatches it in the same press."""
    case = repairs.register(
        store(),
        **forms.fields("nonce", *FIELDS, "urgency", "worker", "appointed_at"),
        spawned_from=request.form.get("from", ""),
        visit_id=forms.visit_id(),
        dispatch=request.form.get("dispatch") == "1",
        by=actor(),
        now=now(),
    )
    return forms.done(case)


@views.post("/repairs/<no>/amend")
def amend(no: str) -> ResponseReturnValue:
    """Complete or correct what was registered."""
    case = repairs.amend(store(), no=no, **forms.fields(*FIELDS, "urgency", "reason"), by=actor(), now=now())
    return forms.lead_to(f"/cases/{case.no}")
