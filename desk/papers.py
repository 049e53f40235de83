"""Papers and printers as staff see them: what waits, what needs somebody, and what came out; 补打, void, move."""

import secrets
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from db import paper_care, printers
from desk.session import actor
from reception import devices, order_editions, order_parts, reprints, sealed_papers, self_tests, spooling
from reception.papers import HandoverSlip, ReleaseSlip, WorkOrder
from reception.permissions import may, permit
from reception.site import Site
from reception.tickets import Ticket
from web.app import now, store
from web.languages import current_site

views = Blueprint("papers", __name__)

NAMES = {
    "ticket": _l("ticket"),
    "repair_receipt": _l("repair receipt"),
    "result_slip": _l("result slip"),
    "work_order": _l("work order"),
    "payment_receipt": _l("payment receipt"),
    "complaint_receipt": _l("complaint receipt"),
    "private_receipt": _l("neutral receipt"),
    "visit_day_slip": _l("booking slip"),
    "decision_slip": _l("slip of decisions"),
    "appointment_slip": _l("appointment slip"),
    "handover_slip": _l("receipt record"),
    "inquiry_note": _l("inquiry note"),
    "materials_slip": _l("list of what to bring"),
    "release_slip": _l("goods pass"),
    "fee_notice": _l("fee notice"),
    "emergency_slip": _l("emergency slip"),
    "fault_list": _l("list of homes to tell"),
    "supervision_slip": _l("supervision slip"),
    "reception_slip": _l("slip for a reception"),
    "self_test": _l("self-test"),
    "setup_slip": _l("set-up slip"),
    "hand_slip": _l("slip for a hand-written number"),
    "work_log": _l("work log"),
    "evacuation_roll": _l("roll for an evacuation"),
    "day_agenda": _l("visit-day agenda"),
    "power_cut_card": _l("power-cut card"),
    "at_desk": _l("what is asked for at the desk"),
}
PARTS = {
    "worker": _l("worker's copy"),
    "owner": _l("owner's copy"),
    "bringer": _l("for the bringer"),
    "item": _l("with the item"),
    "holder": _l("for the applicant"),
    "gate": _l("for the gate"),
}


@views.app_template_filter()
def paper_name(entry: paper_care.Entry) -> str:
    """Return what a paper is in the reader's language: `work order (worker's copy)`."""
    name = str(NAMES.get(entry.kind, entry.kind))
    if entry.kind in {HandoverSlip.KIND, ReleaseSlip.KIND}:
        return f"{name} ({PARTS[entry.part]})"
    if entry.kind != WorkOrder.KIND:
        return name
    part = order_parts.of_part(entry.part)
    edition = _("edition %(no)s", no=part.edition) if part.edition > 1 else ""
    return f"{name} ({PARTS[part.copy]}) {edition}".strip()


@views.app_template_filter()
def paper_no(entry: paper_care.Entry, numbers: dict[str, str]) -> str:
    """Return the number that stands on a paper: a work order has its own, others that of what they are about."""
    if entry.kind in {"payment_receipt", "supervision_slip"}:
        return entry.part
    if entry.kind == WorkOrder.KIND:
        return order_parts.of_part(entry.part).order_no
    return numbers.get(entry.ref, "")


@views.app_template_filter()
def kind_name(kind: str) -> str:
    """Return a kind of paper in the reader's language."""
    return str(NAMES[kind])


@views.app_context_processor
def _trouble() -> dict[str, Any]:
    return {"trouble": trouble, "nonce_of": lambda: secrets.token_urlsafe(16)}


def trouble() -> dict[str, Any] | None:
    """Return what every desk must see of the printers, or None for those who do not look after them."""
    if not may(actor(), "see_printers"):
        return None
    every = printers.printers(store())
    used = devices.in_use(store(), every)
    bad = [printer for printer in every if printer.in_trouble and printer.name in used]
    at_kiosk = spooling.ticket_printer(store(), current_site())
    return {
        "bad": bad,
        "low": [printer for printer in every if printer.served and printer.state == "paper_low"],
        "tickets": _known(reprints.tickets_without_paper(store())) if at_kiosk in bad else [],
        "elsewhere": _elsewhere() if at_kiosk and at_kiosk.fallback else {},
        "labels": {printer.name: printer.label for printer in every},
    }


def _known(found: list[Ticket]) -> list[Ticket]:
    return sealed_papers.known_tickets(found, by=actor())


def _elsewhere() -> dict[str, list[Ticket]]:
    found = {printer: _known(those) for printer, those in reprints.tickets_elsewhere(store()).items()}
    return {printer: those for printer, those in found.items() if those}


