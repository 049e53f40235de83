"""Known faults at the desk: the bar on every screen, declaring, the list of homes, restoring, telling them."""

import secrets
from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from desk import fault_page, forms, lists, reveals
from desk.session import actor
from reception import (
    estate,
    events,
    fault_cases,
    fault_ends,
    fault_lists,
    fault_promises,
    fault_records,
    known_faults,
)
from reception.fault_records import Fault
from reception.permissions import may, permit
from reception.refusal import Refused
from web.app import now, store
from web.languages import current_site
from web.refusals import sentence
from web.statuses import STATUS

views = Blueprint("known_faults", __name__)
# Where the hint stands: in the form of a page, or in the window of a call over it.
HINT_PLACES = {"fault-hint", "call-fault-hint"}

ACTS = {
    "declare_fault": _l("declared"),
    "update_fault": _l("another time promised"),
    "join_fault": _l("home added"),
    "attach_fault_case": _l("repair added"),
    "detach_fault_case": _l("repair taken out"),
    "restore_fault": _l("restored"),
    "withdraw_fault": _l("withdrawn"),
    "tell_household": _l("home told"),
    "miss_household": _l("home not reached"),
    "untell_household": _l("home to tell again: noted by mistake"),
    "hold_fault": _l("taken over"),
    "reveal_fault": _l("names and phones shown"),
    "close_fault": _l("fault closed"),
    "tell_promise": _l("home told another time"),
    "reprint": _l("paper printed again"),
}


@views.app_template_filter()
def fault_act_words(what: str) -> str:
    """Return an act of a fault's history in the reader's language."""
    return str(ACTS.get(what, what))


@views.app_context_processor
def _known() -> dict[str, Any]:
    return {"known": known}


def known() -> dict[str, Any]:
    """Return what the bar of every desk tells: the open faults, and those whose homes are not all told."""
    found = fault_records.unclosed(store()) if may(actor(), "see_faults") else []
    return {
        "open": [fault for fault in found if fault.state == "open"],
        "to_tell": [fault for fault in found if fault.state != "open"],
        "moment": events.moment(store(), now()) if found else None,
        "zone": current_site().zone,
    }


@views.get("/faults")
def page() -> ResponseReturnValue:
    """Show the faults, and the form that declares one."""
    permit(actor(), "see_faults")
    return render_template(
        "faults.html",
        site=current_site(),
        causes=fault_records.CAUSES,
        areas=fault_records.AREAS,
        buildings=estate.buildings(store()),
        nonce=secrets.token_urlsafe(16),
        closed=fault_records.closed(store()),
    )


@views.get("/faults/list")
def listing() -> ResponseReturnValue:
    """Answer the list alone, for the live screen."""
    permit(actor(), "see_faults")
    return render_template("_fault_list.html", closed=fault_records.closed(store()))


@views.post("/faults/export")
def export() -> ResponseReturnValue:
    """Answer the faults of the list as a spreadsheet."""
    permit(actor(), "export_lists")
    faults = fault_records.unclosed(store()) + fault_records.closed(store())
    rows = fault_lists.fault_rows(store(), faults)
    return lists.workbook("faults", _("Known faults"), fault_lists.fault_columns(), rows)


@views.post("/faults/<fault_id>/export")
def export_homes(fault_id: str) -> ResponseReturnValue:
    """Answer the homes of a fault as a spreadsheet, as the screen shows them to this reader."""
    permit(actor(), "export_lists")
    fault = fault_records.find(store(), fault_id)
    rows = fault_lists.home_rows(store(), fault_records.households(store(), fault, by=actor()))
    filters = {"fault": fault.no}
    return lists.workbook("fault_homes", fault.no, fault_lists.home_columns(), rows, filters=filters)


@views.get("/faults/bar")
def bar() -> ResponseReturnValue:
    """Answer the bar that stands on every desk."""
    permit(actor(), "see_faults")
    return render_template("_faults.html")


@views.post("/faults")
def declare() -> ResponseReturnValue:
    """Declare a fault."""
    names = ("nonce", "area", "cause", "what", "what_en", "building", "unit", "expected_at", "case_no")
    fault = known_faults.declare(store(), **forms.fields(*names), by=actor(), now=now())
    return forms.lead_to(f"/faults/{fault.id}")


@views.get("/faults/<fault_id>")
def one(fault_id: str) -> ResponseReturnValue:
    """Show one fault: its homes whole to whoever holds it, masked to everybody else."""
    permit(actor(), "see_faults")
    return fault_page.page(fault_records.find(store(), fault_id))


@views.get("/faults/<fault_id>/state")
def state(fault_id: str) -> ResponseReturnValue:
    """Answer how it stands, for the live screen."""
    permit(actor(), "see_faults")
    return fault_page.state(fault_records.find(store(), fault_id))


@views.post("/faults/<fault_id>/households")
def add(fault_id: str) -> ResponseReturnValue:
    """Put a home on the list, from the page of the fault: one line a home, the next one at once."""
    joined = _join(fault_id, request.form.get("nonce", ""))
    if request.headers.get("HX-Request") != "true":
        return redirect(f"/faults/{joined.fault.id}", 303)
    return render_template("_fault_add.html", fault=joined.fault, joined=joined, home=request.form.get("unit", ""))


@views.post("/faults/<fault_id>/join")
def join(fault_id: str) -> ResponseReturnValue:
    """Put a home on the list, from the bar of any screen; what is wrong is said in the bar."""
    said = {"said": fault_records.number(fault_id), "home": request.form.get("unit", "")}
    try:
        joined = _join(fault_id, request.form.get("nonce", ""))
    except Refused as refused:
        if request.headers.get("HX-Request") != "true" or refused.code == "not_permitted":
            raise
        answer = render_template("_faults.html", **said, refused=refused.code, sentence=sentence(refused.code))
        return answer, STATUS.get(refused.code, 422)
    if request.headers.get("HX-Request") != "true":
        return redirect(f"/faults/{joined.fault.id}", 303)
    return render_template("_faults.html", **said, joined=joined)


