"""Procedures of a home at the desk: opened, worked through, ended; their forms to be signed."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from desk import checklists, forms, reveals
from desk.session import actor
from reception import (
    cases,
    home_dates,
    inspection_lists,
    procedure_facts,
    procedure_templates,
    procedures,
    residents,
)
from reception.cases import Case
from reception.feedback import CHANNELS
from reception.permissions import permit
from reception.refusal import Refused
from reception.rules import clock
from reception.rules.procedure_states import procedure
from web.app import now, store
from web.languages import current_site

views = Blueprint("procedures", __name__)
HINT = _l("Moving in, renovation, lease, change of owner → list of documents")
FIELDS = (
    *("nonce", "template", "variant", "name", "phone", "unit", "agent_name", "agent_phone"),
    *("from_on", "until_on", "remark"),
)
# The papers of a procedure that are printed on A4, signed and filed.
SHEETS = {"list": "procedure_list", "receipt": "goods_receipt", "household": "household_form"}


@views.get("/procedures/new")
def new() -> ResponseReturnValue:
    """Show the form of a matter; the first where the address names none."""
    permit(actor(), "begin_procedure")
    offered = procedure_templates.offered(store())
    code = request.args.get("template", "")
    chosen = offered.get(code) or next(iter(offered.values()), None)
    known = procedure_templates.variants(store(), chosen.code) if chosen else {}
    return render_template("procedure_new.html", offered=offered, matter=chosen, variants=known, **forms.blank())


@views.post("/procedures")
def begin() -> ResponseReturnValue:
    """Open a procedure; its page is where its items are ticked."""
    case = procedures.begin(store(), **forms.fields(*FIELDS), visit_id=forms.visit_id(), by=actor(), now=now())
    return forms.lead_to(f"/cases/{case.no}")


# The fields that each step takes besides the case itself.
STEPS: dict[str, tuple[Callable[..., Case], tuple[str, ...]]] = {
    "finish": (procedures.finish, ("channel", "handover_on")),
    "withdraw": (procedures.withdraw, ("reason", "channel")),
    "print-missing": (procedures.print_missing, ("nonce",)),
}


@views.post("/procedures/<no>/<procedure_step>")
def move(no: str, procedure_step: str) -> ResponseReturnValue:
    """Do one step of a procedure, and show it."""
    if procedure_step not in STEPS:
        abort(404)
    act, names = STEPS[procedure_step]
    also: dict[str, Any] = {"leaving": request.form.getlist("leaving")} if procedure_step == "finish" else {}
    case = act(store(), no=no, **forms.fields(*names), **also, by=actor(), now=now())
    return forms.lead_to(f"/cases/{case.no}")


@views.get("/procedures/<no>/form/<sheet>")
def form(no: str, sheet: str) -> ResponseReturnValue:
    """Show a form of a procedure to print: whole to whoever holds it, masked to everybody else."""
    return _sheet(cases.find(store(), no, by=actor()), sheet)


@views.post("/procedures/<no>/form/<sheet>")
def reveal_form(no: str, sheet: str) -> ResponseReturnValue:
    """Show it with name and telephone; the look is written down."""
    # Nobody has looked at a sheet that is not there.
    _check(cases.find(store(), no, by=actor()), sheet)
    return _sheet(cases.reveal(store(), no, why=reveals.reason(), by=actor(), now=now()), sheet)


def _check(case: Case, sheet: str) -> None:
    if sheet not in SHEETS:
        abort(404)
    if case.kind != procedure_facts.KIND:
        raise Refused("step_not_now")


def _sheet(case: Case, sheet: str) -> ResponseReturnValue:
    _check(case, sheet)
    details = procedure_facts.details(store(), case)
    return render_template(
        f"procedure_{sheet}.html",
        site=current_site(),
        case=case,
        details=details,
        sheet=sheet,
        paper=SHEETS[sheet],
        others=_others(case),
        **checklists.facts(case),
    )


def _others(case: Case) -> list[residents.Resident]:
    """Return who else the home's file knows, whole where the case is."""
    if case.unit is None:
        return []
    him = (cases.whole(store(), case.id).name, cases.whole(store(), case.id).phone)
    known = residents.of_home(store(), case.unit, whole=True)
    besides = {one.id for one in known if (one.name, one.phone) != him}
    return [one for one in residents.of_home(store(), case.unit, whole=case.whole) if one.id in besides]


def facts(case: Case) -> dict[str, Any]:
    """Return what may be done now with it; of a move-in the known day of hand-over, of a change of owner also who may
    move out."""
    found = procedure_facts.details(store(), case)
    moves_in = found.template.effect == "move_in"
    leaves = found.template.effect == "transfer" and case.unit is not None
    return checklists.facts(case) | {
        "acts": procedure.acts_in(case.state),
        "inspection": inspection_lists.of_home(store(), case.unit, by=actor()) if moves_in and case.unit else None,
        "handed_over": home_dates.of_home(store(), case.unit.id).handover_on if moves_in and case.unit else None,
        "told_by": CHANNELS,
        "today": clock.local_day(now(), current_site().zone).isoformat(),
        "may_leave": residents.of_home(store(), case.unit, whole=False) if leaves and case.unit else (),
    }
