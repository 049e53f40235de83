"""The papers of A4 that are signed and filed (归档表), each as a page to print: with what is known, or blank."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from db.store import Store
from desk import reveals
from desk.session import actor
from reception import (
    cases,
    complaint_facts,
    complaint_form,
    custody_form,
    day_checks,
    filed_prints,
    incident_facts,
    inspection_facts,
    inspection_form,
    order_materials,
    repair_facts,
    repair_form,
    resolution_facts,
    supervision_form,
    supervision_lists,
    visit_form,
    visitor_register,
    work_log,
)
from reception.case_form import BLANK
from reception.cases import Case
from reception.charges import METHODS
from reception.filed_names import NAMES
from reception.permissions import permit
from reception.refusal import Refused
from reception.wording import Words
from web.app import now, store
from web.languages import current_site

views = Blueprint("filed_forms", __name__)

# What each form is made of: its template, what ticks it offers, and its record with nothing in it.
REPAIR: dict[str, Any] = {
    "categories": repair_facts.CATEGORIES,
    "urgencies": repair_facts.URGENCIES,
    "liabilities": repair_facts.LIABILITIES,
    "methods": METHODS,
    "suppliers": order_materials.SUPPLIERS,
}
COMPLAINT: dict[str, Any] = {"severities": complaint_facts.SEVERITIES, "findings": complaint_facts.FINDINGS}
SUPERVISION: dict[str, Any] = {"verdicts": supervision_lists.VERDICTS}
INSPECTION = {"urgencies": inspection_facts.URGENCIES}
INCIDENT = {"sites": incident_facts.SITES, "classes": incident_facts.CLASSES}
VISIT = {"signed_words": resolution_facts.SIGNED}
# What fits on one sheet.
REGISTER_LINES, LOG_LINES = 14, 21


@views.app_context_processor
def _names() -> dict[str, dict[str, Words]]:
    return {"filed_names": NAMES}


# The form of a kind of case: its template, how its record is read, its ticks.
OF_CASE: dict[str, tuple[str, Callable[[Store, Case], object], dict[str, Any]]] = {
    repair_facts.KIND: ("filed_repair.html", repair_form.of, REPAIR),
    complaint_facts.KIND: ("filed_complaint.html", complaint_form.of, COMPLAINT),
    inspection_facts.KIND: ("filed_acceptance.html", inspection_form.of, INSPECTION),
}


@views.get("/cases/<no>/form")
def of_case(no: str) -> ResponseReturnValue:
    """Show the form of a repair or a complaint: whole to whoever holds it, masked to everybody else."""
    case = cases.find(store(), no, by=actor())
    template, read, ticks = _form_of(case)
    return _show(template, read(store(), case), **ticks)


@views.post("/cases/<no>/form")
def whole_of_case(no: str) -> ResponseReturnValue:
    """Show it with the name and the telephone; the look stands in the history of the case."""
    # First: nobody has looked at a form that is not there.
    template, read, ticks = _form_of(cases.find(store(), no, by=actor()))
    case = cases.reveal(store(), no, why=reveals.reason(), by=actor(), now=now())
    return _show(template, read(store(), case), **ticks)


def _form_of(case: Case) -> tuple[str, Callable[[Store, Case], object], dict[str, Any]]:
    if case.kind not in OF_CASE:
        raise Refused("form_unknown")
    return OF_CASE[case.kind]


@views.get("/supervisions/<no>/form")
def of_supervision(no: str) -> ResponseReturnValue:
    """Show a supervision as a form."""
    return _show("filed_supervision.html", supervision_form.of(store(), no=no, by=actor()), **SUPERVISION)


@views.get("/visits/register")
def register() -> ResponseReturnValue:
    """Show who came on a day, masked."""
    asked = request.args.get("day", "")
    found = visitor_register.of_day(store(), on=asked, by=actor(), now=now())
    return _show("filed_register.html", found, spare=0)


@views.get("/log/form")
def log() -> ResponseReturnValue:
    """Show the work log of a day as a form."""
    found = work_log.day(store(), on=request.args.get("day", ""), by=actor(), now=now())
    return _show("filed_log.html", found, checks=day_checks.of_day(store(), found.day), spare=0)


@views.post("/forms/<form>/<no>/printed")
def printed(form: str, no: str) -> ResponseReturnValue:
    """Write down that a form is printed now; the browser prints once this was answered."""
    whole = request.form.get("whole") == "1"
    filed_prints.note(store(), form=form, no=no, whole=whole, by=actor(), now=now())
    return "", 204


@views.get("/forms")
def blanks() -> ResponseReturnValue:
    """List the forms that may be printed blank."""
    permit(actor(), "print_form")
    return render_template("filed_blanks.html", site=current_site(), blanks=list(_blanks()))


@views.get("/forms/<form>")
def blank(form: str) -> ResponseReturnValue:
    """Show a form with nothing in it, to write on by hand."""
    permit(actor(), "print_form")
    found = _blanks().get(form)
    if found is None:
        abort(404)
    template, empty, ticks = found
    return _show(template, empty, blank=True, **ticks)


def _blanks() -> dict[str, tuple[str, object, dict[str, Any]]]:
    return {
        "visitor_register": ("filed_register.html", visitor_register.Register(), {"spare": REGISTER_LINES}),
        "repair_form": ("filed_repair.html", repair_form.RepairForm(), REPAIR),
        "paid_form": ("filed_repair.html", repair_form.RepairForm(code=repair_form.PAID), REPAIR),
        "complaint_form": ("filed_complaint.html", complaint_form.ComplaintForm(), COMPLAINT),
        "visit_form": ("visit_form.html", visit_form.blank(store()), VISIT),
        "acceptance_form": ("filed_acceptance.html", inspection_form.blank(store()), INSPECTION),
        "supervision_form": ("filed_supervision.html", supervision_form.SupervisionForm(), SUPERVISION),
        "incident_form": ("special_form.html", incident_facts.BLANK, INCIDENT | {"head": BLANK, "notices": ()}),
        "custody_agreement": ("filed_custody.html", custody_form.blank(store()), {}),
        "work_log": ("filed_log.html", None, {"spare": LOG_LINES, "checks": ()}),
    }


def _show(template: str, form: object, *, blank: bool = False, **facts: Any) -> ResponseReturnValue:
    return render_template(template, site=current_site(), form=form, blank=blank, **facts)