@views.post("/faults/hint")
def hint() -> ResponseReturnValue:
    """Answer the known faults of a home that somebody registers a repair for. By POST: a home stands in no address."""
    permit(actor(), "join_fault")
    return _hint(request.form.get("unit", ""))


@views.post("/faults/<fault_id>/instead")
def instead(fault_id: str) -> ResponseReturnValue:
    """Put the home of the repair form on the list instead of opening a repair."""
    joined = _join(fault_id, request.form.get("join_nonce", ""))
    if request.headers.get("HX-Request") != "true":
        return redirect(f"/faults/{joined.fault.id}", 303)
    return render_template("_fault_hint.html", hints=[], joined=joined, hint_place=_hint_place())


def _join(fault_id: str, nonce: str) -> known_faults.Joined:
    fields = forms.fields("unit", "phone")
    return known_faults.add_household(store(), nonce=nonce, fault_id=fault_id, **fields, by=actor(), now=now())


def _hint(text: str) -> str:
    """Return the hint for a home as typed: nothing while it is no home of ours yet."""
    try:
        found = known_faults.affecting(store(), estate.find_unit(store(), text.strip()))
    except Refused:
        found = []
    return render_template("_fault_hint.html", hints=found, joined=None, hint_place=_hint_place())


def _hint_place() -> str:
    asked = request.headers.get("HX-Target", "")
    return asked if asked in HINT_PLACES else "fault-hint"


@views.post("/faults/<fault_id>/expected")
def expected(fault_id: str) -> ResponseReturnValue:
    """Promise another time."""
    fields = forms.fields("expected_at", "reason")
    fault = known_faults.update(store(), fault_id=fault_id, **fields, by=actor(), now=now())
    return forms.lead_to(f"/faults/{fault.id}")


@views.post("/faults/<fault_id>/attach")
def attach(fault_id: str) -> ResponseReturnValue:
    """Note that a repair is this same fault."""
    case_no = request.form.get("case_no", "")
    fault = known_faults.attach_case(store(), fault_id=fault_id, case_no=case_no, by=actor(), now=now())
    return forms.lead_to(f"/faults/{fault.id}")


@views.post("/faults/<fault_id>/detach")
def detach(fault_id: str) -> ResponseReturnValue:
    """Take a repair out that is something else, and show it."""
    case_no = request.form.get("case_no", "")
    case = fault_cases.detach(store(), fault_id=fault_id, case_no=case_no, by=actor(), now=now())
    return forms.lead_to(f"/cases/{case.no}")


@views.post("/faults/<fault_id>/restore")
def restore(fault_id: str) -> ResponseReturnValue:
    """It is over: the notice and the list of homes to tell."""
    fault = fault_ends.restore(store(), fault_id=fault_id, text=request.form.get("text", ""), by=actor(), now=now())
    return forms.lead_to(f"/faults/{fault.id}")


@views.post("/faults/<fault_id>/withdraw")
def withdraw(fault_id: str) -> ResponseReturnValue:
    """It was declared by mistake."""
    reason = request.form.get("reason", "")
    fault = fault_ends.withdraw(store(), fault_id=fault_id, reason=reason, by=actor(), now=now())
    return forms.lead_to(f"/faults/{fault.id}")


@views.post("/faults/<fault_id>/told/<household_id>")
def told(fault_id: str, household_id: str) -> ResponseReturnValue:
    """A home was told, or not reached."""
    act = fault_ends.not_reached if request.form.get("reached") == "0" else fault_ends.told
    channel = request.form.get("channel", "")
    fault = act(store(), fault_id=fault_id, household_id=household_id, channel=channel, by=actor(), now=now())
    return _shown(fault)


@views.post("/faults/<fault_id>/untold/<household_id>")
def untold(fault_id: str, household_id: str) -> ResponseReturnValue:
    """A home was noted as told, or as not reached, by mistake."""
    noted_at, by = request.form.get("noted_at", ""), actor()
    fault = fault_ends.untell(
        store(), fault_id=fault_id, household_id=household_id, noted_at=noted_at, by=by, now=now()
    )
    return _shown(fault)


@views.post("/faults/<fault_id>/tell")
def tell(fault_id: str) -> ResponseReturnValue:
    """Several homes were told at once: that it is over or, as the form says, the time that is promised now."""
    act = fault_promises.told if request.form.get("about") == "promise" else fault_ends.told_many
    fault = act(
        store(),
        fault_id=fault_id,
        household_ids=request.form.getlist("home"),
        **forms.fields("entrance", "channel"),
        by=actor(),
        now=now(),
    )
    return _shown(fault)


@views.post("/faults/<fault_id>/hold")
def hold(fault_id: str) -> ResponseReturnValue:
    """Go on telling the homes in a colleague's place."""
    fault = known_faults.take_over(store(), fault_id=fault_id, by=actor(), now=now())
    return redirect(f"/faults/{fault.id}", 303)


@views.post("/faults/<fault_id>/reveal")
def reveal(fault_id: str) -> ResponseReturnValue:
    """Show the homes whole, once; the look stands in the history."""
    return fault_page.page(
        known_faults.reveal(store(), fault_id=fault_id, why=reveals.reason(), by=actor(), now=now()), whole=True
    )


def _shown(fault: Fault) -> ResponseReturnValue:
    """Show a fault after an act: in place, or as its page."""
    in_place = request.headers.get("HX-Request") == "true"
    return fault_page.state(fault) if in_place else redirect(f"/faults/{fault.id}", 303)
