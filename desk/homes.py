"""业主档案: the file of a home. By POST: a home must not stand in an address."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from desk import forms, lists, residents, reveals
from desk.kinds import KINDS
from desk.session import actor
from reception import home_dates, home_files
from reception.home_files import HomeFile
from reception.permissions import permit
from web.app import now, store

views = Blueprint("homes", __name__)


@views.get("/homes")
def page() -> ResponseReturnValue:
    """Ask which home."""
    permit(actor(), "see_home")
    return _page(None)


@views.post("/homes")
def look_up() -> ResponseReturnValue:
    """Show the file of a home; that it was looked at is written down."""
    return _page(home_files.look_up(store(), request.form.get("unit", ""), by=actor(), now=now()))


@views.post("/homes/reveal")
def reveal() -> ResponseReturnValue:
    """Show its residents whole; the look is written down."""
    return _page(home_files.reveal(store(), request.form.get("unit", ""), why=reveals.reason(), by=actor(), now=now()))


@views.post("/homes/dates")
def change_dates() -> ResponseReturnValue:
    """Change the dates of a home, and answer the part of its file that shows them."""
    form = forms.fields("unit", "completion_on", "handover_on", "contract_end_on", "reason", "seal")
    home = home_dates.change(store(), **form, by=actor(), now=now())
    if request.headers.get("HX-Request") == "true":
        return render_template("_home_dates.html", home=home, dates=home_dates.of_home(store(), home.id))
    return _page(home_files.look_up(store(), home.label, by=actor(), now=now()))


@views.post("/homes/export")
def export() -> ResponseReturnValue:
    """Answer the file of a home as a spreadsheet, masked; the look and the export are both written down."""
    permit(actor(), "export_lists")
    file = home_files.look_up(store(), request.form.get("unit", ""), by=actor(), now=now())
    filters = {"home": str(file.unit.id)}
    return lists.workbook("home", _("Home file"), home_files.columns(), home_files.rows(store(), file), filters=filters)


def _page(file: HomeFile | None) -> ResponseReturnValue:
    about = residents.facts(file.unit, whole=file.whole) if file else {}
    return render_template("homes.html", kinds=KINDS, file=file, **about, **lists.shared())
