"""Setting up printers: add, change, probe, test, say what came out; which papers go where, and the rules of paper."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from db import paper_care, printers
from db.printers import Printer
from desk import forms
from desk.session import actor
from reception import devices
from reception.permissions import permit
from web.app import now, store
from web.languages import current_site

views = Blueprint("printers", __name__)

FIELDS = (
    "label",
    "address",
    "fallback",
    "fallback_after",
    *devices.FLAGS,
    *devices.CHOICES,
    "dpi",
    "columns",
    "width_dots",
)


@views.get("/printers/setup")
def setup() -> ResponseReturnValue:
    """Show which papers go where, the rules of paper, and the form for a new printer."""
    permit(actor(), "manage_printers")
    return render_template(
        "printers_setup.html",
        site=current_site(),
        printers=printers.printers(store()),
        routed=devices.ROUTED,
        routes=printers.routes(store()),
    )


@views.post("/printers/setup")
def add() -> ResponseReturnValue:
    """Add a printer, and find out at once what it answers."""
    name = request.form.get("name", "")
    properties = {key: request.form[key] for key in ("label", "address") if key in request.form}
    devices.add(store(), name=name, properties=properties, by=actor(), now=now())
    return forms.lead_to(f"/printer/{name}")


@views.post("/printers/routes")
def route() -> ResponseReturnValue:
    """Send a kind of paper to a printer."""
    form = request.form
    devices.route(store(), kind=form.get("kind", ""), printer=form.get("printer", ""), by=actor(), now=now())
    return forms.lead_to("/printers/setup?saved=1")


@views.post("/printers/rules")
def rules() -> ResponseReturnValue:
    """Set the rules of paper."""
    devices.set_rules(store(), rules=request.form.to_dict(), by=actor(), now=now())
    return forms.lead_to("/printers/setup?saved=1")


@views.post("/printers/setup-slip")
def setup_slip() -> ResponseReturnValue:
    """Print the slip that says where everything is."""
    devices.setup_slip(store(), by=actor(), now=now())
    return forms.lead_to("/printers")


@views.get("/printer/<name>")
def page(name: str) -> ResponseReturnValue:
    """Show one printer: its properties, the self-test, and the questions about it."""
    permit(actor(), "manage_printers")
    return render_template("printer.html", site=current_site(), **_facts(devices.find(store(), name)))


@views.get("/printer/<name>/test")
def test_state(name: str) -> ResponseReturnValue:
    """Answer how the probe and the self-test stand, for the live screen."""
    permit(actor(), "manage_printers")
    return render_template("_printer_test.html", **_facts(devices.find(store(), name)))


@views.post("/printer/<name>")
def change(name: str) -> ResponseReturnValue:
    """Change the properties that the form names."""
    devices.find(store(), name)
    properties = {key: request.form[key] for key in FIELDS if key in request.form}
    devices.save(store(), name=name, properties=properties, by=actor(), now=now())
    return forms.lead_to(f"/printer/{name}?saved=1")


@views.post("/printer/<name>/test")
def test(name: str) -> ResponseReturnValue:
    """Probe the printer and print the long self-test."""
    devices.probe_and_test(store(), name=name, by=actor(), now=now())
    return forms.lead_to(f"/printer/{name}")


@views.post("/printer/<name>/came-out")
def came_out(name: str) -> ResponseReturnValue:
    """Set the printer by what somebody saw on its self-test."""
    devices.find(store(), name)
    devices.what_came_out(store(), name=name, answers=request.form.to_dict(), by=actor(), now=now())
    return forms.lead_to(f"/printer/{name}?saved=1")


@views.post("/printer/<name>/retire")
def retire(name: str) -> ResponseReturnValue:
    """Take the printer out of service."""
    devices.retire(store(), name=name, by=actor(), now=now())
    return forms.lead_to("/printers/setup?saved=1")


def _facts(printer: Printer) -> dict[str, object]:
    return {
        "printer": printer,
        "fallbacks": [(other.name, other.label) for other in printers.printers(store()) if other.name != printer.name],
        "last_test": paper_care.newest_part(store(), "printer_test", printer.name),
        "choices": devices.CHOICES,
        "widths": devices.WIDTHS,
    }