@views.get("/printers")
def page() -> ResponseReturnValue:
    """Show every printer, the papers that need somebody, those that wait, and those that came out."""
    return render_template("printers.html", **_facts())


@views.get("/printers/state")
def state() -> ResponseReturnValue:
    """Answer the same as a fragment, for the live screen."""
    return render_template("_printers.html", **_facts())


@views.get("/printers/trouble")
def trouble_bar() -> ResponseReturnValue:
    """Answer the bar of trouble that stands on every desk."""
    permit(actor(), "see_printers")
    return render_template("_trouble.html")


@views.get("/printers/roll")
def roll() -> ResponseReturnValue:
    """Show how to change the roll of paper."""
    permit(actor(), "see_printers")
    return render_template("roll.html")


def _facts() -> dict[str, Any]:
    held, doubtful, waiting, recent = sealed_papers.at_printers(store(), by=actor())
    every, site = printers.printers(store()), current_site()
    return {
        "site": site,
        "printers": every,
        "labels": printers.labels(store()),
        "papers_of": _papers_of(site),
        "counts": {printer.name: sealed_papers.unsettled(store(), printer.name, by=actor()) for printer in every},
        "to_do": held + doubtful,
        "waiting": waiting,
        "waiting_count": sealed_papers.unsettled(store(), by=actor()),
        "troubled": {printer.name for printer in every if printer.in_trouble},
        "recent": recent,
        "reprintable": _reprintable(held + doubtful + recent),
        "numbers": reprints.numbers(store(), [entry.ref for entry in held + doubtful + waiting + recent]),
        "nonce": secrets.token_urlsafe(16),
        "self_test": self_tests.latest(store(), now()),
    }


def _reprintable(found: list[paper_care.Entry]) -> set[int]:
    """Return what may be printed again: never a copy that a later edition replaced, or is to replace."""
    return reprints.reprintable(store(), found) - order_editions.old(store(), found).keys()


def _papers_of(site: Site) -> dict[str, list[str]]:
    """Return printer -> the names of the papers that go there; the front printer gets the rest."""
    routes = printers.routes(store())
    found: dict[str, list[str]] = {site.front_printer: [_("everything else") if routes else _("every paper")]}
    for kind, printer in routes.items():
        found.setdefault(printer, []).insert(0, str(NAMES.get(kind, kind)))
    return found


@views.post("/papers/<job_id>/reprint")
def reprint(job_id: str) -> ResponseReturnValue:
    """Print a paper again, marked 补打 n (COPY n)."""
    reprints.reprint(
        store(),
        job_id=job_id,
        nonce=request.form.get("nonce", ""),
        printer=request.form.get("printer", ""),
        by=actor(),
        now=now(),
    )
    return _done()


@views.post("/papers/<job_id>/void")
def void(job_id: str) -> ResponseReturnValue:
    """Declare a paper void that did not come out."""
    reprints.void(store(), job_id=job_id, by=actor(), now=now())
    return _done()


@views.post("/papers/<job_id>/came-out")
def came_out(job_id: str) -> ResponseReturnValue:
    """Note that somebody saw a doubtful paper."""
    reprints.came_out(store(), job_id=job_id, by=actor(), now=now())
    return _done()


@views.post("/papers/<job_id>/give-up")
def give_up(job_id: str) -> ResponseReturnValue:
    """Wait no longer for a printer in trouble that has a paper in its hands."""
    reprints.give_up(store(), job_id=job_id, by=actor(), now=now())
    return _done()


@views.post("/papers/<job_id>/move")
def move(job_id: str) -> ResponseReturnValue:
    """Give a waiting paper to another printer."""
    reprints.move(store(), job_id=job_id, printer=request.form.get("printer", ""), by=actor(), now=now())
    return _done()


@views.post("/printer/<name>/move-all")
def move_all(name: str) -> ResponseReturnValue:
    """Give everything that waits for one printer to another."""
    reprints.move_all(store(), source=name, printer=request.form.get("printer", ""), by=actor(), now=now())
    return _done()


def _done() -> ResponseReturnValue:
    """Show the list anew where the press came from it; lead back to the case, or to the list."""
    if request.headers.get("HX-Request") != "true":
        case = request.form.get("case")
        return redirect(url_for("cases.page", no=case) if case else url_for("papers.page"), 303)
    if request.headers.get("HX-Target") == "printers":
        return render_template("_printers.html", **_facts())
    return "", 204
