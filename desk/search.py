"""One search for anything of ours. By POST: what is typed must not stand in an address."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from db import paper_care
from desk import lists
from desk.kinds import KINDS
from desk.session import actor
from reception import case_lists, case_search, tickets, visit_ends
from reception.case_lists import Entry
from reception.permissions import permit
from web.app import now, store

views = Blueprint("search", __name__)


@views.post("/search")
def search() -> ResponseReturnValue:
    """List what was found; what is the only one is opened."""
    query = request.form.get("query", "")
    found = case_search.search(store(), query, by=actor(), now=now())
    if found.only_case is not None:
        return redirect(f"/cases/{found.only_case.no}", 303)
    if found.fault is not None and not found.cases:
        return redirect(f"/faults/{found.fault.id}", 303)
    ticket = found.ticket
    return render_template(
        "search.html",
        kinds=KINDS,
        query=query,
        found=found,
        entries=_entries(found),
        ticket=ticket,
        left_with=visit_ends.of_visit(store(), ticket.visit_id) if ticket else None,
        ticket_paper=paper_care.newest(store(), tickets.ref(ticket.id), "ticket", "") if ticket else None,
        **lists.shared(),
    )


@views.post("/search/export")
def export() -> ResponseReturnValue:
    """Answer the cases that were found as a spreadsheet; the history says by what was searched, never for whom."""
    permit(actor(), "export_lists")
    found = case_search.search(store(), request.form.get("query", ""), by=actor(), now=now())
    rows = case_lists.rows(store(), _entries(found))
    return lists.workbook("search", _("Found"), case_lists.columns(), rows, filters={"by": found.by})


def _entries(found: case_search.Found) -> list[Entry]:
    return case_lists.entries(store(), [case.id for case in found.cases], by=actor(), now=now())
