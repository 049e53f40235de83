"""收费通知与催缴 at the desk: who owes what, the page of a home, calls, notices. By POST: a home is in no address."""

import secrets
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from desk import forms, lists
from desk.session import actor
from reception import custody_fees, estate, events, fee_calls, fee_lists, fee_papers, fees, residents
from reception.estate import Unit
from reception.permissions import permit
from reception.rules import clock
from web.app import now, store
from web.languages import current_site

views = Blueprint("fees", __name__)


@views.get("/fees")
def page() -> ResponseReturnValue:
    """Show the homes that are to be called, that are late, or that are asked anything."""
    permit(actor(), "see_fees")
    asked = {"show": request.args.get("show", ""), "building": request.args.get("building", "")}
    found = fee_lists.listed(
        store(), **asked, page=max(1, request.args.get("page", 1, type=int)), by=actor(), now=now()
    )
    return render_template(
        "fees.html",
        found=found,
        shows=fee_lists.SHOWS,
        buildings=estate.buildings(store()),
        days=current_site().fee_call_days,
        most=fee_papers.MOST_SHEETS,
        site=current_site(),
    )


@views.post("/fees/export")
def export() -> ResponseReturnValue:
    """Answer the list as a spreadsheet, masked as the screen shows it: the list of whom to call."""
    permit(actor(), "export_fees")
    asked = forms.fields("show", "building")
    found = fee_lists.listed(store(), **asked, page=0, by=actor(), now=now())
    rows = fee_lists.rows(store(), found)
    return lists.workbook("fees", _("Fees to pay"), fee_lists.columns(), rows, filters=asked, act="export_fees")


@views.post("/fees/home")
def look_up() -> ResponseReturnValue:
    """Show what a home is asked to pay."""
    return _answer(fees.look_up(store(), **forms.fields("unit"), by=actor()))


@views.post("/fees/paid")
def paid() -> ResponseReturnValue:
    """Lines were paid, where money is taken."""
    return _answer(fees.pay(store(), **_chosen(), by=actor(), now=now()))


@views.post("/fees/withdrawn")
def withdrawn() -> ResponseReturnValue:
    """Nobody owes these lines."""
    reason = request.form.get("reason", "")
    return _answer(fees.withdraw(store(), **_chosen(), reason=reason, by=actor(), now=now()))


@views.post("/fees/back")
def back() -> ResponseReturnValue:
    """A line was noted as paid, or withdrawn, by mistake."""
    return _answer(fees.take_back(store(), **forms.fields("unit", "mark"), by=actor(), now=now()))


@views.post("/fees/call")
def call() -> ResponseReturnValue:
    """Take the call to a home: telephones are shown whole, and that is written down."""
    return _answer(fee_calls.take(store(), **forms.fields("unit"), by=actor(), now=now()))


@views.post("/fees/called")
def called() -> ResponseReturnValue:
    """Note what came of the call."""
    return _answer(fee_calls.note(store(), **forms.fields("unit", "outcome", "note"), by=actor(), now=now()))


@views.post("/fees/not-called")
def not_called() -> ResponseReturnValue:
    """The call was not made after all."""
    return _answer(fee_calls.let_go(store(), **forms.fields("unit"), by=actor(), now=now()))


@views.post("/fees/slip")
def slip() -> ResponseReturnValue:
    """Print the slip of a home, masked."""
    home = fee_papers.print_slip(store(), **forms.fields("unit", "nonce"), by=actor(), now=now())
    return _answer(home, printed=True)


@views.post("/fees/sheets")
def sheets() -> ResponseReturnValue:
    """Answer the sheets (收费通知单) of a home, or of all homes of the list, to be printed."""
    made = fee_papers.sheets(store(), **forms.fields("unit", "show", "building"), by=actor(), now=now())
    site = current_site()
    return render_template(
        "fee_sheets.html",
        sheets=made,
        site=site,
        pay_at=fee_papers.pay_at(site),
        printed_at=clock.to_text(events.moment(store(), now())),
        unit=request.form.get("unit", ""),
    )


@views.post("/fees/sheets/printed")
def sheets_printed() -> ResponseReturnValue:
    """Write down that these sheets are printed now; the browser prints once this was answered."""
    fee_papers.sheets_printed(store(), units=request.form.getlist("sheet"), by=actor(), now=now())
    return "", 204


def _chosen() -> dict[str, Any]:
    return {"unit": request.form.get("unit", ""), "marks": request.form.getlist("fee")}


def _answer(home: Unit, *, printed: bool = False) -> ResponseReturnValue:
    """Answer the fees of a home as they stand now: the part to htmx, else the page."""
    held = fee_calls.held(store(), home.id, by=actor(), now=now())
    calls, today = fee_calls.of_home(store(), home.id), fees.today(store(), now())
    part, lines = request.headers.get("HX-Request") == "true", fees.open_of(store(), home.id, now=now())
    return render_template(
        "_fee_home.html" if part else "fee_home.html",
        home=home,
        open=lines,
        in_custody=custody_fees.of_home(store(), home.id, lines, today=today),
        settled=fees.settled_of(store(), home.id, now=now()),
        residents=residents.of_home(store(), home, whole=held),
        held=held,
        unnoted=fee_calls.unnoted(store(), home.id, by=actor()),
        called_today=any(one.called_on == today for one in calls) and not held,
        calls=calls,
        outcomes=fee_calls.OUTCOMES,
        printed=printed,
        nonce=secrets.token_urlsafe(16),
        site=current_site(),
    )
